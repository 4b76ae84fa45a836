using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TlsFront.Configuration;
using TlsFront.Configuration.Schema;
using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.Migration;

namespace TlsFront.Cli;

/// <summary>
/// <c>tlsfront migration</c>: who still uses what, and who would be refused under other settings, by the inventory or the gateway's own log.
/// </summary>
internal sealed class MigrationCommand
{
    private const string NoLogins =
        "no accepted login for this time; widen --since and --until, or give it a log with the lines of TlsFront.AccessLog (log.level: information)";

    private const int MostDays = 36500;

    private readonly ConfigurationOptions _options;
    private readonly TimeProvider _time;

    private readonly Argument<string[]> _files = new("LOG")
    {
        Description = "Files of the gateway's log, as text or JSON, - for standard input; if absent, the inventory of the configuration",
    };

    private readonly Option<string?> _since = TimeOption("--since", "Only logins at or after this time, or of the last so many days");
    private readonly Option<string?> _until = TimeOption("--until", "Only logins before this time, or more than so many days ago");
    private readonly Option<string?> _at = new("--at")
    {
        Description = "Time at which the configuration is judged; now if absent",
        HelpName = "TIME",
    };

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

    private readonly Option<bool> _exposed = new("--exposed-passwords")
    {
        Description = "Only those whose password crossed the network in clear, refused tries included: it is to be changed. Of the inventory only",
    };

    private readonly Option<string> _group = new("--group-by")
    {
        Description = "One row for each",
        HelpName = "user|network|program|ja4|listener",
        DefaultValueFactory = static _ => "user",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "text, csv for a spreadsheet or a ticket system, json, or mail-merge: CSV of those who have something to do, and what",
        HelpName = "FORMAT",
        DefaultValueFactory = static _ => "text",
    };

