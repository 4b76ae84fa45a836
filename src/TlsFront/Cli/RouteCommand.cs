using System.CommandLine;
using System.Text;
using TlsFront.Tls.Hello;

namespace TlsFront.Cli;

/// <summary><c>tlsfront route explain</c>: which backend a user would get, and which line says so, by the files as they are now.</summary>
internal sealed class RouteCommand
{
    private readonly ConfigurationOptions _options;

    private readonly Option<string?> _user = new("--user") { Description = "The user, as at login", HelpName = "USER" };

    private readonly Option<string?> _listener = new("--listener") { Description = "The listener's name", HelpName = "NAME" };

    private readonly Option<string?> _serverName = new("--name")
    {
        Description = "The server name that the client asks for; none if absent",
        HelpName = "SNI",
    };

    private readonly Option<string?> _expectations = new("--expect")
    {
        Description = "Compare with a file instead, each line: user listener backend, or user listener backend:destination",
        HelpName = "FILE",
    };

    private RouteCommand(ConfigurationOptions options)
    {
        _options = options;
        _serverName.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && Normalize(token.Value) is null)
            {
                result.AddError($"--name needs a host name, such as imap.example.org, and not '{token.Value}'.");
            }
        });
    }

    public static Command Create(ConfigurationOptions options)
    {
        var command = new Command("route", "Explain which backend users get.");
        command.Subcommands.Add(new RouteCommand(options).CreateExplain());
        return command;
    }

    /// <summary>A server name as typed; null if it is none.</summary>
    public static string? Normalize(string name) => ServerName.Normalize(Encoding.UTF8.GetBytes(name));

    private Command CreateExplain()
    {
        var command = new Command("explain", "Say which backend a user would get and which line of the files says so. Reads files and nothing else.");
        _options.AddTo(command);
        command.Options.Add(_user);
        command.Options.Add(_listener);
        command.Options.Add(_serverName);
        command.Options.Add(_expectations);
        command.Validators.Add(result =>
        {
            var (user, listener) = (result.GetValue(_user), result.GetValue(_listener));
            var isOne = !string.IsNullOrEmpty(user) && !string.IsNullOrEmpty(listener);
            var isNone = user is null && listener is null;
            if (result.GetValue(_expectations) is null ? !isOne : !isNone)
            {
                result.AddError("route explain needs --user and --listener, or --expect alone.");
            }
        });
        command.SetAction(parsed => Explain(parsed, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private int Explain(ParseResult parsed, TextWriter output, TextWriter error)
    {
        var loader = _options.Loader(parsed);
        var result = loader.Load();
        if (result.Settings is not { } settings)
        {
            ProblemReport.Write(error, result.Problems);
            return ExitCode.Failure;
        }

        var decisions = new RouteDecisions(settings, result.Listeners, loader.UserMaps);
        var serverName = parsed.GetValue(_serverName) is { } name ? Normalize(name) : null;
        if (parsed.GetValue(_expectations) is { } table)
        {
            return new RouteExpectations(decisions, serverName).Compare(table, output, error);
        }

        var (user, listener) = (parsed.GetRequiredValue(_user)!, parsed.GetRequiredValue(_listener)!);
        if (decisions.Find(listener, user, serverName) is not { } decision)
        {
            error.WriteLine(decisions.UnknownListener(listener));
            return ExitCode.Unanswered;
        }

        output.WriteLine($"{user} on {listener}{(serverName is null ? "" : $" as {serverName}")}");
        output.WriteLine(decision.Backend == RouteDecision.Asked
            ? "  backend      (lookup): what the service answers when the user logs in; it is not asked now"
            : $"  backend      {decision.Backend}");
        if (decision.Destination is { } destination)
        {
            output.WriteLine($"  destination  {destination}");
        }

        if (decisions.GroupOf(decision.Backend) is { } group)
        {
            output.WriteLine($"  group        {group}");
        }

        output.WriteLine($"  by           {decision.Line()}");
        return ExitCode.Success;
    }
}
