using System.CommandLine;
using System.ComponentModel;
using System.Globalization;
using TlsFront.Configuration.Schema;

namespace TlsFront.Cli;

/// <summary>
/// <c>tlsfront migration notify</c>: tells each user who has to move, by a command of the operator's, and again until they did. Who was told when is
/// kept in the inventory.
/// </summary>
internal sealed class NotifyCommand
{
    /// <summary>Days of logins it looks at: who has moved since is not to be told for long.</summary>
    private const int DefaultDays = 14;

    private const int MostPerMinute = 6000;

    private static readonly TimeSpan DefaultAgainAfter = TimeSpan.FromDays(7);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private readonly ConfigurationOptions _options;
    private readonly TimeProvider _time;
    private readonly LoginSelection _selection;

    private readonly Argument<string[]> _command = new("COMMAND")
    {
        Description = "Program and arguments, behind --, that gets the user as JSON on its standard input; if absent, standard output gets it",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<int> _perMinute = new("--per-minute")
    {
        Description = "Most users to tell in a minute",
        HelpName = "NUMBER",
        DefaultValueFactory = static _ => 60,
    };

    private readonly Option<TimeSpan?> _againAfter = new("--again-after")
    {
        Description = "Days before a user who still logs in the old way is told again; 0: never; 7d if absent",
        HelpName = "DAYS",
        CustomParser = static result => Parse(result.Tokens[0].Value, new DaysType(), result.AddError),
    };

    private readonly Option<TimeSpan?> _timeout = new("--timeout")
    {
        Description = "Longest time of COMMAND for one user, 1s to 10m; 30s if absent",
        HelpName = "DURATION",
        CustomParser = static result => Parse(
            result.Tokens[0].Value, new DurationType(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)), result.AddError),
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Write whom it would tell, and tell nobody" };

    private NotifyCommand(ConfigurationOptions options, TimeProvider time)
    {
        (_options, _time, _selection) = (options, time, new LoginSelection(options, time));
        _perMinute.Validators.Add(static result =>
        {
            if (result.Tokens is [var token]
                && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number is > 0 and <= MostPerMinute))
            {
                result.AddError($"--per-minute {token.Value} is out of range; write 1 to {MostPerMinute}.");
            }
        });
    }

    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var notify = new NotifyCommand(options, time);
        var command = new Command(
            "notify", "Tell each user who has to move, by a command of yours, and again until they did; for a timer.");
        notify._selection.AddInventoryTo(command);
        notify._selection.AddConditionsTo(command);
        foreach (var option in (Option[])[notify._perMinute, notify._againAfter, notify._timeout, notify._dryRun])
        {
            command.Options.Add(option);
        }

        command.Arguments.Add(notify._command);
        command.SetAction(notify.RunAsync);
        return command;
    }

    private static TimeSpan? Parse(string text, SettingType<TimeSpan> type, Action<string> fail)
    {
        if (type.TryParse(text, out var value, out var problem))
        {
            return value;
        }

        fail($"\"{text}\" {problem.Message}; {problem.Remedy}.");
        return null;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        if (!ConfiguredInventory.TryOpen(_options, parsed, out var inventory))
        {
            return ExitCode.Failure;
        }

        using (inventory)
        using (var signals = new StopSignals(stop))
        {
            NoticeRun? run = null;
            var filter = _selection.Filter(parsed);
            filter = filter with { Since = filter.Since ?? _selection.Now.AddDays(-DefaultDays) };
            var exitCode = inventory.Read(parsed, () =>
            {
                run = NoticeRun.Of(inventory.Reader, filter, parsed.GetValue(_againAfter) ?? DefaultAgainAfter, _selection.Now);
                return ExitCode.Success;
            });
            return run is null ? exitCode : await TellAsync(parsed, inventory, run, signals.Token);
        }
    }

    private async Task<int> TellAsync(ParseResult parsed, ConfiguredInventory inventory, NoticeRun run, CancellationToken stop)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var isDry = parsed.GetValue(_dryRun);
        var pause = isDry ? TimeSpan.Zero : TimeSpan.FromMinutes(1) / parsed.GetValue(_perMinute);
        var command = parsed.GetValue(_command) ?? [];
        var hook = command.Length > 0 && !isDry ? new NoticeHook(command, parsed.GetValue(_timeout) ?? DefaultTimeout, _time) : null;
        var (told, failed) = (0, 0);
        foreach (var notice in run.Notices)
        {
            if ((told + failed > 0 && !await PauseAsync(pause, stop)) || stop.IsCancellationRequested)
            {
                break;
            }

            string? failure = null;
            try
            {
                failure = hook is null ? null : await hook.RunAsync(notice.ToString());
            }
            catch (Win32Exception exception)
            {
                await error.WriteLineAsync($"{command[0]} cannot be run: {exception.Message}");
                return ExitCode.Failure;
            }

            if (failure is not null)
            {
                failed++;
                await error.WriteLineAsync($"{notice.User}: {failure}; tried again next time");
                continue;
            }

            if (hook is null)
            {
                await output.WriteLineAsync(notice.ToString());
                await output.FlushAsync(CancellationToken.None);
            }

            if (!isDry && inventory.Logins.Tell(notice.User, _time.GetUtcNow()) is { } problem)
            {
                await error.WriteLineAsync($"inventory: {problem.Words}; {notice.User} was told, which is not noted");
                return ExitCode.Failure;
            }

            told++;
        }

        var left = run.Notices.Count - told - failed;
        await error.WriteLineAsync(
            $"{Amount.Of(told, "user")} {(isDry ? "would be told" : "told")}{(failed > 0 ? $"; {failed} failed" : "")}"
            + $"{(left > 0 ? $"; stopped before {left}" : "")}{run.WordsOfOthers()}");
        return failed > 0 ? ExitCode.HookFailed : ExitCode.Success;
    }

    /// <summary>Waits; false if it is time to stop. What has begun is finished: nobody is to be told twice.</summary>
    private async Task<bool> PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
            await Task.Delay(pause, _time, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
