using System.Globalization;
using System.Text.Json;
using TlsFront.Admin;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Gateway;
using TlsFront.Handover;
using TlsFront.Routing;
using TlsFront.Telemetry;
using TlsFront.Transport;

namespace TlsFront.Listeners.Upgrade;

/// <summary>
/// Replaces this process by a new one that takes over listeners and sessions. Until the new one has them, this one serves as ever, and whatever goes
/// wrong with the new one changes nothing here.
/// </summary>
internal sealed partial class UpgradeCoordinator(
    ISuccessorLauncher launcher, SettingsStore settings, TransportEngine engine, MailListeners listeners, MailConnections connections,
    SessionRegistry sessions, ListeningSockets sockets, UserOverrides overrides, BackendPools pools, Readiness readiness, ServiceNotifier notifier,
    Succession succession, StateVersions versions, HandedStates states, TimeProvider time, ILogger<UpgradeCoordinator> logger) : IDisposable
{
    /// <summary>How often what could not be moved is looked at again.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the new process may take for an answer once it serves: sessions stand still meanwhile.</summary>
    private static readonly TimeSpan MovePatience = TimeSpan.FromSeconds(3);

    private int _isUnderWay;
    private volatile bool _isCancelled;
    private volatile Successor? _candidate;
    private Successor? _successor;
    private SessionMover? _mover;

    /// <summary>The gateway was told to end: an upgrade that is under way ends, and the new process with it.</summary>
    public void Cancel()
    {
        _isCancelled = true;
        if (!succession.Ended.IsCancellationRequested)
        {
            _candidate?.Kill();
        }
    }

    /// <summary>Starts the new process and has it take over.</summary>
    /// <exception cref="HandoverException">It did not work, and this process goes on.</exception>
    public async Task<UpgradeStatus> UpgradeAsync()
    {
        if (Interlocked.Exchange(ref _isUnderWay, 1) != 0)
        {
            throw new HandoverException(
                succession.Ended.IsCancellationRequested ? "another process is the gateway already" : "an upgrade is under way already");
        }

        Successor? successor = null;
        SessionMover? mover = null;
        try
        {
            Check();
            Log.Started(logger);
            _candidate = successor = await Successor.StartAsync(launcher, settings.Current.Upgrade.Timeout);
            mover = new SessionMover(successor.Channel, time);
            var before = connections.Count;
            await Task.Factory.StartNew(
                () => HandOver(successor, mover), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var status = new UpgradeStatus(
                successor.ProcessId, successor.SuccessorHello.Program, mover.Moved, Math.Max(0, before - mover.Moved),
                mover.LongestPause.TotalMilliseconds);
            Log.Replaced(
                logger, status.ProcessId, status.Version, status.Moved, status.LongestPauseMilliseconds, status.Left,
                settings.Current.Drain.Timeout);
            return status;
        }
#pragma warning disable CA1031 // Whatever it is, it must not end with a new process that believes it is the gateway.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var reason = exception.Message;
            if (successor is not null)
            {
                successor.Reject(reason);
                reason += await successor.DescribeExitAsync();
                successor.Dispose();
                reason += mover is { Moved: > 0 } ? $"; {mover.Moved} sessions that it had taken over ended with it" : "";
            }

            _candidate = null;
            Volatile.Write(ref _isUnderWay, 0);
            Log.Failed(logger, reason, exception is HandoverException ? null : exception);
            throw new HandoverException(reason, exception);
        }
    }

    /// <summary>
    /// Until all connections ended, or <paramref name="limit"/> passed: moves sessions that could not be moved before, such as those that were not
    /// logged in yet. False if the new process ended meanwhile.
    /// </summary>
    public async Task<bool> MoveRestAsync(TimeSpan limit, CancellationToken atOnce)
    {
        var started = time.GetTimestamp();
        var canMove = true;
        while (connections.Count > 0 && time.GetElapsedTime(started) < limit)
        {
            if (!_successor!.IsRunning)
            {
                Log.SuccessorLost(logger, _successor.ProcessId);
                return false;
            }

            if (canMove && sessions.Sessions.Any(_mover!.CanMove))
            {
                canMove = await Task.Factory.StartNew(
                    TryMoveRest, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }

            await Task.Delay(Tick, time, atOnce);
        }

        return true;
    }

    public void Dispose() => _successor?.Dispose();

    private void Check()
    {
        if (!succession.Begun.IsCompleted)
        {
            throw new HandoverException("this process is about to replace another one; try again when it has");
        }

        if (_isCancelled || readiness.IsDraining)
        {
            throw new HandoverException("the gateway is draining");
        }

        if (Environment.ProcessId == 1)
        {
            throw new HandoverException(
                "this is process 1 of its container, which ends with it; replace the container, as a rolling update does: sessions are drained");
        }

        if (!listeners.CanHandOver)
        {
            throw new HandoverException(
                $"the {engine.Name} engine cannot hand sessions over, the native one can; restart the gateway: sessions are drained");
        }
    }

    /// <summary>Everything from the greeting to the moment when the new process is the gateway. Blocks.</summary>
    private void HandOver(Successor successor, SessionMover mover)
    {
        if (_isCancelled)
        {
            throw new HandoverException("the gateway was told to end");
        }

        var (channel, theirs) = (successor.Channel, successor.SuccessorHello.States);
        if (versions.Common(theirs) is not { } version)
        {
            throw new HandoverException(
                $"the new process, version {successor.SuccessorHello.Program}, reads sessions of versions {theirs.Oldest} to {theirs.Newest}, "
                + $"this one writes {versions.Oldest} to {versions.Newest}; restart the gateway: sessions are drained");
        }

        channel.Send(MessageKind.Welcome, version.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, address, descriptors) in sockets.Own)
        {
            var listener = JsonSerializer.SerializeToUtf8Bytes(new(name, $"{address}"), UpgradeJson.Default.HandedListener);
            foreach (var some in descriptors.Chunk(DescriptorPassing.MaxDescriptors))
            {
                channel.Send(MessageKind.Listener, listener, some);
            }
        }

        channel.Send(MessageKind.Decisions, JsonSerializer.SerializeToUtf8Bytes(Decided(), UpgradeJson.Default.Decisions));
        states.Send(channel);
        channel.Send(MessageKind.Start);
        channel.Expect(MessageKind.Ready).Dispose();
        channel.Send(MessageKind.Serve);
        channel.ReceiveTimeout = MovePatience;
        try
        {
            mover.Move(sessions.Sessions);
            channel.Send(MessageKind.Decisions, JsonSerializer.SerializeToUtf8Bytes(Decided(), UpgradeJson.Default.Decisions));
            channel.Send(MessageKind.Replace);
            channel.Expect(MessageKind.Replaced).Dispose();
        }
        catch (HandoverException exception) when (mover.Moved > 0 && !_isCancelled && successor.IsRunning)
        {
            // It has sessions, and serves them. Without a channel it knows that it is the gateway.
            Log.Incomplete(logger, exception.Message);
            channel.Dispose();
        }

        notifier.Replace(successor.ProcessId);
        (_mover, _successor) = (mover, successor);
        try
        {
            succession.End();
        }
        catch (AggregateException exception)
        {
            // There is no way back from here: the other process is the gateway.
            Log.EndedBadly(logger, exception);
        }

        try
        {
            channel.Send(MessageKind.Introduced);
        }
        catch (HandoverException)
        {
            // It does not wait for this for ever.
        }
    }

    private Decisions Decided() => new(
        overrides.All,
        [
            .. from backend in settings.Current.Backends
               from address in backend.Destinations
               where pools.Of(backend.Name).Get(address).IsDrained
               select new DrainedDestination(backend.Name, address),
        ]);

    private bool TryMoveRest()
    {
        try
        {
            _mover!.Move(sessions.Sessions);
            return true;
        }
        catch (HandoverException exception)
        {
            Log.RestStays(logger, exception.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(108, LogLevel.Error, "The end of this process, which was replaced, is not known everywhere in it", EventName = "EndedBadly")]
        public static partial void EndedBadly(ILogger logger, Exception exception);

        [LoggerMessage(123, LogLevel.Information, "Upgrade: starting the new process", EventName = "UpgradeStarted")]
        public static partial void Started(ILogger logger);

        [LoggerMessage(
            124, LogLevel.Information,
            "Upgrade: process {ProcessId}, version {Version}, is the gateway now, with {Sessions} sessions, none of which paused for more than "
                + "{Pause:F1} ms; {Left} connections stay here until they end or drain.timeout, {Limit}, passes",
            EventName = "UpgradeFinished")]
        public static partial void Replaced(
            ILogger logger, int processId, string version, int sessions, double pause, int left, TimeSpan limit);

        [LoggerMessage(125, LogLevel.Error, "Upgrade failed, this process continues: {Reason}", EventName = "UpgradeFailed")]
        public static partial void Failed(ILogger logger, string reason, Exception? exception);

        [LoggerMessage(
            128, LogLevel.Warning, "Upgrade: the new process serves, but not all sessions could be moved to it: {Reason}",
            EventName = "UpgradeIncomplete")]
        public static partial void Incomplete(ILogger logger, string reason);

        [LoggerMessage(
            129, LogLevel.Error, "Upgrade: the new process, {ProcessId}, ended; this one ends as well, so that the gateway can be started anew",
            EventName = "SuccessorLost")]
        public static partial void SuccessorLost(ILogger logger, int processId);

        [LoggerMessage(126, LogLevel.Warning, "No more sessions can be moved to the new process: {Reason}", EventName = "UpgradeRestStays")]
        public static partial void RestStays(ILogger logger, string reason);
    }
}
