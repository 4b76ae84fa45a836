using System.Net.Sockets;
using System.Text.Json;
using TlsFront.Connections;
using TlsFront.Gateway;
using TlsFront.Handover;
using TlsFront.Protocols;
using TlsFront.Telemetry;
using TlsFront.Transport;

namespace TlsFront.Listeners.Upgrade;

/// <summary>
/// Takes over the predecessor's sessions. A session is taken in three steps, so that exactly one process serves it whatever becomes of the other: it
/// is offered, it is taken, it is released. Only then is anything read or written.
/// </summary>
internal sealed partial class SessionIntake(
    Predecessor predecessor, MailListeners listeners, ListenerTable settings, DecisionsIntake decisions, Succession succession,
    Readiness readiness, ILogger<SessionIntake> logger)
{
    private readonly Dictionary<int, (IAdoptingListener Listener, AdoptedSession Session)> _taken = [];
    private readonly TaskCompletionSource _introduced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>Begins, on a thread of its own.</summary>
    public void Start() => new Thread(Run) { Name = "tlsfront takeover", IsBackground = true }.Start();

    /// <summary>Waits until this process is the gateway, and the service manager knows; or until <paramref name="stop"/> is set.</summary>
    /// <exception cref="HandoverException">It is not to be: the predecessor goes on.</exception>
    public async Task BecomeGatewayAsync(CancellationToken stop)
    {
        try
        {
            await _introduced.Task.WaitAsync(stop);
            Log.Replaced(logger, _count);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It ends before it was the gateway, in order: there may be sessions.
        }
    }

    private void Run()
    {
        using var channel = predecessor.Channel;
        channel.ReceiveTimeout = Timeout.InfiniteTimeSpan;
        var reason = "it is gone";
        try
        {
            while (channel.Receive() is { } message)
            {
                using (message)
                {
                    Take(channel, message);
                }
            }
        }
        catch (RejectedException exception)
        {
            _introduced.TrySetException(new HandoverException(exception.Message, exception));
            return;
        }
#pragma warning disable CA1031 // A thread of our own: whatever it is, sessions that are here must be served.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            reason = exception.Message;
        }
        finally
        {
            foreach (var (_, session) in _taken.Values)
            {
                // Never released: it is the other's.
                _ = session.DisposeAsync().AsTask();
            }
        }

        // The predecessor says so if it wants to go on. It is gone, or believes that this process is; once this one accepts clients, it serves.
        if (succession.Accepting.IsCompleted)
        {
            if (!_introduced.Task.IsCompleted)
            {
                Log.Ended(logger, reason);
            }

            BecomeGateway();
            _introduced.TrySetResult();
        }
        else
        {
            _introduced.TrySetException(new HandoverException(reason));
        }
    }

    private void BecomeGateway()
    {
        try
        {
            succession.Begin();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException)
        {
            // Mail is served all the same.
            Log.Unpublished(logger, exception);
        }
    }

    private void Take(HandoverChannel channel, HandoverMessage message)
    {
        switch (message.Kind)
        {
            case MessageKind.Serve:
                succession.Accept();
                break;
            case MessageKind.Session:
                Offer(channel, message);
                break;
            case MessageKind.Released:
                var (listener, session) = Remove(message);
                _count++;
                if (!listener.Serve(session.Client))
                {
                    _ = session.DisposeAsync().AsTask();
                }

                break;
            case MessageKind.Kept:
                _ = Remove(message).Session.DisposeAsync().AsTask();
                break;
            case MessageKind.Decisions:
                decisions.Apply(Predecessor.Read(message, UpgradeJson.Default.Decisions));
                break;
            case MessageKind.Replace:
                BecomeGateway();
                channel.Send(MessageKind.Replaced);
                break;
            case MessageKind.Introduced:
                _introduced.TrySetResult();
                break;
            case MessageKind.Failed:
                throw new RejectedException(message.Text);
            default:
                throw new HandoverException($"the previous gateway sent {message.Kind}");
        }
    }

    private (IAdoptingListener Listener, AdoptedSession Session) Remove(HandoverMessage message)
    {
        var reader = new StateReader(message.Payload);
        return _taken.Remove(reader.ReadInt32(), out var taken)
            ? taken
            : throw new HandoverException("the predecessor released a session that it never offered");
    }

    private void Offer(HandoverChannel channel, HandoverMessage message)
    {
        var reader = new StateReader(message.Payload);
        var number = reader.ReadInt32();
        using var answer = new StateWriter();
        answer.Write(number);
        try
        {
            _taken.Add(number, Adopt(ref reader, message));
        }
#pragma warning disable CA1031 // Whatever it is, the session is better where it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Declined(logger, exception.Message);
            channel.Send(MessageKind.Declined, answer.Written);
            return;
        }

        channel.Send(MessageKind.Taken, answer.Written);
    }

    private (IAdoptingListener Listener, AdoptedSession Session) Adopt(ref StateReader reader, HandoverMessage message)
    {
        var snapshot = JsonSerializer.Deserialize(reader.ReadBytes(), ConnectionSnapshotJson.Default.ConnectionSnapshot)
            ?? throw new HandoverException("a session has no record");
        if (readiness.IsDraining)
        {
            throw new HandoverException("this process ends as well");
        }

        if (listeners.Find(snapshot.Listener)?.Adopting is not { } listener || settings.Find(snapshot.Listener) is not { } terms
            || terms.Settings.ProtocolName != snapshot.Protocol)
        {
            throw new HandoverException($"there is no listener {snapshot.Listener} for {snapshot.Protocol} any more");
        }

        if (message.Descriptors != 2)
        {
            throw new HandoverException("a session came without its two sockets");
        }

        // Read once more where it is used; what cannot be read must not be taken.
        _ = ConnectionRecord.Restore(snapshot, NullConnectionEvents.Instance);
        var state = new StateReader(reader.ReadBytes());
        var (client, backend) = listener.Adopt(ref state, message.Take(0), message.Take(1));
        var session = new AdoptedSession(snapshot, client, backend);
        try
        {
            client.Features.Set(MachineState.Read(ref state, ProtocolProfile.Of(terms.Settings.Protocol)));
            client.Features.Set(session);
            return state.IsAtEnd ? (listener, session) : throw new HandoverException("the state of a session is longer than it says");
        }
        catch
        {
            _ = session.DisposeAsync().AsTask();
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(120, LogLevel.Information, "Took over from the running gateway, with {Sessions} of its sessions", EventName = "TookOver")]
        public static partial void Replaced(ILogger logger, int sessions);

        [LoggerMessage(121, LogLevel.Warning, "The previous gateway keeps a session: {Reason}", EventName = "SessionDeclined")]
        public static partial void Declined(ILogger logger, string reason);

        [LoggerMessage(
            122, LogLevel.Warning, "The previous gateway did not finish, this process is the gateway with what it has: {Reason}",
            EventName = "TakeoverEnded")]
        public static partial void Ended(ILogger logger, string reason);

        [LoggerMessage(127, LogLevel.Error, "The admin endpoint is not available in this process", EventName = "AdminUnpublished")]
        public static partial void Unpublished(ILogger logger, Exception exception);
    }

    /// <summary>The predecessor goes on, and says so.</summary>
    private sealed class RejectedException(string message) : Exception(message);
}
