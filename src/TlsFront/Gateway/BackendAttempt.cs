using Microsoft.AspNetCore.Connections;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;

namespace TlsFront.Gateway;

/// <summary>
/// One session's tries to reach a backend: never a destination twice, and one time budget over all of them. Each try gets an equal share of
/// what is left, greeting included, so that a destination that swallows packets leaves time for the others.
/// </summary>
internal sealed partial class BackendAttempt(
    BackendSettings backend, ProxyHeaderProfile introduction, ConnectionRecord record, TimeSpan budget,
    DestinationPicker picker, BackendDialer dialer, SessionVerdicts verdicts, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly HashSet<string> _tried = [];
    private DestinationLease? _lease;
    private long _started;

    /// <summary>
    /// Connects to the next destination that answers and introduces the client to it. Null when none is left, the budget is spent or
    /// <paramref name="stop"/> is set. <paramref name="failure"/> is why the one before, if it was connected, was given up.
    /// </summary>
    public async ValueTask<ConnectionContext?> ConnectAsync(CloseReason failure, CancellationToken stop)
    {
        if (_lease is null)
        {
            _started = time.GetTimestamp();
            record.WhenGreeted = () => _lease?.Destination.Served();
        }
        else
        {
            Log.GivenUp(logger, record.Facts.Id, backend.Name, _lease.Destination.Address, failure.Tag());
            Blame(failure);
            _lease.Dispose();
        }

        var began = time.GetTimestamp();
        while (budget - time.GetElapsedTime(_started, began) is var left && left > TimeSpan.Zero
            && picker.Pick(backend, _tried, out var untried) is { } lease)
        {
            _lease = lease;
            var destination = lease.Destination.Address;
            var share = left / untried;
            _tried.Add(destination);
            var (connection, error) = await dialer.DialAsync(destination, introduction, _ => record.Facts, share, stop);
            var ended = time.GetTimestamp();
            var elapsed = time.GetElapsedTime(began, ended);
            if (connection is null && error == ConnectFailure.None)
            {
                return null;
            }

            record.BackendTried(backend.Name, destination, elapsed, connection is not null ? null : error.Tag());
            if (connection is not null)
            {
                record.Facts.CanFailOver = untried > 1;
                record.Facts.FailOverAfter = share > elapsed ? share - elapsed : TimeSpan.Zero;
                return connection;
            }

            Log.ConnectFailed(logger, record.Facts.Id, backend.Name, destination, error.Tag(), elapsed.TotalMilliseconds);
            if (error != ConnectFailure.NoLocalPort)
            {
                verdicts.Failed(backend, lease.Destination, error.Words());
            }

            lease.Dispose();
            began = ended;
        }

        return null;
    }

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

    /// <summary>
    /// A refusal is no failure: servers refuse by the client's address, and a client must not be able to take destinations away from the others.
    /// </summary>
    private void Blame(CloseReason reason)
    {
        if (_lease is { } lease
            && reason is CloseReason.BackendClosed or CloseReason.BackendReset or CloseReason.BackendTimeout or CloseReason.BackendProtocolError or CloseReason.BackendUnavailable)
        {
            verdicts.Failed(backend, lease.Destination, reason == CloseReason.BackendUnavailable ? "it did not greet sessions" : reason.Words());
        }
    }

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Warning, "{Id}: backend {Backend} destination {Destination} could not be connected: {Failure} after {Elapsed:F0} ms", EventName = "BackendConnectFailed")]
        public static partial void ConnectFailed(ILogger logger, string id, string backend, string destination, string failure, double elapsed);

        [LoggerMessage(301, LogLevel.Warning, "{Id}: backend {Backend} destination {Destination} was given up: {Reason}", EventName = "BackendGivenUp")]
        public static partial void GivenUp(ILogger logger, string id, string backend, string destination, string reason);
    }
}
