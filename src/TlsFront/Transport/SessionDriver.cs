using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Transport;

/// <summary>
/// What drives a machine, whatever the engine: which call comes next, what follows from its answer, which deadline applies. One thread at a
/// time; the machine is called only while neither side is blocked. The engine adds bytes, waiting, and the relay of transparent sessions.
/// </summary>
internal abstract class SessionDriver(MailMachine machine, ConnectionRecord record, TimeoutSettings timeouts, TimeProvider time)
{
    private bool _started;
    private Step? _firstStep;
    private byte[] _greeting = [];
    private bool _waitsForWrite;
    private bool _clientLeft;
    private long _clientGiven;
    private long _backendGiven;
    private long _lastMoved = time.GetTimestamp();
    private Phase _phase;

    /// <summary>The client's side.</summary>
    protected abstract SessionSide Client { get; }

    /// <summary>The backend's side; null before there is one.</summary>
    protected abstract SessionSide? Backend { get; }

    /// <summary>What a call emits.</summary>
    protected abstract EmitBuffer Emitted { get; }

    /// <summary>Whether the deadline passed and was not set since.</summary>
    protected abstract bool DeadlinePassed { get; }

    /// <summary>Deadlines, by phase.</summary>
    protected TimeoutSettings Timeouts => timeouts;

    /// <summary>Whether bytes pass unread.</summary>
    protected bool IsTransparent { get; private set; }

    /// <summary>Sets the deadline to <paramref name="span"/> from now.</summary>
    protected abstract void SetDeadline(TimeSpan span);

    /// <summary>Takes the oldest signal posted.</summary>
    protected abstract bool TryTakeSignal(out Signal signal);

    /// <summary>The session's end.</summary>
    protected Outcome Closed(CloseReason reason)
    {
        record.SessionEnded(time.GetElapsedTime(_lastMoved));
        return new(Next.Close, reason);
    }

    /// <summary>
    /// Starts the machine before the first run, on any thread: most want a backend first, and that takes no engine. False if there is more to it,
    /// which the first run then does.
    /// </summary>
    protected bool TryStart(EmitBuffer emitted, out Outcome outcome)
    {
        _started = true;
        emitted.Clear();
        var emitter = new Emitter([], emitted, record.Facts, time.GetUtcNow());
        var step = machine.On(Signal.Start, ref emitter);
        outcome = new Outcome(step.Next, step.Reason);
        if (step.Next == Next.Connect && emitted.Inserted.IsEmpty)
        {
            return true;
        }

        _firstStep = step;
        _greeting = emitted.Inserted.ToArray();
        return false;
    }

    /// <summary>Starts a run; the first one starts the machine unless that was done. A value ends the run.</summary>
    protected Outcome? Begin()
    {
        var outcome = default(Outcome?);
        if (!_started)
        {
            _started = true;
            outcome = Tell(Signal.Start);
        }
        else if (_firstStep is { } step)
        {
            _firstStep = null;
            Client.Write(_greeting);
            record.BytesToClient += _greeting.Length;
            _greeting = [];
            outcome = Follow(step, moved: true);
        }

        RestartDeadline();
        return outcome;
    }

    /// <summary>
    /// Calls the machine until there is nothing to call it with, a side is blocked or it became transparent; a value ends the run.
    /// Order: signals, backend, client, ends, deadline.
    /// </summary>
    protected Outcome? Advance()
    {
        while (!IsTransparent)
        {
            Client.Settle();
            Backend?.Settle();
            if (Client.Blocked || Backend is { Blocked: true })
            {
                return WaitForWrite();
            }

            if (_waitsForWrite)
            {
                _waitsForWrite = false;
                RestartDeadline();
            }

            Outcome? outcome;
            if (TryTakeSignal(out var signal))
            {
                outcome = Tell(signal);
            }
            else if (Backend is { Offers: true })
            {
                outcome = Offer(fromClient: false);
            }
            else if (Client.Offers)
            {
                outcome = Offer(fromClient: true);
            }
            else if (Backend is { HasEnded: true, EndTold: false })
            {
                Backend.EndTold = true;
                outcome = Tell(Signal.BackendEnded);
            }
            else if ((Client.HasEnded || Client.OutputEnded) && !Client.EndTold)
            {
                Client.EndTold = true;
                NoteClientEnd();
                outcome = Tell(Signal.ClientEnded);
            }
            else if (DeadlinePassed)
            {
                RestartDeadline();
                outcome = Tell(Signal.Expired);
            }
            else if (!Read())
            {
                return null;
            }
            else
            {
                continue;
            }

            if (outcome is not null)
            {
                return outcome;
            }
        }

        return null;
    }

    /// <summary>Judges a transparent session after bytes were moved, or none were; a value ends the run.</summary>
    protected Outcome? AfterRelay(long fromClient, long fromBackend)
    {
        var backend = Backend!;
        var now = time.GetTimestamp();
        _lastMoved = fromClient + fromBackend > 0 ? now : _lastMoved;
        record.BytesFromClient += fromClient;
        record.BytesToClient += fromBackend;
        NoteClientEnd();
        if (Client.OutputEnded)
        {
            return Closed(Refine(CloseReason.ClientClosed));
        }

        if (backend.Ended && backend.Available == 0)
        {
            return Closed(backend.Broken ? CloseReason.BackendReset : Client.Ended ? CloseReason.ClientClosed : CloseReason.Completed);
        }

        if (Client.Ended && Client.Available == 0 && !backend.OutputEnded && !backend.Blocked)
        {
            // Half-close: the backend sees the client's end and may still answer.
            backend.EndOutput();
        }

        return KeepRelayDeadline(fromClient, fromBackend, now);
    }

