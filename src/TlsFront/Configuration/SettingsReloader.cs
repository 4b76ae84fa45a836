using System.Security.Cryptography;
using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>
/// Puts a changed file in force. It checks once a second, because polling sees what file notifications miss (links swapped above the file, as
/// Kubernetes does, and network file systems); the content decides, not dates. A broken file changes nothing but the log.
/// </summary>
/// <param name="store">Receives new settings.</param>
/// <param name="loader">Reads file, environment and command line.</param>
/// <param name="files">Reads anew what the files hold that settings point to.</param>
/// <param name="observers">Hear of every attempt.</param>
/// <param name="time">Clock of the polling.</param>
/// <param name="logger">Told what changed and what is wrong.</param>
internal sealed partial class SettingsReloader(
    SettingsStore store, SettingsLoader loader, SettingsFileWatcher files, IEnumerable<IReloadObserver> observers, TimeProvider time,
    ILogger<SettingsReloader> logger) : BackgroundService, IReloadHandler
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly IReloadObserver[] _observers = [.. observers];
    private string? _seen;
    private string? _settled;
    private IReadOnlyList<Problem> _reported = [];
    private volatile ReloadReport? _last;

    /// <summary>The file.</summary>
    public string Path => loader.Path;

    /// <summary>What came of the last attempt; null before the first.</summary>
    public ReloadReport? Last => _last;

    /// <summary>Reads the file now, changed or not: for SIGHUP.</summary>
    public void Reload()
    {
        lock (_gate)
        {
            Safely(() =>
            {
                var file = SettingsFile.Read(loader.Path);
                _settled = _seen = Fingerprint(file);
                Apply(loader.Load(file), isAsked: true);
            });
        }
    }

    /// <summary>Checks the file once. A change counts when two checks find the same: the writer may be half-way.</summary>
    internal void Poll()
    {
        lock (_gate)
        {
            var file = SettingsFile.Read(loader.Path);
            var fingerprint = Fingerprint(file);
            var isAtRest = fingerprint == _seen;
            _seen = fingerprint;
            if (!isAtRest)
            {
                return;
            }

            if (fingerprint != _settled)
            {
                // The first check finds the file the gateway started with, or one that changed since; only the latter is news.
                var isFirst = _settled is null;
                _settled = fingerprint;
                Apply(loader.Load(file), isAsked: !isFirst);
            }
            else if (_reported.Count > 0 || loader.IsOutdated)
            {
                // What a broken file lacks may be another file, which comes later; and settings depend on what user maps name.
                Apply(loader.Load(file), isAsked: false);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Safely(Poll);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>A fault while a file is read must end neither the reloading nor, within the handler of a signal, the process.</summary>
    private void Safely(Action attempt)
    {
        try
        {
            attempt();
        }
#pragma warning disable CA1031 // see above
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.AttemptFailed(logger, loader.Path, exception);
        }
    }

    private static string Fingerprint(SettingsFile file) =>
        file.Content is null ? file.Failure?.Message ?? "" : Convert.ToHexString(SHA256.HashData(file.Content));

    /// <param name="result">What was read.</param>
    /// <param name="isAsked">Whether to answer even if nothing came of it.</param>
    private void Apply(SettingsResult result, bool isAsked)
    {
        if (result.Settings is null)
        {
            Refuse(result.Problems, [], isAsked);
            return;
        }

        var running = store.Current;
        var settings = ColdSettings.Keep(running, result.Settings);
        IReadOnlyList<string> applied = [.. SettingsSchema.Root.Differences(running, settings)];
        IReadOnlyList<string> cold = [.. SettingsSchema.Root.Differences(settings, result.Settings)];
        var replacement = applied.Count > 0 ? store.Prepare(settings) : null;
        if (replacement is { Problems: { Count: > 0 } failures })
        {
            Refuse([.. result.Problems, .. failures.Select(ToProblem)], failures, isAsked);
            return;
        }

        var isRepaired = _reported.Count > 0;
        _reported = [];
        if (!isAsked && !isRepaired && applied.Count == 0 && cold.Count == 0)
        {
            return;
        }

        Array.ForEach(_observers, static observer => observer.Reloading());
        LogProblems(result.Problems);
        IReadOnlyList<PartFailure> faults = replacement?.Commit() ?? [];
        var read = files.Report();
        IReadOnlyList<string> changes =
        [
            .. applied, .. read.Where(static file => file.Problem is null).Select(static file => $"{file.Path} (read again)")
        ];
        Log.Reloaded(logger, loader.Path, changes.Count == 0 ? "nothing changed" : string.Join(", ", changes));
        foreach (var fault in faults)
        {
            Log.PartFailed(logger, fault.Part, fault.Exception);
        }

        if (cold.Count > 0)
        {
            Log.NeedsRestart(logger, string.Join(", ", cold));
        }

        End(new(
            time.GetUtcNow(), faults.Count == 0, changes, cold,
            [.. result.Problems, .. faults.Select(ToProblem), .. read.Select(ToProblem).OfType<Problem>()]));
    }

    /// <summary>Changes nothing; says why, unless that was the last thing said and nobody asked.</summary>
    private void Refuse(IReadOnlyList<Problem> problems, IReadOnlyList<PartFailure> failures, bool isAsked)
    {
        if (!isAsked && problems.SequenceEqual(_reported))
        {
            return;
        }

        _reported = problems;
        Array.ForEach(_observers, static observer => observer.Reloading());
        LogProblems(problems);
        foreach (var failure in failures.Where(static failure => failure.Exception is not null))
        {
            Log.PrepareFailed(logger, failure.Part, failure.Exception);
        }

        Log.Refused(logger, loader.Path);
        End(new(time.GetUtcNow(), false, [], _last?.NeedsRestart ?? [], problems));
    }

    private Problem ToProblem(PartFailure failure) => new(Severity.Error, new Origin(loader.Path), "", null, failure.Problem, "");

    /// <summary>Its keeper has logged it.</summary>
    private static Problem? ToProblem(FileState file) =>
        file.Problem is null
            ? null
            : new(Severity.Warning, new Origin(file.Path), "", null, $"cannot be used; its previous content stays in force: {file.Problem}", "");

    private void End(ReloadReport report)
    {
        _last = report;
        Array.ForEach(_observers, observer => observer.Reloaded(report.Succeeded));
    }

    private void LogProblems(IReadOnlyList<Problem> problems)
    {
        foreach (var problem in problems)
        {
            if (problem.Severity == Severity.Error)
            {
                Log.Error(logger, problem);
            }
            else
            {
                Log.Warning(logger, problem);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(600, LogLevel.Error, "{Problem}", EventName = "SettingsError")]
        public static partial void Error(ILogger logger, Problem problem);

        [LoggerMessage(601, LogLevel.Warning, "{Problem}", EventName = "SettingsWarning")]
        public static partial void Warning(ILogger logger, Problem problem);

        [LoggerMessage(
            602, LogLevel.Error, "{Path} not reloaded: keeping the previous settings until the file is fixed", EventName = "SettingsRefused")]
        public static partial void Refused(ILogger logger, string path);

        [LoggerMessage(603, LogLevel.Information, "{Path} reloaded: {Changes}", EventName = "SettingsReloaded")]
        public static partial void Reloaded(ILogger logger, string path, string changes);

        [LoggerMessage(604, LogLevel.Warning, "Needs a restart to take effect: {Settings}", EventName = "SettingsNeedRestart")]
        public static partial void NeedsRestart(ILogger logger, string settings);

        [LoggerMessage(
            605, LogLevel.Error, "The new settings are in force, but {Part} failed to take them over: restart the gateway",
            EventName = "SettingsPartFailed")]
        public static partial void PartFailed(ILogger logger, string part, Exception? exception);

        [LoggerMessage(607, LogLevel.Error, "{Part} failed to prepare for the new settings", EventName = "SettingsPrepareFailed")]
        public static partial void PrepareFailed(ILogger logger, string part, Exception? exception);

        [LoggerMessage(606, LogLevel.Error, "Could not check {Path} for changes", EventName = "SettingsCheckFailed")]
        public static partial void AttemptFailed(ILogger logger, string path, Exception exception);
    }
}
