using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TlsFront.Configuration.Schema;
using TlsFront.Connections;
using TlsFront.Migration;

namespace TlsFront.Cli;

/// <summary>
/// <c>tlsfront migration</c>: who still uses what, and who would be refused under other settings, by the gateway's own log.
/// </summary>
internal sealed class MigrationCommand
{
    /// <summary>Long enough for whoever reads mail once a week.</summary>
    private static readonly TimeSpan DefaultTime = TimeSpan.FromDays(14);

    private readonly ConfigurationOptions _options;
    private readonly TimeProvider _time;

    private readonly Argument<string[]> _files = new("LOG")
    {
        Description = "Files of the gateway's log, as text or JSON; standard input if absent or -",
        DefaultValueFactory = static _ => ["-"],
    };

    private readonly Option<string?> _since = TimeOption("--since", "Only logins from then on, or of the last so many days");
    private readonly Option<string?> _until = TimeOption("--until", "Only logins until then, or until so many days ago");
    private readonly Option<string?> _at = TimeOption("--at", "When the settings are to be in force; now if absent");

    private readonly Option<string?> _transport = new("--transport") { Description = "Only logins by it", HelpName = "implicit|starttls" };

    private readonly Option<string?> _below = new("--below") { Description = "Only logins with an older TLS version", HelpName = "1.3" };

    private readonly Option<string?> _listener = new("--listener") { Description = "Only logins on this listener", HelpName = "NAME" };

    private readonly Option<string> _group = new("--group-by")
    {
        Description = "What a line is about",
        HelpName = "user|network|ja4|listener",
        DefaultValueFactory = static _ => "user",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "text, csv for a spreadsheet or a ticket system, or json",
        HelpName = "FORMAT",
        DefaultValueFactory = static _ => "text",
    };

    private MigrationCommand(ConfigurationOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _transport.AcceptOnlyFromAmong("implicit", "starttls");
        _below.AcceptOnlyFromAmong("1.2", "1.3");
        _group.AcceptOnlyFromAmong("user", "network", "ja4", "listener");
        _output.AcceptOnlyFromAmong("text", "csv", "json");
    }

    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var command = new Command("migration", "Show from the log who still uses what, and who would be refused under other settings.");
        command.Subcommands.Add(new MigrationCommand(options, time).CreateReport());
        command.Subcommands.Add(new MigrationCommand(options, time).CreateWhatIf());
        return command;
    }

    private static Option<string?> TimeOption(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "TIME|DAYSd" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Moment(token.Value, default) is null)
            {
                result.AddError($"{name} needs a time such as 2027-03-31T00:00Z, or a number of days such as 14d, and not '{token.Value}'.");
            }
        });
        return option;
    }

    private static DateTimeOffset? Moment(string? text, DateTimeOffset now) =>
        text is null ? null
        : new InstantType().TryParse(text, out var moment, out _) ? moment
        : text[^1] == 'd' && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            && days <= 36500 ? (now == default ? DateTimeOffset.UnixEpoch : now.AddDays(-days))
        : null;

    private Command CreateReport()
    {
        var command = new Command(
            "report", "Show who still uses STARTTLS or old TLS; those who have to move first, the last seen before the others.");
        command.Arguments.Add(_files);
        foreach (var option in (Option[])[_since, _until, _transport, _below, _listener, _group, _output])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => Read(parsed, logins => Report(parsed, logins)));
        return command;
    }

    private Command CreateWhatIf()
    {
        var command = new Command(
            "what-if", "Replay the logins of the log against a configuration, and name who would be refused, and by which line.");
        _options.AddTo(command);
        command.Arguments.Add(_files);
        foreach (var option in (Option[])[_since, _until, _at, _output])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => Read(parsed, logins => ReplayLogins(parsed, logins)));
        return command;
    }

    private int Read(ParseResult parsed, Func<IEnumerable<ObservedLogin>, int> use)
    {
        try
        {
            return use(Logins(parsed.GetRequiredValue(_files)));
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

    private UsageFilter Filter(ParseResult parsed, DateTimeOffset now) => new(
        Moment(parsed.GetValue(_since), now),
        Moment(parsed.GetValue(_until), now),
        parsed.GetValue(_transport),
        parsed.GetValue(_below) switch { "1.3" => TlsVersion.Tls13, "1.2" => TlsVersion.Tls12, _ => null },
        parsed.GetValue(_listener));

    private int Report(ParseResult parsed, IEnumerable<ObservedLogin> logins)
    {
        var now = _time.GetUtcNow();
        var group = Enum.Parse<UsageGroup>(parsed.GetRequiredValue(_group), ignoreCase: true);
        var report = UsageReport.Of(logins, Filter(parsed, now), group, now);
        var output = parsed.InvocationConfiguration.Output;
        switch (parsed.GetRequiredValue(_output))
        {
            case "json":
                output.WriteLine(JsonSerializer.Serialize(UsageDocument.Of(report), CliJson.Default.UsageDocument));
                break;
            case "csv":
                MigrationText.WriteCsv(output, report);
                break;
            default:
                MigrationText.Write(output, report, group);
                break;
        }

        return ExitCode.Success;
    }

    private int ReplayLogins(ParseResult parsed, IEnumerable<ObservedLogin> logins)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var result = _options.Loader(parsed).Load();
        if (result.Settings is not { } settings)
        {
            ProblemReport.Write(error, result.Problems);
            return ExitCode.Failure;
        }

        var now = _time.GetUtcNow();
        var filter = new UsageFilter(
            Moment(parsed.GetValue(_since), now) ?? now - DefaultTime, Moment(parsed.GetValue(_until), now), null, null, null);
        var outcomes = new WhatIf(settings, result.Policies, Moment(parsed.GetValue(_at), now) ?? now).Replay(logins.Where(filter.IsInTime));
        switch (parsed.GetRequiredValue(_output))
        {
            case "json":
                output.WriteLine(JsonSerializer.Serialize(outcomes, CliJson.Default.IReadOnlyListWhatIfOutcome));
                break;
            case "csv":
                MigrationText.WriteCsv(output, outcomes);
                break;
            default:
                MigrationText.Write(output, outcomes);
                break;
        }

        return outcomes.Any(static outcome => outcome.Effect == WhatIfEffect.Refused) ? ExitCode.Unanswered : ExitCode.Success;
    }
}
