using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Protocols;

namespace TlsFront.Transport.Native;

/// <summary>
/// A session inside the loop. <see cref="Work"/> does everything that can be done now and returns; it is called whenever a socket, a signal, a
/// deadline or the end of another session's turn may have changed that.
/// </summary>
internal sealed class NativeSession(
    NativeConnection connection, ClientSide client, MailMachine machine, ConnectionRecord record, TimeoutSettings timeouts, TimeProvider time)
    : SessionDriver(machine, record, timeouts, time)
{
    /// <summary>Bytes a session may move before others have their turn.</summary>
    private const int BytesPerTurn = 512 * 1024;

    [ThreadStatic]
    private static EmitBuffer? _emittedAtStart;

    private readonly EventLoop _loop = connection.Loop;
    private readonly SessionTimer _timer = new(connection);
    private NativeBackend? _connection;
    private NativeSide? _backend;
    private bool _closing;
    private bool _lingers;
    private bool _isSpent;

    protected override SessionSide Client => client;

    protected override SessionSide? Backend => _backend;

    protected override EmitBuffer Emitted => _loop.Scratch.Emitted;

    protected override bool DeadlinePassed => _timer.HasPassed;

    /// <summary>Whether the client took its leave, or had the time for it.</summary>
    public bool HasSaidGoodbye { get; private set; }

    /// <summary>Starts the machine on the caller's thread; true if it wants a backend before anything else.</summary>
    public bool TryStart(out Outcome outcome) => TryStart(_emittedAtStart ??= new EmitBuffer(), out outcome);

    /// <summary>Starts or resumes it with <paramref name="backend"/>, or resumes its goodbye; a value is an outcome reached at once.</summary>
    public Outcome? Start(NativeBackend? backend, bool aborted)
    {
        if (_closing)
        {
            return Work(aborted);
        }

        if (!ReferenceEquals(backend, _connection))
        {
            _connection = backend;
            _backend = backend?.Enter(_loop, connection);
        }

        return Begin() is { } outcome ? Leave(outcome) : Work(aborted);
    }

    /// <summary>Does what can be done now; a value ends the run.</summary>
    public Outcome? Work(bool aborted)
    {
        _loop.Scratch.TurnBudget = BytesPerTurn;
        client.TakeLoss();
        _backend?.TakeLoss();
        if (_closing)
        {
            SayGoodbye(aborted);
            return HasSaidGoodbye ? default(Outcome) : null;
        }

        if (aborted)
        {
            return Leave(Closed(CloseReason.Aborted));
        }

        var outcome = Advance();
        if (outcome is null && IsTransparent)
        {
            outcome = Relay();
        }

        return outcome is { } done ? Leave(done) : Suspend();
    }

    /// <summary>The sockets of both sides.</summary>
    public (int Client, int Backend) Descriptors => (client.Socket.Descriptor, _backend!.Socket.Descriptor);

    /// <summary>Writes all of it for another process and leaves its sockets alone; false if it cannot go there, or not now.</summary>
    public bool TryFreeze(StateWriter state)
    {
        if (!(IsTransparent || IsMachineMovable) || _closing || _backend is not { } backend || !client.TryExport(state))
        {
            return false;
        }

        state.Write(backend is TlsSide);
        if (!backend.TryExport(state))
        {
            return false;
        }

        ExportMachine(state, IsTransparent);
        StopClock();
        _loop.Timers.Set(_timer, long.MaxValue);
        client.Socket.Release();
        backend.Socket.Release();
        return true;
    }

    /// <summary>Takes its sockets back.</summary>
    public void Thaw()
    {
        ContinueClock();
        client.Socket.Attach(_loop, connection);
        _backend!.Socket.Attach(_loop, connection);
    }

    /// <summary>
    /// Closes what is here of the sockets, which live on in the other process. Both first: what is written to a closed socket goes nowhere, and no
    /// goodbye may reach anybody.
    /// </summary>
    public Outcome Release()
    {
        client.Socket.Close();
        _backend!.Socket.Close();
        (_backend as TlsSide)?.Free();
        Free();
        _backend = null;
        _closing = HasSaidGoodbye = true;
        return Closed(CloseReason.HandedOver);
    }

    /// <summary>Drops what of it stands in the loop's scratch, and would go to whoever comes next.</summary>
    public void ClearScratch() => _loop.Scratch.ClearOutput();

    /// <summary>Drops its deadline and whatever it holds.</summary>
    public void Free()
    {
        _loop.Timers.Set(_timer, long.MaxValue);
        client.Abandon();
        _backend?.Abandon();
    }

    protected override void SetDeadline(TimeSpan span)
    {
        _timer.HasPassed = false;
        _loop.Timers.Set(_timer, _loop.Now + (long)span.TotalMilliseconds);
    }

    /// <inheritdoc/>
    /// <remarks>A session whose keys are spent leaves as all do when the gateway ends, but for the reason.</remarks>
    protected override bool TryTakeSignal(out Signal signal)
    {
        if (!_isSpent && (client.IsSpent || _backend is TlsSide { IsSpent: true }))
        {
            _isSpent = true;
            signal = Signal.Drain;
            return true;
        }

        return connection.TryTakeSignal(out signal);
    }

    /// <summary>Gives the scratch back and waits.</summary>
    private Outcome? Suspend()
    {
        client.Flush();
        _backend?.Flush();
        client.LeaveScratch();
        _backend?.LeaveScratch();
        if (_loop.Scratch.TurnBudget <= 0)
        {
            connection.GoOnLater();
        }

        return null;
    }

    private Outcome? Leave(Outcome outcome)
    {
        if (outcome.Next == Next.Close)
        {
            if (_isSpent && outcome.Reason == CloseReason.Drained)
            {
                outcome = outcome with { Reason = CloseReason.KeyLimit };
            }

            // The backend is done with: its place is another session's, however long the client takes to leave.
            _backend?.Flush();
            _backend?.Abandon();
            _backend = null;
            _closing = true;
            SetDeadline(Timeouts.Write);
            SayGoodbye(aborted: outcome.Reason is CloseReason.Aborted or CloseReason.ClientStalled);
            return outcome;
        }

        Suspend();
        _loop.Timers.Set(_timer, long.MaxValue);
        return outcome;
    }

    private Outcome? Relay()
    {
        var scratch = _loop.Scratch;
        while (TryTakeSignal(out var signal))
        {
            if (signal == Signal.Drain)
            {
                return Closed(CloseReason.Drained);
            }
        }

        var backend = _backend!;
        long fromClient = 0;
        long fromBackend = 0;
        var up = 0;
        var down = 0;
        do
        {
            up = Move(client, backend, scratch.FromClient, up);
            down = Move(backend, client, scratch.FromBackend, down);
            fromClient += up;
            fromBackend += down;
            scratch.TurnBudget -= up + down;
        }
        while (up + down > 0 && scratch.TurnBudget > 0);

        // Before the verdict: it may end the backend's half, and nothing can follow that. The client's last bytes wait for the goodbye.
        backend.Flush();
        return AfterRelay(fromClient, fromBackend);
    }

    /// <summary>
    /// Moves one batch, unless <paramref name="to"/> takes none: then bytes stay with the kernel, whose window tells the sender. A batch that is
    /// not full is sent only when nothing follows it, so that an end leaves with the last bytes.
    /// </summary>
    private static int Move(NativeSide from, NativeSide to, byte[] scratch, int previous)
    {
        if (to.Blocked || to.OutputEnded)
        {
            return 0;
        }

        var count = from.Available;
        if (count > 0)
        {
            // What the machine left when it became transparent.
            to.Forward(from.Peek());
            from.Consume(count);
        }
        else if (!from.Ended && from.MayRead)
        {
            count = from.Fill(scratch, 0, to.Room(previous));
            to.Forward(scratch.AsSpan(0, count));
        }

        if (count >= from.EnoughToSend)
        {
            to.Flush();
        }

        return count;
    }

    /// <summary>
    /// The end towards the client: deliver what is left, say close_notify (RFC 8314 section 3.4, RFC 8446 section 6.1), and wait a moment for
    /// the client's own end, because closing with unread bytes makes the kernel send a reset that overtakes the goodbye.
    /// </summary>
    private void SayGoodbye(bool aborted)
    {
        client.SayGoodbye();
        var isGone = client.Broken;
        if (client is { OutputEnded: true, Broken: false })
        {
            isGone = AwaitClient();
        }

        HasSaidGoodbye = isGone || aborted || DeadlinePassed;
        Suspend();
        if (HasSaidGoodbye)
        {
            Free();
        }
    }

    /// <summary>Reads and drops what the client still sends; true once it ended.</summary>
    private bool AwaitClient()
    {
        if (!_lingers)
        {
            _lingers = true;
            SetDeadline(Timeouts.Linger);
        }

        client.Release();
        while (!client.Ended && client.MayRead && _loop.Scratch.TurnBudget > 0)
        {
            var dropped = client.Fill(_loop.Scratch.FromClient, 0, _loop.Scratch.FromClient.Length);
            _loop.Scratch.FromClient.AsSpan(0, client.MayHoldCredentials ? dropped : 0).Clear();
            _loop.Scratch.TurnBudget -= dropped;
        }

        return client.Ended;
    }

    private sealed class SessionTimer(NativeConnection connection) : LoopTimer
    {
        public bool HasPassed { get; set; }

        public override void OnDue()
        {
            HasPassed = true;
            connection.OnSocketReady();
        }
    }
}
