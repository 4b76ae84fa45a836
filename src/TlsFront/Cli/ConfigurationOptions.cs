using System.CommandLine;
using TlsFront.Configuration;
using TlsFront.Configuration.Schema;

namespace TlsFront.Cli;

/// <summary>The options of every command that reads the configuration, and what they mean together with the environment.</summary>
/// <param name="environment">Environment variables of the process.</param>
internal sealed class ConfigurationOptions(IReadOnlyDictionary<string, string> environment)
{
    /// <summary>Variable with the path of the file.</summary>
    public const string FileVariable = "TLSFRONT_CONFIG";

    /// <summary>Where the file is unless option or variable say otherwise.</summary>
    public const string DefaultFile = "/etc/tlsfront/tlsfront.yaml";

    private readonly Option<string> _file = new("--config", "-c")
    {
        Description = $"Configuration file; else {FileVariable}, else {DefaultFile}",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _set = CreateSet();

    private readonly Option<string> _engine = CreateEngine();

    /// <summary>Gives <paramref name="command"/> these options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_file);
        command.Options.Add(_set);
    }

    /// <summary>Gives <paramref name="command"/>, which runs the gateway, these options and the choice of the engine.</summary>
    public void AddRunTo(Command command)
    {
        AddTo(command);
        command.Options.Add(_engine);
    }

    /// <summary>The loader a command line asks for.</summary>
    public SettingsLoader Loader(ParseResult parsed) => new(
        parsed.GetValue(_file) ?? (environment.GetValueOrDefault(FileVariable) is { Length: > 0 } path ? path : DefaultFile),
        SettingOverride.FromEnvironment(environment),
        Arguments(parsed).Select(argument => SettingOverride.FromArgument(argument)!));

    private IEnumerable<string> Arguments(ParseResult parsed) =>
        [
            .. parsed.GetValue(_set) ?? [],
            .. parsed.GetValue(_engine) is { } engine ? [$"{SettingsSchema.Engine.Key}={engine}"] : Array.Empty<string>()
        ];

    private static Option<string> CreateEngine()
    {
        var option = new Option<string>("--engine")
        {
            Description = "What moves the bytes, the same as --set engine=NAME: auto, managed or native",
            HelpName = "NAME",
        };
        option.AcceptOnlyFromAmong("auto", "managed", "native");
        return option;
    }

    private static Option<string[]> CreateSet()
    {
        var option = new Option<string[]>("--set")
        {
            Description = "Override one setting, such as admin.address=127.0.0.1:9191; may be repeated",
            HelpName = "KEY=VALUE",
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => SettingOverride.FromArgument(token.Value) is null))
            {
                result.AddError($"--set needs KEY=VALUE, such as --set admin.address=127.0.0.1:9191, and not '{token.Value}'.");
            }
        });
        return option;
    }
}