    private MigrationCommand(ConfigurationOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _transport.AcceptOnlyFromAmong([.. Enum.GetValues<LoginTransport>().Select(static transport => transport.Tag())]);
        _below.AcceptOnlyFromAmong("1.1", "1.2", "1.3");
        _at.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && ParseInstant(token.Value, out _) is { } problem)
            {
                result.AddError($"--at {token.Value} {problem.Message}; {problem.Remedy}.");
            }
        });
        _group.AcceptOnlyFromAmong("user", "network", "program", "ja4", "listener");
        _output.AcceptOnlyFromAmong("text", "csv", "json", "mail-merge");
    }

    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var command = new Command("migration", "Show from inventory or log who still uses what, and who would be refused under other settings.");
        command.Subcommands.Add(new MigrationCommand(options, time).CreateReport());
        command.Subcommands.Add(new MigrationCommand(options, time).CreateWhatIf());
        command.Subcommands.Add(new MigrationCommand(options, time).CreateAllowList());
        command.Subcommands.Add(new InventoryUserCommand(options).CreateExport());
        command.Subcommands.Add(new InventoryUserCommand(options).CreateForget());
        return command;
    }

    private static Option<string?> TimeOption(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "TIME|14d" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !TryParse(token.Value, DateTimeOffset.UnixEpoch.AddYears(200), out _))
            {
                result.AddError($"{name} needs a time such as 2027-03-31T00:00Z, or a number of days such as 14d, and not '{token.Value}'.");
            }
        });
        return option;
    }

    private static ValueProblem? ParseInstant(string text, out DateTimeOffset moment)
    {
        moment = default;
        return text.Length == 0 ? new("is empty", "write a time such as 2027-03-31T00:00Z")
            : new InstantType().TryParse(text, out moment, out var problem) ? null : problem;
    }

    private static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset moment)
    {
        if (ParseInstant(text, out moment) is null)
        {
            return true;
        }

        if (text is not [.. var number, 'd']
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var days) || days > MostDays)
        {
            return false;
        }

        moment = now.AddDays(-days);
        return true;
    }

    private static DateTimeOffset? Moment(string? text, DateTimeOffset now) =>
        text is not null && TryParse(text, now, out var moment) ? moment : null;

    private Command CreateReport()
    {
        var command = new Command(
            "report", "Show how users log in; those in cleartext come first, then those with TLS before 1.2, then those on STARTTLS.");
        _options.AddTo(command);
        command.Arguments.Add(_files);
        foreach (var option in (Option[])[_since, _until, _transport, _below, _listener, _exposed, _group, _output])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_output) == "mail-merge" && result.GetValue(_group) is not (null or "user"))
            {
                result.AddError("--output mail-merge is for --group-by user: nobody writes to anything else.");
            }

            if (result.GetValue(_exposed) && result.GetValue(_files) is { Length: > 0 })
            {
                result.AddError("--exposed-passwords needs the inventory: leave out the log.");
            }
        });
        command.SetAction(parsed => Read(
            parsed, UsageReport.Begin(Moment(parsed.GetValue(_since), _time.GetUtcNow()), _time.GetUtcNow()), logins => Report(parsed, logins)));
        return command;
    }

    private Command CreateAllowList()
    {
        var command = new Command(
            "allow-list",
            "Write the users who do not log in by implicit TLS 1.2 or later yet, one a line, for the users of a policy that exempts them.");
        _options.AddTo(command);
        command.Arguments.Add(_files);
        foreach (var option in (Option[])[_since, _until, _transport, _below, _listener])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => Read(
            parsed, Moment(parsed.GetValue(_since), _time.GetUtcNow()), logins => WriteAllowList(parsed, logins)));
        return command;
    }

    private Command CreateWhatIf()
    {
        var command = new Command(
            "what-if", "Replay logins against a configuration, and name who would be refused, and by which line.");
        _options.AddTo(command);
        command.Arguments.Add(_files);
        foreach (var option in (Option[])[_since, _until, _at, _output])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => Read(
            parsed, Moment(parsed.GetValue(_since), _time.GetUtcNow()), logins => ReplayLogins(parsed, logins)));
        return command;
    }

    /// <summary>Uses the logins of the log, or those of the inventory since then.</summary>
    private int Read(ParseResult parsed, DateTimeOffset? since, Func<IEnumerable<ObservedLogin>, int> use)
    {
        if (parsed.GetValue(_files) is not { Length: > 0 } files)
        {
            if (!ConfiguredInventory.TryOpen(_options, parsed, out var inventory))
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

    private UsageFilter Filter(ParseResult parsed, DateTimeOffset now) => new(
        Moment(parsed.GetValue(_since), now),
        Moment(parsed.GetValue(_until), now),
        LoginTransports.Parse(parsed.GetValue(_transport)),
        TlsVersions.Parse(parsed.GetValue(_below)),
        parsed.GetValue(_listener))
    {
        IsOfExposed = parsed.GetValue(_exposed),
    };

    private int Report(ParseResult parsed, IEnumerable<ObservedLogin> logins)
    {
        var now = _time.GetUtcNow();
        var group = Enum.Parse<UsageGroup>(parsed.GetRequiredValue(_group), ignoreCase: true);
        var report = UsageReport.Of(logins, Filter(parsed, now), group, now);
        var output = parsed.InvocationConfiguration.Output;
        if (report.Rows.Count == 0)
        {
            parsed.InvocationConfiguration.Error.WriteLine(NoLogins);
            return ExitCode.Failure;
        }

        switch (parsed.GetRequiredValue(_output))
        {
            case "json":
                output.WriteLine(JsonSerializer.Serialize(UsageDocument.Of(report), CliJson.Default.UsageDocument));
                break;
            case "csv":
                MigrationText.WriteCsv(output, report);
                break;
            case "mail-merge":
                MailMerge.Write(output, report);
                break;
            default:
                MigrationText.Write(output, report, group);
                break;
        }

        return ExitCode.Success;
    }

    private int WriteAllowList(ParseResult parsed, IEnumerable<ObservedLogin> logins)
    {
        var filter = Filter(parsed, _time.GetUtcNow());
        var names = logins
            .Where(login => login is { IsAccepted: true, User: not null } && (!login.MeetsRfc8314 || login.HasWeakCipher) && filter.Matches(login))
            .Select(static login => login.User!)
            .ToHashSet(StringComparer.Ordinal);
        var error = parsed.InvocationConfiguration.Error;
        if (names.Count == 0)
        {
            error.WriteLine(NoLogins);
            return ExitCode.Failure;
        }

        // Users choose their names: none may stand for others in the file.
        var type = new UserPatternType();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            if (!name.AsSpan().ContainsAny('*', '#', '/')
                && !name.StartsWith(UserNames.Prefix, StringComparison.Ordinal)
                && type.TryParse(name, out _, out _))
            {
                parsed.InvocationConfiguration.Output.WriteLine(name);
            }
            else
            {
                error.WriteLine($"left out, as a list cannot have it: {name}");
            }
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
        var filter = new UsageFilter(Moment(parsed.GetValue(_since), now), Moment(parsed.GetValue(_until), now), null, null, null);
        var whatIf = new WhatIf(settings, result.Policies, Moment(parsed.GetValue(_at), now) ?? now);
        var outcomes = whatIf.Replay(logins.Where(filter.IsInTime));
        if (whatIf.Replayed == 0)
        {
            error.WriteLine(NoLogins);
            return ExitCode.Failure;
        }

        switch (parsed.GetRequiredValue(_output))
        {
            case "json":
                output.WriteLine(JsonSerializer.Serialize(outcomes, CliJson.Default.IReadOnlyListWhatIfOutcome));
                break;
            case "csv":
                MigrationText.WriteCsv(output, outcomes);
                break;
            default:
                MigrationText.Write(output, outcomes, whatIf.Replayed);
                MigrationText.WriteHolding(output, settings);
                break;
        }

        return outcomes.Any(static outcome => outcome.Effect == WhatIfEffect.Refused) ? ExitCode.WouldRefuse : ExitCode.Success;
    }
}
