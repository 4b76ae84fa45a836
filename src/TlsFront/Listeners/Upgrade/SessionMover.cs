using System.Text.Json;
using TlsFront.Connections;
using TlsFront.Gateway;
using TlsFront.Handover;
using TlsFront.Transport;

namespace TlsFront.Listeners.Upgrade;

/// <summary>
/// Gives sessions to the successor, a few at a time, so that none stands still for longer than those few take. Blocks: for a thread of its own.
/// </summary>
internal sealed class SessionMover(HandoverChannel channel, TimeProvider time)
{
    /// <summary>Sessions under way at once: enough that neither process waits for the other, few enough that all go within milliseconds.</summary>
    private const int Window = 16;

    /// <summary>How long an event loop may take to stop a session. It has nothing to wait for.</summary>
    private static readonly TimeSpan LoopPatience = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, (Session Session, IFrozenSession Frozen, long Since)> _underWay = [];

    /// <summary>Sessions that the successor does not want: they are not offered again.</summary>
    private readonly HashSet<Session> _declined = [];
    private int _number;

    /// <summary>Sessions that the successor has.</summary>
    public int Moved { get; private set; }

    /// <summary>The longest time that one was served by neither, as far as this process sees.</summary>
    public TimeSpan LongestPause { get; private set; }

    /// <summary>Moves those of <paramref name="sessions"/> that can be moved now.</summary>
    /// <exception cref="HandoverException">The successor failed. Those it does not have go on here.</exception>
    public void Move(IEnumerable<Session> sessions)
    {
        try
        {
            foreach (var session in sessions.Where(CanMove))
            {
                var since = time.GetTimestamp();
                if (Freeze(session) is { } frozen)
                {
                    Offer(session, frozen, since);
                }

                // Whoever was taken waits for nobody else.
                while (_underWay.Count >= Window || (_underWay.Count > 0 && channel.HasInput))
                {
                    TakeAnswer();
                }
            }

            while (_underWay.Count > 0)
            {
                TakeAnswer();
            }
        }
        finally
        {
            foreach (var (_, frozen, _) in _underWay.Values)
            {
                frozen.Thaw();
            }

            _underWay.Clear();
        }
    }

    /// <summary>Whether it is worth a try.</summary>
    public bool CanMove(Session session) => session.IsMovable && !_declined.Contains(session);

    private static IFrozenSession? Freeze(Session session)
    {
        var frozen = session.FreezeAsync().AsTask();
        if (frozen.Wait(LoopPatience))
        {
            return frozen.Result;
        }

        // Its loop is stuck, and will stop it once it is not.
        frozen.ContinueWith(static late => late.Result?.Thaw(), TaskContinuationOptions.OnlyOnRanToCompletion);
        return null;
    }

    private void Offer(Session session, IFrozenSession frozen, long since)
    {
        var number = _number++;
        _underWay.Add(number, (session, frozen, since));
        using var message = new StateWriter();
        message.Write(number);
        message.Write(JsonSerializer.SerializeToUtf8Bytes(session.Record.Capture(), ConnectionSnapshotJson.Default.ConnectionSnapshot));
        message.Write(frozen.State.Written);
        channel.Send(MessageKind.Session, message.Written, frozen.Descriptors);
    }

    private void TakeAnswer()
    {
        using var answer = channel.Receive() ?? throw new HandoverException("the new process closed the channel");
        if (answer.Kind == MessageKind.Failed)
        {
            throw new HandoverException(answer.Text);
        }

        var reader = new StateReader(answer.Payload);
        var number = reader.ReadInt32();
        if (answer.Kind is not (MessageKind.Taken or MessageKind.Declined) || !_underWay.TryGetValue(number, out var moving))
        {
            throw new HandoverException($"the new process answered with {answer.Kind}");
        }

        if (answer.Kind == MessageKind.Declined)
        {
            _underWay.Remove(number);
            _declined.Add(moving.Session);
            moving.Frozen.Thaw();
            return;
        }

        if (moving.Session.IsEnding)
        {
            // Told to end meanwhile, which only this process knows.
            channel.Send(MessageKind.Kept, answer.Payload);
            _underWay.Remove(number);
            moving.Frozen.Thaw();
            return;
        }

        channel.Send(MessageKind.Released, answer.Payload);
        _underWay.Remove(number);
        Moved++;
        var pause = time.GetElapsedTime(moving.Since);
        LongestPause = pause > LongestPause ? pause : LongestPause;
        moving.Frozen.Release();
    }
}