    /// <summary>A side that takes nothing has its own deadline, however much the other way moves; silence of both is the session's.</summary>
    private Outcome? KeepRelayDeadline(long fromClient, long fromBackend, long now)
    {
        _clientGiven = fromBackend > 0 ? now : _clientGiven;
        _backendGiven = fromClient > 0 ? now : _backendGiven;
        var client = time.GetElapsedTime(_clientGiven, now);
        var backend = time.GetElapsedTime(_backendGiven, now);
        var left = timeouts.Relay - (client < backend ? client : backend);
        var reason = Client.Blocked ? CloseReason.ClientStalled : Backend!.Blocked ? CloseReason.BackendTimeout : CloseReason.ClientIdle;
        if (Client.Blocked && timeouts.Write - client < left)
        {
            left = timeouts.Write - client;
        }

        if (Backend!.Blocked && timeouts.Write - backend < left)
        {
            (left, reason) = (timeouts.Write - backend, CloseReason.BackendTimeout);
        }

        // The clocks of engines tick in milliseconds.
        if (left < TimeSpan.FromMilliseconds(1))
        {
            return Closed(reason);
        }

        SetDeadline(left);
        return null;
    }

    private bool Read()
    {
        var any = Client.WantsRead && Client.TryRead();
        return (Backend is { WantsRead: true } && Backend.TryRead()) || any;
    }

    /// <summary>One side does not take what was written; nobody is called until it does, and its deadline is its own.</summary>
    private Outcome? WaitForWrite()
    {
        if (!_waitsForWrite)
        {
            _waitsForWrite = true;
            SetDeadline(timeouts.Write);
            return null;
        }

        return DeadlinePassed ? Closed(Client.Blocked ? CloseReason.ClientStalled : CloseReason.BackendTimeout) : null;
    }

    private Outcome? Offer(bool fromClient)
    {
        var from = fromClient ? Client : Backend!;
        var other = fromClient ? Backend : Client;
        var input = from.Peek();
        var emitted = Emitted;
        emitted.Clear();
        var emitter = new Emitter(input, emitted, record.Facts, time.GetUtcNow());
        var step = fromClient ? machine.FromClient(input, ref emitter) : machine.FromBackend(input, ref emitter);
        Send(input);
        var full = input.Length >= MailMachine.MaxCarry;
        from.Consume(step.Consumed);
        if (fromClient)
        {
            record.BytesFromClient += step.Consumed;
        }

        var moved = step.Consumed > 0 || emitted.ToClient.Count + emitted.ToBackend.Count > 0;
        _lastMoved = moved ? time.GetTimestamp() : _lastMoved;
        from.Held = step.Next == Next.Hold;
        from.WantsMore = step is { Next: Next.More, Consumed: 0 };
        if (moved && other is not null)
        {
            other.Held = false;
        }

        return from.WantsMore && full ? Closed(CloseReason.LineTooLong) : Follow(step, moved);
    }

    private Outcome? Tell(Signal signal)
    {
        Emitted.Clear();
        var emitter = new Emitter([], Emitted, record.Facts, time.GetUtcNow());
        var step = machine.On(signal, ref emitter);
        Send([]);
        Client.Held = false;
        Backend?.Held = false;
        return Follow(step, moved: true);
    }

    private void Send(ReadOnlySpan<byte> input)
    {
        var emitted = Emitted;
        for (var i = 0; i < emitted.ToClient.Count; i++)
        {
            Client.Write(emitted.ToClient.Get(i, input, emitted));
        }

        record.BytesToClient += emitted.ToClient.TotalLength;
        for (var i = 0; i < emitted.ToBackend.Count; i++)
        {
            Backend?.Write(emitted.ToBackend.Get(i, input, emitted));
        }
    }

    private Outcome? Follow(Step step, bool moved)
    {
        switch (step.Next)
        {
            case Next.Close:
                return Closed(Refine(step.Reason));
            case Next.Connect or Next.Secure:
                return new Outcome(step.Next, step.Reason);
            case Next.Transparent:
                IsTransparent = true;
                _clientGiven = _backendGiven = _lastMoved = time.GetTimestamp();
                break;
        }

        if (moved || machine.Phase != _phase)
        {
            RestartDeadline();
        }

        return null;
    }

    /// <summary>The machine knows that a peer ended, its side knows how.</summary>
    private CloseReason Refine(CloseReason reason) => reason switch
    {
        CloseReason.ClientClosed when Client.Broken && !_clientLeft => CloseReason.ClientReset,
        CloseReason.BackendClosed when Backend is { Broken: true } => CloseReason.BackendReset,
        _ => reason,
    };

    /// <summary>A client that ended in order may refuse what is still sent to it; that makes it no reset.</summary>
    private void NoteClientEnd() => _clientLeft |= Client.Ended && !Client.Broken;

    private void RestartDeadline()
    {
        var before = _phase;
        _phase = IsTransparent ? Phase.Relay : machine.Phase;
        if (before == Phase.Greeting && _phase != Phase.Greeting)
        {
            record.Greeted();
        }

        SetDeadline(_phase switch
        {
            Phase.Greeting when record.Facts.CanFailOver && record.Facts.FailOverAfter < timeouts.Greeting => record.Facts.FailOverAfter,
            Phase.Greeting => timeouts.Greeting,
            Phase.PreLogin => timeouts.PreLogin,
            Phase.Command => timeouts.Command,
            Phase.AwaitReply or Phase.FinalReply => timeouts.Reply,
            Phase.Data => timeouts.Data,
            _ => timeouts.Relay,
        });
    }
}
