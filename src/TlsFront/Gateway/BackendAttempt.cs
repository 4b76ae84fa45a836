using Microsoft.AspNetCore.Connections;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Gateway;

/// <summary>
/// One session's tries to reach a backend: never a destination twice, and one time budget over all of them, a wait for a free place included.
/// Each try gets an equal share of what is left, greeting included, so that a destination that swallows packets leaves time for the others.
/// </summary>
internal sealed partial class BackendAttempt(
    SessionTarget target, MailProtocol protocol, IClientWatch client, ConnectionRecord record, TimeSpan budget,
    DestinationPicker picker, BackendDialer dialer, SessionVerdicts verdicts, TimeProvider time, ILogger logger) : ISessionDestination, IDisposable
{
    private readonly BackendSettings _backend = target.Backend;
    private string[] _tried = [];

    /// <summary>
    /// The client, where its end means that it left: one of mail that asked for nothing would wait for the greeting. What tcp carries may have
    /// nothing to say and wait for what it is told, and keeps its place.
    /// </summary>
    private readonly IClientWatch? _awaiting = ProtocolProfile.Of(protocol).IsUnderstood ? client : null;

    private DestinationLease? _lease;
    private long _started;
    private long _connected;

    /// <summary>Why there is no connection, where it is not the destinations that failed.</summary>
    public CloseReason? Shortage { get; private set; }

    /// <summary>
    /// Connects to the next destination that answers and introduces the client to it. Null when none is left, the budget is spent or
    /// <paramref name="stop"/> is set. <paramref name="failure"/> is why the one before, if it was connected, was given up.
    /// </summary>
    public async ValueTask<ConnectionContext?> ConnectAsync(CloseReason failure, CancellationToken stop)
    {
        if (_lease is null)
        {
            _started = time.GetTimestamp();
            record.Server = this;
        }
        else
        {
            Log.GivenUp(logger, record.Facts.Id, _backend.Name, _lease.Destination.Address, failure.Tag());
            Blame(failure);
            _lease.Dispose();
        }

        while (Left() is var patience && patience > TimeSpan.Zero)
        {
            var began = time.GetTimestamp();
            var (lease, untried) = await picker.PickAsync(target, _tried, patience, _awaiting, stop);
            record.DestinationPicked(_backend.Name, lease?.Destination.Address, time.GetElapsedTime(began));
            var share = untried == 0 ? TimeSpan.Zero : Left() / untried;
            if (lease is null || share <= TimeSpan.Zero)
            {
                lease?.Dispose();
                Shortage = untried == 0 ? Shortage : WhyNoPlace(stop);
                return null;
            }

            _lease = lease;
            _tried = [.. _tried, lease.Destination.Address];
            if (await TryAsync(lease, untried, share, stop) is { } connection)
            {
                return connection;
            }

            lease.Dispose();
            if (stop.IsCancellationRequested)
            {
                Shortage = CloseReason.Aborted;
                return null;
            }
        }

        return null;
    }

    /// <summary>Goes on with the place that the session has already.</summary>
    public void Resume(DestinationLease lease) => _lease = lease;

    /// <summary>The session ended for <paramref name="reason"/>, perhaps before its destination greeted.</summary>
    public void End(CloseReason reason)
    {
        if (!record.BackendGreeted)
        {
            Blame(reason);
        }
    }

    /// <summary>Ends the session's place at its destination, once the connection to it is closed.</summary>
    public void Dispose() => _lease?.Dispose();

    void ISessionDestination.Greeted() => _lease?.Destination.Served(time.GetTimestamp(), time.GetElapsedTime(_connected));

    void ISessionDestination.LoginOffered(bool isOffered)
    {
        if (_lease is { } lease)
        {
            verdicts.LoginOffered(_backend, lease.Destination, isOffered);
        }
    }

    private TimeSpan Left() => budget - time.GetElapsedTime(_started);

    private CloseReason WhyNoPlace(CancellationToken stop) =>
        stop.IsCancellationRequested ? CloseReason.Aborted
        : _awaiting is { ClientLeft.IsCancellationRequested: true } ? CloseReason.QueueClientLeft
        : CloseReason.BackendBusy;

    private async ValueTask<ConnectionContext?> TryAsync(DestinationLease lease, int untried, TimeSpan share, CancellationToken stop)
    {
        var destination = lease.Destination.Address;
        var began = time.GetTimestamp();
        var result = await dialer.DialAsync(_backend, destination, protocol, _ => record.Facts, share, stop);
        var elapsed = time.GetElapsedTime(began);
        if (result.Connection is { } connection)
        {
            Shortage = null;
            _connected = time.GetTimestamp();
            lease.Destination.ConnectTimes.Add(elapsed);
            record.BackendTried(_backend.Name, destination, elapsed, failure: null);
            record.Facts.IsIntroducedInDialogue = _backend.IsIntroducedInDialogue;
            record.Facts.CanFailOver = untried > 1;
            record.Facts.FailOverAfter = share > elapsed ? share - elapsed : TimeSpan.Zero;
            return connection;
        }

        if (result.Failure == ConnectFailure.None)
        {
            return null;
        }

        record.BackendTried(_backend.Name, destination, elapsed, result.Failure.Tag());
        Log.ConnectFailed(logger, record.Facts.Id, _backend.Name, destination, result.Words, elapsed.TotalMilliseconds);
        if (result.Failure == ConnectFailure.NoLocalPort)
        {
            Shortage = CloseReason.NoLocalPort;
        }
        else if (!result.Failure.IsOurs())
        {
            Shortage = null;
            verdicts.Failed(_backend, lease.Destination, result.Words);
        }

        return null;
    }

    /// <summary>
    /// A refusal is no failure: servers refuse by the client's address, and a client must not be able to take destinations away from the others. Nor
    /// is it one if the destination greeted somebody meanwhile: servers also wait for the name of the client's address,
    /// and close by it without a word.
    /// </summary>
    private void Blame(CloseReason reason)
    {
        if (_lease is { } lease
            && reason is CloseReason.BackendClosed or CloseReason.BackendReset or CloseReason.BackendTimeout or CloseReason.BackendProtocolError
                or CloseReason.BackendUnavailable or CloseReason.IdentityRefused)
        {
            var words = reason == CloseReason.BackendUnavailable ? "it did not greet sessions" : reason.Words();
            if (lease.Destination.ServedSince(_connected))
            {
                verdicts.Refused(_backend, lease.Destination, words);
            }
            else
            {
                verdicts.Failed(_backend, lease.Destination, words);
            }
        }
        else if (_lease is { } refused && reason == CloseReason.BackendRefused)
        {
            verdicts.Refused(_backend, refused.Destination, reason.Words());
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            300, LogLevel.Warning, "{Id}: backend {Backend} destination {Destination} could not be connected: {Failure}; after {Elapsed:F0} ms",
            EventName = "BackendConnectFailed")]
        public static partial void ConnectFailed(ILogger logger, string id, string backend, string destination, string failure, double elapsed);

        [LoggerMessage(
            301, LogLevel.Warning, "{Id}: backend {Backend} destination {Destination} was given up: {Reason}", EventName = "BackendGivenUp")]
        public static partial void GivenUp(ILogger logger, string id, string backend, string destination, string reason);
    }
}
