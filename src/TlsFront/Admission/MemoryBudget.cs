using TlsFront.Configuration;

namespace TlsFront.Admission;

/// <summary>
/// How many connections there is memory for, so that the kernel does not have to end the process and every session with it. Looked at once a second;
/// in between each that is added is taken to need <see cref="PerConnection"/>.
/// </summary>
internal sealed partial class MemoryBudget(
    SettingsStore settings, ConnectionBudget connections, ProcessMemory memory, TimeProvider time, ILogger<MemoryBudget> logger) : BackgroundService
{
    /// <summary>
    /// What a connection takes while it shakes hands and its buffers are full, in bytes. An idle session takes a tenth of it, and that shows in the
    /// next look.
    /// </summary>
    internal const int PerConnection = 64 * 1024;

    /// <summary>Part of what is allowed below which nobody is let in.</summary>
    private const double Scarce = 0.01;

    /// <summary>Part of what is allowed that has to be free before somebody is let in again, or each second would begin and end a refusal.</summary>
    private const double Enough = 0.02;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A collection stops the gateway for some milliseconds.</summary>
    private static readonly TimeSpan BetweenCollections = TimeSpan.FromMinutes(1);

    private long _most = long.MaxValue;
    private bool _isFull;
    private long? _collected;

    /// <summary>Whether there is memory for the connections that there are, the one that was just accepted included.</summary>
    public bool IsEnough => connections.Count <= Volatile.Read(ref _most);

    /// <summary>Looks how much there is.</summary>
    public void Look()
    {
        var share = settings.Current.Limits.Memory;
        if (share >= 1)
        {
            _isFull = false;
            Volatile.Write(ref _most, long.MaxValue);
            return;
        }

        var (allowed, used) = Measure(share);
        if (allowed - used < allowed * (_isFull ? Enough : Scarce) && (_collected is not { } last || time.GetElapsedTime(last) >= BetweenCollections))
        {
            // What was only not returned yet is no reason to refuse anybody.
            _collected = time.GetTimestamp();
            ProcessMemory.Release();
            (allowed, used) = Measure(share);
        }

        var free = allowed - used;
        if (_isFull ? free >= allowed * Enough : free < allowed * Scarce)
        {
            _isFull = !_isFull;
            if (_isFull)
            {
                Log.Full(logger, Megabytes(used), share, Megabytes((long)(allowed / share)));
            }
            else
            {
                Log.Free(logger, Megabytes(used));
            }
        }

        Volatile.Write(ref _most, _isFull ? 0 : connections.Count + (free / PerConnection));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            Look();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private (long Allowed, long Used) Measure(double share)
    {
        var (limit, used) = memory.Now;
        return ((long)(limit * share), used);
    }

    private static long Megabytes(long bytes) => bytes >> 20;

    private static partial class Log
    {
        [LoggerMessage(
            816, LogLevel.Warning,
            "Refusing new connections: {Used} MB of memory in use, limits.memory allows {Share:P0} of {Limit} MB; "
            + "give the gateway more memory, or add a replica",
            EventName = "MemoryFull")]
        public static partial void Full(ILogger logger, long used, double share, long limit);

        [LoggerMessage(817, LogLevel.Information, "Resumed accepting connections: {Used} MB of memory in use", EventName = "MemoryFree")]
        public static partial void Free(ILogger logger, long used);
    }
}
