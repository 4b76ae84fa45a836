using TlsFront.Configuration;

namespace TlsFront.Admission;

/// <summary>
/// How many connections there may be and how many there are. The limit of open files is never exceeded: a process without descriptors can
/// accept nothing, connect to no backend and reload no certificate.
/// </summary>
internal sealed partial class ConnectionBudget : IDisposable
{
    /// <summary>
    /// Connections beyond the limit that are on their way out. While there are as many, no more are accepted: they wait in the kernel.
    /// </summary>
    private const int Leaving = 128;

    /// <summary>
    /// Descriptors for everything else: listeners, loops, the admin endpoint, files, probes, and those connections on their way out.
    /// </summary>
    private const int Reserve = 128 + Leaving;

    private readonly long? _openFiles;
    private readonly ILogger _logger;
    private readonly IDisposable _subscription;
    private volatile int _limit;
    private int _count;

    public ConnectionBudget(SettingsStore settings, ILogger<ConnectionBudget> logger)
        : this(settings, OpenFileLimit.Raise(), logger)
    {
    }

    /// <param name="settings">Settings.</param>
    /// <param name="openFiles">The limit of open files; null if there is none or it is not known.</param>
    /// <param name="logger">Told which limit applies.</param>
    public ConnectionBudget(SettingsStore settings, long? openFiles, ILogger logger)
    {
        _openFiles = openFiles;
        _logger = logger;
        Apply(settings.Current.Limits.Connections);
        _subscription = settings.Subscribe("limit of connections", (old, now) => new(() =>
        {
            if (old.Limits.Connections != now.Limits.Connections)
            {
                Apply(now.Limits.Connections);
            }
        }));
    }

    /// <summary>Most connections there may be.</summary>
    public int Limit => _limit;

    /// <summary>Connections there are, accepted and not closed yet.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether none may even be accepted to be refused.</summary>
    public bool IsExhausted => Count - Leaving >= _limit;

    /// <summary>
    /// A connection was accepted. False if there is no place for it: it is to be closed, and counts until then, because its descriptor does.
    /// </summary>
    public bool TryEnter() => Interlocked.Increment(ref _count) <= _limit;

    /// <summary>A connection was closed.</summary>
    public void Leave() => Interlocked.Decrement(ref _count);

    public void Dispose() => _subscription.Dispose();

    private void Apply(int? setting)
    {
        // A client's and a backend's socket for each.
        var possible = (int)Math.Clamp(((_openFiles ?? long.MaxValue) - Reserve) / 2, 1, int.MaxValue);
        _limit = Math.Min(setting ?? int.MaxValue, possible);
        if (setting > possible)
        {
            Log.TooHigh(_logger, setting.Value, _openFiles!.Value, possible);
        }
        else if (setting is null && _openFiles is { } files)
        {
            Log.ByFiles(_logger, _limit, files);
        }
        else if (setting is not null)
        {
            Log.BySetting(_logger, _limit);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            810, LogLevel.Information,
            "Up to {Limit} connections at once, two descriptors for each: the limit of open files is {OpenFiles} (LimitNOFILE)",
            EventName = "ConnectionsByFiles")]
        public static partial void ByFiles(ILogger logger, int limit, long openFiles);

        [LoggerMessage(
            811, LogLevel.Information, "Up to {Limit} connections at once, as limits.connections says", EventName = "ConnectionsBySetting")]
        public static partial void BySetting(ILogger logger, int limit);

        [LoggerMessage(812, LogLevel.Warning,
            "limits.connections is {Setting}, but the limit of open files, {OpenFiles}, allows {Limit} connections; "
            + "raise it (LimitNOFILE), two for each connection",
            EventName = "ConnectionsTooHigh")]
        public static partial void TooHigh(ILogger logger, int setting, long openFiles, int limit);
    }
}
