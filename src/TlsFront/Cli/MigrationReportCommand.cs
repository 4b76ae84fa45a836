using System.CommandLine;
using TlsFront.Inventory;
using TlsFront.Migration;

namespace TlsFront.Cli;

/// <summary><c>tlsfront migration report</c>: who still uses what.</summary>
internal sealed class MigrationReportCommand
{
    private const string MailMergeFormat = "mail-merge";

    private readonly LoginSelection _selection;

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

    private readonly Option<string?> _kind = new("--kind")
    {
        Description = "Only rows that look like people's, or like those of scanners, servers and scripts; a hint, whose evidence each row shows",
        HelpName = "person|machine",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "text, csv for a spreadsheet or a ticket system, json, or mail-merge: CSV of those who have something to do, and what",
        HelpName = "FORMAT",
        DefaultValueFactory = static _ => "text",
    };

    private MigrationReportCommand(LoginSelection selection)
    {
        _selection = selection;
        _group.AcceptOnlyFromAmong("user", "network", "program", "ja4", "listener");
        _kind.AcceptOnlyFromAmong("person", "machine");
        _output.AcceptOnlyFromAmong("text", "csv", "json", MailMergeFormat);
    }

    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var command = new Command(
            "report",
            "Show how users log in; those in cleartext come first, then those with TLS before 1.2, with weak cipher suites, and on STARTTLS.");
        var selection = new LoginSelection(options, time);
        selection.AddTo(command);
        selection.AddConditionsTo(command);
        new MigrationReportCommand(selection).AddTo(command);
        return command;
    }

    private void AddTo(Command command)
    {
        foreach (var option in (Option[])[_exposed, _group, _kind, _output])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_output) == MailMergeFormat && result.GetValue(_group) is not (null or "user"))
            {
                result.AddError("--output mail-merge is for --group-by user: nobody writes to anything else.");
            }

            if (result.GetValue(_exposed) && _selection.IsOfLog(result))
            {
                result.AddError("--exposed-passwords needs the inventory: leave out the log.");
            }
        });
        command.SetAction(parsed => _selection.Read(
            parsed, UsageReport.Begin(_selection.Since(parsed), _selection.Now), logins => Report(parsed, logins)));
    }

    private int Report(ParseResult parsed, IEnumerable<ObservedLogin> logins)
    {
        var group = Enum.Parse<UsageGroup>(parsed.GetRequiredValue(_group), ignoreCase: true);
        var filter = _selection.Filter(parsed) with
        {
            IsOfExposed = parsed.GetValue(_exposed),
            Kind = parsed.GetValue(_kind) is { } kind ? Enum.Parse<ClientKind>(kind, ignoreCase: true) : null,
        };
        var report = UsageReport.Of(logins, filter, group, _selection.Now);
        var output = parsed.InvocationConfiguration.Output;
        if (report.Rows.Count == 0)
        {
            parsed.InvocationConfiguration.Error.WriteLine(
                report.IsEmpty ? LoginSelection.NoLogins : $"no row looks like a {parsed.GetValue(_kind)}");
            return ExitCode.Failure;
        }

        switch (parsed.GetRequiredValue(_output))
        {
            case "json":
                JsonText.Write(output, UsageDocument.Of(report), CliJson.Default.UsageDocument);
                break;
            case "csv":
                MigrationText.WriteCsv(output, report);
                break;
            case MailMergeFormat:
                MailMerge.Write(output, report);
                break;
            default:
                MigrationText.Write(output, report, group);
                break;
        }

        return ExitCode.Success;
    }
}
