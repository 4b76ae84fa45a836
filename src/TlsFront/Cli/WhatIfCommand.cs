using System.CommandLine;
using TlsFront.Inventory;
using TlsFront.Migration;

namespace TlsFront.Cli;

/// <summary><c>tlsfront migration what-if</c>: who would be refused under other settings.</summary>
internal sealed class WhatIfCommand
{
    private readonly ConfigurationOptions _options;
    private readonly LoginSelection _selection;
    private readonly Option<string?> _at = MomentOption.CreateInstant("--at", "Time at which the configuration is judged; now if absent");

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "text, csv for a spreadsheet or a ticket system, or json",
        HelpName = "FORMAT",
        DefaultValueFactory = static _ => "text",
    };

    private WhatIfCommand(ConfigurationOptions options, LoginSelection selection)
    {
        (_options, _selection) = (options, selection);
        _output.AcceptOnlyFromAmong("text", "csv", "json");
    }

    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var command = new Command("what-if", "Replay logins against a configuration, and name who would be refused, and by which line.");
        var selection = new LoginSelection(options, time);
        selection.AddTo(command);
        var whatIf = new WhatIfCommand(options, selection);
        command.Options.Add(whatIf._at);
        command.Options.Add(whatIf._output);
        command.SetAction(parsed => selection.Read(parsed, selection.Since(parsed), logins => whatIf.Replay(parsed, logins)));
        return command;
    }

    private int Replay(ParseResult parsed, IEnumerable<ObservedLogin> logins)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var result = _options.Loader(parsed).Load();
        if (result.Settings is not { } settings)
        {
            ProblemReport.Write(error, result.Problems);
            return ExitCode.Failure;
        }

        var whatIf = new WhatIf(settings, result.Policies, MomentOption.Of(parsed.GetValue(_at), _selection.Now) ?? _selection.Now);
        var outcomes = whatIf.Replay(logins.Where(_selection.Filter(parsed).IsInTime));
        if (whatIf.Replayed == 0)
        {
            error.WriteLine(LoginSelection.NoLogins);
            return ExitCode.Failure;
        }

        foreach (var doubt in whatIf.Doubts)
        {
            error.WriteLine($"warning: {doubt}");
        }

        switch (parsed.GetRequiredValue(_output))
        {
            case "json":
                JsonText.Write(output, outcomes, CliJson.Default.IReadOnlyListWhatIfOutcome);
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
