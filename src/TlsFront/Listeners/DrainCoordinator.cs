using TlsFront.Admin;
using TlsFront.Configuration;
using TlsFront.Gateway;
using TlsFront.Handover;
using TlsFront.Listeners.Upgrade;
using TlsFront.Telemetry;

namespace TlsFront.Listeners;

/// <summary>
/// The orderly end of the process: not ready, still accepting for <c>drain.delay</c>, then no new connections, goodbyes, and the wait for
/// the last connection or <c>drain.timeout</c>. The host stops only after that, so metrics and health answer until the end.
/// </summary>
internal sealed partial class DrainCoordinator(
    SettingsStore settings, Readiness readiness, MailListeners listeners, MailConnections connections, SessionRegistry sessions,
    UpgradeCoordinator upgrade, Succession succession, TimeProvider time, ILogger<DrainCoordinator> logger)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private volatile DrainProgress? _progress;

    /// <summary>The drain that is on its way; null before.</summary>
    public DrainProgress? Progress => _progress;

    /// <summary>Drains; <paramref name="atOnce"/> (the second signal) ends every session and the wait.</summary>
    public async Task DrainAsync(CancellationToken atOnce)
    {
        var drain = settings.Current.Drain;
        if (succession.Ended.IsCancellationRequested)
        {
            await RetireAsync(drain, atOnce);
            return;
        }

        readiness.Drain();
        upgrade.Cancel();
        var began = time.GetUtcNow();
        _progress = new DrainProgress(began, began + drain.Delay, began + drain.Delay + drain.Timeout, connections.Count);
        Log.Started(logger, connections.Count, drain.Delay, drain.Timeout);
        var started = time.GetTimestamp();
        try
        {
            await Task.Delay(drain.Delay, time, atOnce);
            await listeners.StopAcceptingAsync();
            sessions.BeginDrain();
            await SayGoodbyeAsync(drain.Timeout, atOnce);
        }
        catch (OperationCanceledException) when (atOnce.IsCancellationRequested)
        {
            Log.Interrupted(logger, connections.Count);
        }

        await listeners.StopAcceptingAsync();
        await AbortAsync();
        Log.Finished(logger, time.GetElapsedTime(started));
    }

    /// <summary>
    /// Machines are told at once and find the right moment themselves. Transparent sessions can only be closed, so their ends are spread
    /// evenly over the first three quarters of the window: thousands of clients must not reconnect in the same second. A connection still in
    /// its TLS handshake becomes a session that is told so at its start.
    /// </summary>
    private async Task SayGoodbyeAsync(TimeSpan timeout, CancellationToken atOnce)
    {
        var spread = timeout * 0.75;
        var started = time.GetTimestamp();
        var told = new HashSet<Session>();
        var closing = new HashSet<Session>();
        while (connections.Count > 0)
        {
            var elapsed = time.GetElapsedTime(started);
            if (elapsed >= timeout)
            {
                return;
            }

            var transparent = new List<Session>();
            foreach (var session in sessions.Sessions)
            {
                if (session.IsTransparent)
                {
                    if (!closing.Contains(session))
                    {
                        transparent.Add(session);
                    }
                }
                else if (told.Add(session))
                {
                    session.Drain();
                }
            }

            var ticksLeft = Math.Max(1, (int)((spread - elapsed) / Tick));
            foreach (var session in transparent.Take((transparent.Count + ticksLeft - 1) / ticksLeft))
            {
                closing.Add(session);
                session.Drain();
            }

            await Task.Delay(Tick, time, atOnce);
        }
    }

    /// <summary>
    /// The end of a process that was replaced by an upgrade: what could not be moved to the new one has half of <c>drain.timeout</c> to get there or
    /// to end by itself, and the other half for goodbyes.
    /// </summary>
    private async Task RetireAsync(DrainSettings drain, CancellationToken atOnce)
    {
        readiness.Drain();
        await listeners.StopAcceptingAsync();
        var half = drain.Timeout / 2;
        var began = time.GetUtcNow();
        _progress = new DrainProgress(began, began, began + drain.Timeout, connections.Count);
        Log.Retiring(logger, connections.Count, half, half);
        var started = time.GetTimestamp();
        try
        {
            var isServed = await upgrade.MoveRestAsync(half, atOnce);
            sessions.BeginDrain();
            await SayGoodbyeAsync(isServed ? half : TimeSpan.FromSeconds(1), atOnce);
        }
        catch (OperationCanceledException) when (atOnce.IsCancellationRequested)
        {
            Log.Interrupted(logger, connections.Count);
        }

        await AbortAsync();
        Log.Finished(logger, time.GetElapsedTime(started));
    }

    private async Task AbortAsync()
    {
        if (connections.Count > 0)
        {
            Log.Aborting(logger, connections.Count);
        }

        sessions.AbortAll();

        // Their loops need a moment to write their log lines; one that does not end is cut by the host.
        for (var waited = TimeSpan.Zero; connections.Count > 0 && waited < TimeSpan.FromSeconds(2); waited += TimeSpan.FromMilliseconds(20))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            200, LogLevel.Information, "Draining {Connections} connections: accepting for another {Delay}, then up to {Timeout} for goodbyes",
            EventName = "DrainStarted")]
        public static partial void Started(ILogger logger, int connections, TimeSpan delay, TimeSpan timeout);

        [LoggerMessage(
            204, LogLevel.Information,
            "Replaced: {Connections} connections have {Half} to move to the new process or to end, then {Rest} for goodbyes", EventName = "Retiring")]
        public static partial void Retiring(ILogger logger, int connections, TimeSpan half, TimeSpan rest);

        [LoggerMessage(
            201, LogLevel.Warning, "Drain interrupted by a second signal with {Connections} connections left", EventName = "DrainInterrupted")]
        public static partial void Interrupted(ILogger logger, int connections);

        [LoggerMessage(202, LogLevel.Warning, "Ending {Connections} connections that did not end by themselves", EventName = "DrainAborting")]
        public static partial void Aborting(ILogger logger, int connections);

        [LoggerMessage(203, LogLevel.Information, "Drained in {Elapsed}", EventName = "DrainFinished")]
        public static partial void Finished(ILogger logger, TimeSpan elapsed);
    }
}
