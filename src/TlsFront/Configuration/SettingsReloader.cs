using System.Security.Cryptography;

namespace TlsFront.Configuration;

/// <summary>
/// Puts a changed file in force. It looks once a second, because polling sees what file notifications miss (links swapped above the file, as
/// Kubernetes does, and network file systems); the content decides, not dates. A broken file changes nothing but the log.
/// </summary>
/// <param name="store">Receives new settings.</param>
/// <param name="loader">Reads file, environment and command line.</param>
/// <param name="time">Clock of the polling.</param>
/// <param name="logger">Told what changed and what is wrong.</param>
internal sealed partial class SettingsReloader(SettingsStore store, SettingsLoader loader, TimeProvider time, ILogger<SettingsReloader> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private string? _seen;
    private string? _settled;
    private IReadOnlyList<Problem> _told = [];
    private volatile ReloadReport? _last;

    /// <summary>Raised before every attempt, which <see cref="Reloaded"/> then ends.</summary>
    public event Action? Reloading;

    /// <summary>Raised after every attempt with its success.</summary>
    public event Action<bool>? Reloaded;

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

    /// <summary>Looks at the file once. A change counts when two looks find the same: the writer may be half-way.</summary>
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
                // The first look finds the file the gateway started with, or one that changed since; only the latter is news.
                var isFirst = _settled is null;
                _settled = fingerprint;
                Apply(loader.Load(file), isAsked: !isFirst);
            }
            else if (_told.Count > 0)
            {
                // What a broken file lacks may be another file, which comes later.
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
            if (isAsked || !result.Problems.SequenceEqual(_told))
            {
                _told = result.Problems;
                Reloading?.Invoke();
                TellProblems(result.Problems);
                Log.Refused(logger, loader.Path);
                End(new(time.GetUtcNow(), false, [], _last?.NeedsRestart ?? [], result.Problems));
            }
            return;
        }

        var isRepaired = _told.Count > 0;
        _told = [];
        var running = store.Current;
        var settings = ColdSettings.Keep(running, result.Settings);
        var applied = SettingsDifference.Between(running, settings);
        var cold = SettingsDifference.Between(settings, result.Settings);
        if (!isAsked && !isRepaired && applied.Count == 0 && cold.Count == 0)
        {
            return;
        }

        Reloading?.Invoke();
        TellProblems(result.Problems);
        if (applied.Count > 0 && !TryReplace(settings))
        {
            End(new(time.GetUtcNow(), false, [], cold, result.Problems));
            return;
        }

        Log.Reloaded(logger, loader.Path, applied.Count == 0 ? "nothing changed" : string.Join(", ", applied));
        if (cold.Count > 0)
        {
            Log.NeedsRestart(logger, string.Join(", ", cold));
        }
        End(new(time.GetUtcNow(), true, applied, cold, result.Problems));
    }

    private void End(ReloadReport report)
    {
        _last = report;
        Reloaded?.Invoke(report.Succeeded);
    }

    /// <summary>A fault in one of those who listen must not end the reloading.</summary>
    private bool TryReplace(GatewaySettings settings)
    {
        try
        {
            store.Replace(settings);
            return true;
        }
#pragma warning disable CA1031 // see above
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.ReplaceFailed(logger, exception);
            return false;
        }
    }

    private void TellProblems(IReadOnlyList<Problem> problems)
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

        [LoggerMessage(602, LogLevel.Error, "{Path} not reloaded: the settings of before stay in force until it is mended", EventName = "SettingsRefused")]
        public static partial void Refused(ILogger logger, string path);

        [LoggerMessage(603, LogLevel.Information, "{Path} reloaded: {Changes}", EventName = "SettingsReloaded")]
        public static partial void Reloaded(ILogger logger, string path, string changes);

        [LoggerMessage(604, LogLevel.Warning, "Needs a restart to take effect: {Settings}", EventName = "SettingsNeedRestart")]
        public static partial void NeedsRestart(ILogger logger, string settings);

        [LoggerMessage(605, LogLevel.Error, "New settings could not be put in force", EventName = "SettingsReplaceFailed")]
        public static partial void ReplaceFailed(ILogger logger, Exception exception);

        [LoggerMessage(606, LogLevel.Error, "{Path} could not be looked at", EventName = "SettingsLookFailed")]
        public static partial void AttemptFailed(ILogger logger, string path, Exception exception);
    }
}
