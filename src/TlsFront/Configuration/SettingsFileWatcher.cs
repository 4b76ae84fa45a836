namespace TlsFront.Configuration;

/// <summary>
/// Checks once a second every file that a setting points to. Polling sees what file notifications miss: swapped links above the file, network file
/// systems, mounted secrets. What changed counts within two seconds, without a reload.
/// </summary>
/// <param name="keepers">Those who read the files.</param>
/// <param name="time">Clock of the polling.</param>
/// <param name="logger">Told of faults.</param>
internal sealed partial class SettingsFileWatcher(
    IEnumerable<ISettingsFiles> keepers, TimeProvider time, ILogger<SettingsFileWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ISettingsFiles[] _keepers = [.. keepers];
    private readonly Lock _gate = new();

    /// <summary>Versions of the files as of the last report.</summary>
    private Dictionary<string, object> _reported = [];

    /// <summary>Reads anew what changed, without waiting for the next second.</summary>
    /// <returns>The files that are others than at the last report or at the start, and those that cannot be used.</returns>
    public IReadOnlyList<FileState> Report()
    {
        lock (_gate)
        {
            // Who asks says that the files are at rest.
            Poll();
            Poll();
            var files = Files();
            var news = files.Where(
                file => file.Problem is not null || (_reported.TryGetValue(file.Path, out var version) && !version.Equals(file.Version))).ToList();
            _reported = files.ToDictionary(static file => file.Path, static file => file.Version);
            return news;
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _reported = Files().ToDictionary(static file => file.Path, static file => file.Version);
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                lock (_gate)
                {
                    Poll();
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private List<FileState> Files() => [.. _keepers.SelectMany(static keeper => keeper.Files).DistinctBy(static file => file.Path)];

    /// <summary>
    /// Whatever happens in one poll, the next must come: a certificate that expires, a key that goes on or a list that admits whom it should not,
    /// unnoticed, is worse than a line in the log.
    /// </summary>
    private void Poll()
    {
        foreach (var keeper in _keepers)
        {
            try
            {
                keeper.Refresh();
            }
#pragma warning disable CA1031 // see above
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.CheckFailed(logger, keeper.GetType().Name, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(608, LogLevel.Error, "Could not check the files of {Keeper} for changes", EventName = "SettingsFileCheckFailed")]
        public static partial void CheckFailed(ILogger logger, string keeper, Exception exception);
    }
}
