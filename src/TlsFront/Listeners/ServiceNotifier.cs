using System.Globalization;
using TlsFront.Configuration;
using TlsFront.Gateway;
using TlsFront.Systemd;
using TlsFront.Telemetry;
using TlsFront.Transport;

namespace TlsFront.Listeners;

/// <summary>
/// Keeps the service manager informed: started, reloading, stopping, what goes on, and that it goes on at all. A sign of life is given only after
/// every event loop did a turn, so a stuck one lets the watchdog restart the process.
/// </summary>
internal sealed partial class ServiceNotifier(
    ServiceManager manager, TransportEngine engine, Readiness readiness, MailListeners listeners, MailConnections connections,
    SessionRegistry sessions,
    TimeProvider time, ILogger<ServiceNotifier> logger) : BackgroundService, IReloadObserver
{
    /// <summary>Longest time between two reports. The status should not be stale, and a drain asks for more time with each.</summary>
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromSeconds(5);

    /// <summary>More time to stop, asked for again well before it is over; a drain that is stuck asks no more and is killed.</summary>
    private static readonly TimeSpan Extension = TimeSpan.FromSeconds(30);

    private volatile bool _started;

    /// <summary>Half of the watchdog's time, as sd_watchdog_enabled(3) recommends.</summary>
    private TimeSpan Period => manager.Watchdog / 2 is { } half && half < LongestPeriod ? half : LongestPeriod;

    private string Status =>
        $"STATUS={(readiness.IsDraining ? "draining" : "serving")}: {Counted(listeners.Bound.Count, "listener")}, "
        + $"{Counted(connections.Count, "connection")}, {Counted(sessions.Count, "session")}";

    private static string MoreTime =>
        string.Create(CultureInfo.InvariantCulture, $"EXTEND_TIMEOUT_USEC={Extension.Ticks / TimeSpan.TicksPerMicrosecond}");

    /// <summary>Before the start is told there is no reload, and while draining the manager would take READY for the end of the stop.</summary>
    private bool TellsReloads => _started && !readiness.IsDraining;

    /// <summary>All listeners are bound.</summary>
    public void Ready()
    {
        _started = true;
        if (manager.IsPresent && !manager.Notify("READY=1", Status))
        {
            Log.NotTold(logger);
        }
    }

    /// <inheritdoc/>
    public void Reloading()
    {
        if (TellsReloads)
        {
            // The manager tells by the clock, CLOCK_MONOTONIC as it is here, which reload this is.
            manager.Notify(
                "RELOADING=1",
                string.Create(CultureInfo.InvariantCulture, $"MONOTONIC_USEC={time.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond}"));
        }
    }

    /// <inheritdoc/>
    /// <remarks>For the manager a reload is over, well or not.</remarks>
    public void Reloaded(bool succeeded)
    {
        if (TellsReloads)
        {
            manager.Notify("READY=1", Status);
        }
    }

    /// <summary>Another process is the service from here on, and the manager hears nothing more from this one.</summary>
    public void Replace(int processId)
    {
        _started = false;
        manager.Notify(string.Create(CultureInfo.InvariantCulture, $"MAINPID={processId}"));
    }

    /// <summary>The drain begins.</summary>
    public void Stopping()
    {
        if (_started)
        {
            manager.Notify("STOPPING=1", MoreTime, Status);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!manager.IsPresent)
        {
            return;
        }

        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                // Not before the start was told, and not after another process took over: the manager listens to one process.
                if (_started)
                {
                    await ReportAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static string Counted(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private async Task ReportAsync(CancellationToken stop)
    {
        try
        {
            await (engine.Figures?.TurnAsync() ?? Task.CompletedTask).WaitAsync(Period, time, stop);
        }
        catch (TimeoutException)
        {
            Log.Stuck(logger, Period);
            return;
        }

        manager.Notify(readiness.IsDraining ? ["WATCHDOG=1", Status, MoreTime] : ["WATCHDOG=1", Status]);
    }

    private static partial class Log
    {
        [LoggerMessage(
            110, LogLevel.Warning, "The service manager cannot be told that the gateway is ready: nobody listens on NOTIFY_SOCKET",
            EventName = "ServiceManagerNotTold")]
        public static partial void NotTold(ILogger logger);

        [LoggerMessage(
            111, LogLevel.Error, "An event loop did no turn within {Period}; the service manager gets no sign of life", EventName = "EngineStuck")]
        public static partial void Stuck(ILogger logger, TimeSpan period);
    }
}
