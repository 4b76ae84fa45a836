using System.CommandLine;
using TlsFront.Configuration;
using TlsFront.Listeners;

namespace TlsFront.Cli;

/// <summary><c>tlsfront run</c>, and <c>tlsfront</c> alone: the gateway, until it is told to stop.</summary>
internal static class RunCommand
{
    public static Command Create(ConfigurationOptions options)
    {
        var command = new Command("run", "Run the gateway; what tlsfront does when no command is given.");
        AddTo(command, options);
        return command;
    }

    /// <summary>Makes <paramref name="command"/> run the gateway.</summary>
    public static void AddTo(Command command, ConfigurationOptions options)
    {
        options.AddRunTo(command);
        command.SetAction((parsed, stop) => RunAsync(options.Loader(parsed), parsed.InvocationConfiguration.Error, stop));
    }

    private static async Task<int> RunAsync(SettingsLoader loader, TextWriter error, CancellationToken stop)
    {
        var (settings, problems) = loader.Load();
        ProblemReport.Write(error, problems);
        if (settings is null)
        {
            await error.WriteLineAsync($"tlsfront: not started, {ProblemReport.Count(problems)}");
            return ExitCode.Failure;
        }

        try
        {
            await using var gateway = GatewayHost.Build(new SettingsStore(settings), loader);
            await gateway.RunAsync(stop);
            return ExitCode.Success;
        }
        catch (GatewayStartException exception)
        {
            await error.WriteLineAsync($"tlsfront: not started: {exception.Message}");
            return ExitCode.Failure;
        }
    }
}
