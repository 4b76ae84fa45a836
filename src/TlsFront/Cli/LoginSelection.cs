using System.CommandLine;
using System.CommandLine.Parsing;
using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.Migration;

namespace TlsFront.Cli;

/// <summary>Which logins a command is about, and where they are read: the inventory of the configuration, or the gateway's own log.</summary>
/// <param name="options">The configuration.</param>
/// <param name="time">The clock.</param>
internal sealed class LoginSelection(ConfigurationOptions options, TimeProvider time)
{
    /// <summary>What is said where there is none.</summary>
    public const string NoLogins =
        "no accepted login for this time; widen --since and --until, or give it a log with the lines of TlsFront.AccessLog (log.level: information)";

    private readonly Argument<string[]> _files = new("LOG")
    {
        Description = "Files of the gateway's log, as text or JSON, - for standard input; if absent, the inventory of the configuration",
    };

    private readonly Option<string?> _since = MomentOption.Create("--since", "Only logins at or after this time, or of the last so many days");
    private readonly Option<string?> _until = MomentOption.Create("--until", "Only logins before this time, or more than so many days ago");

    private readonly Option<string?> _transport = new("--transport")
    {
        Description = "Only logins over this transport",
        HelpName = "implicit|starttls|cleartext",
    };

    private readonly Option<string?> _below = new("--below")
    {
        Description = "Only logins with an older TLS version, or in cleartext",
        HelpName = "1.1|1.2|1.3",
    };

    private readonly Option<string?> _listener = new("--listener") { Description = "Only logins on this listener", HelpName = "NAME" };

    /// <summary>The moment of the command.</summary>
    public DateTimeOffset Now { get; } = time.GetUtcNow();

    /// <summary>Gives <paramref name="command"/> the configuration, the log and the time.</summary>
    public void AddTo(Command command)
    {
        AddInventoryTo(command);
        command.Arguments.Add(_files);
    }

    /// <summary>Gives it the configuration and the time: it reads no log.</summary>
    public void AddInventoryTo(Command command)
    {
        options.AddTo(command);
        command.Options.Add(_since);
        command.Options.Add(_until);
    }

    /// <summary>Gives it the other conditions as well.</summary>
    public void AddConditionsTo(Command command)
    {
        _transport.AcceptOnlyFromAmong([.. Enum.GetValues<LoginTransport>().Select(static transport => transport.Tag())]);
        _below.AcceptOnlyFromAmong("1.1", "1.2", "1.3");
        command.Options.Add(_transport);
        command.Options.Add(_below);
        command.Options.Add(_listener);
    }

    /// <summary>Whether a log is to be read in place of the inventory.</summary>
    public bool IsOfLog(SymbolResult result) => result.GetValue(_files) is { Length: > 0 };

    /// <summary>Since when; null for all the time.</summary>
    public DateTimeOffset? Since(ParseResult parsed) => MomentOption.Of(parsed.GetValue(_since), Now);

    /// <summary>The conditions of a command line.</summary>
    public UsageFilter Filter(ParseResult parsed) => new(
        Since(parsed),
        MomentOption.Of(parsed.GetValue(_until), Now),
        LoginTransports.Parse(parsed.GetValue(_transport)),
        TlsVersions.Parse(parsed.GetValue(_below)),
        parsed.GetValue(_listener));

    /// <summary>Uses the logins of the log, or those of the inventory since then.</summary>
    public int Read(ParseResult parsed, DateTimeOffset? since, Func<IEnumerable<ObservedLogin>, int> use)
    {
        if (parsed.GetValue(_files) is not { Length: > 0 } files)
        {
            if (!ConfiguredInventory.TryOpen(options, parsed, out var inventory))
            {
                return ExitCode.Failure;
            }

            using (inventory)
            {
                return inventory.Read(parsed, () => use(inventory.Reader.Logins(since)));
            }
        }

        try
        {
            return use(Logins(files));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"the log cannot be read: {exception.Message}");
            return ExitCode.Failure;
        }
    }

    private static IEnumerable<ObservedLogin> Logins(string[] files)
    {
        foreach (var file in files)
        {
            using var lines = file == "-" ? new StreamReader(Console.OpenStandardInput()) : new StreamReader(file);
            foreach (var login in LoginLog.Read(lines))
            {
                yield return login;
            }
        }
    }
}
