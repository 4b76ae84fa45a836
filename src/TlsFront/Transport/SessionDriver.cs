using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Transport;

/// <summary>
/// What drives a machine, whatever the engine: which call comes next, what follows from its answer, which deadline applies. One thread at a
/// time; the machine is called only while neither side is blocked. The engine adds bytes, waiting, and the relay of transparent sessions.
/// </summary>
internal abstract class SessionDriver(MailMachine machine, ConnectionRecord record, TimeoutSettings timeouts, TimeProvider time)
    : MachineCaller(machine, record, time)
{
    private bool _waitsForWrite;
    private bool _clientLeft;
    private bool _clientLossTold;
    private bool _greetingAwaited;
    private RelayClock _relay;
    private Phase _phase;

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
        Record.SetIdle(Time.GetElapsedTime(LastMoved));
        return new(Next.Close, reason);
    }

    /// <summary>Starts a run; the first one starts the machine unless that was done. A value ends the run.</summary>
    protected Outcome? Begin()
    {
        var outcome = Start() is { } step ? Follow(step, moved: true) : null;

        // One that came from another process has spent some of its time there. LastMoved has it, and must not be moved back a second time.
        RestartDeadline(Record.Idle);
        if (outcome is null)
        {
            Record.SetIdle(TimeSpan.Zero);
        }

        return outcome;
    }

    /// <summary>
    /// Calls the machine until there is nothing to call it with, a side is blocked or it became transparent; a value ends the run.
    /// Order: signals, backend, client, ends, deadline. What the machine said meanwhile leaves together, once there is nothing more to read.
    /// </summary>
    protected Outcome? Advance()
    {
        while (!IsTransparent)
        {
            SendAboveBound();
            if (Client.Blocked || Backend is { Blocked: true })
            {
                return WaitForWrite();
            }

            if (_waitsForWrite)
            {
                _waitsForWrite = false;
                LastMoved = Time.GetTimestamp();
                RestartDeadline();
            }

            Outcome? outcome;
            if (TryTakeSignal(out var signal))
            {
                outcome = Follow(Tell(signal), moved: true);
            }
            else if (Backend is { Offers: true })
            {
                outcome = Follow(Offer(fromClient: false, out var moved), moved);
            }
            else if (Client.Offers)
            {
                outcome = Follow(Offer(fromClient: true, out var moved), moved);
            }
            else if (Backend is { HasEnded: true, EndTold: false })
            {
                Backend.EndTold = true;
                outcome = Follow(Tell(Signal.BackendEnded), moved: true);
            }
            else if (Client is { HasEnded: true, OutputEnded: false, EndTold: false })
            {
                Client.EndTold = true;
                NoteClientEnd();
                outcome = Follow(Tell(Signal.ClientEnded), moved: true);
            }
            else if (DeadlinePassed)
            {
                RestartDeadline();
                outcome = Follow(Tell(Signal.Expired), moved: true);
            }
            else if (Read() || SendAll())
            {
                continue;
            }
            else if (Client.OutputEnded && !_clientLossTold)
            {
                // Only behind everything it sent.
                _clientLossTold = Client.EndTold = true;
                NoteClientEnd();
                outcome = Follow(Tell(Signal.ClientLost), moved: true);
            }
            else
            {
                return null;
            }

            if (outcome is not null)
            {
                return outcome;
            }
        }

        return null;
    }

    /// <summary>Notes where the session's clocks stand.</summary>
    protected void StopClock() => Record.SetIdle(Time.GetElapsedTime(LastMoved));

    /// <summary>Continues from there: the time that the session stood still was none of its peers' doing.</summary>
    protected void ContinueClock()
    {
        var pause = Before(Record.Idle, Time) - LastMoved;
        LastMoved += pause;
        _relay.Shift(pause);
        _waitsForWrite = false;
        RestartDeadline(Record.Idle);
        Record.SetIdle(TimeSpan.Zero);
    }

    /// <summary>Judges a transparent session after bytes were moved, or none were; a value ends the run.</summary>
    protected Outcome? AfterRelay(long fromClient, long fromBackend)
    {
        var backend = Backend!;
        var now = Time.GetTimestamp();
        LastMoved = fromClient + fromBackend > 0 ? now : LastMoved;
        Record.HasSpoken |= fromClient > 0;
        Record.BytesFromClient += fromClient;
        Record.BytesToClient += fromBackend;
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

        _relay.Note(toClient: fromBackend, toBackend: fromClient, now);
        var (left, reason) = _relay.Left(Client.Blocked, backend.Blocked, timeouts, Time, now);

        // The clocks of engines tick in milliseconds.
        if (left < TimeSpan.FromMilliseconds(1))
        {
            return Closed(reason);
        }

        SetDeadline(left);
        return null;
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

    private Outcome? Follow(Step step, bool moved)
    {
        switch (step.Next)
        {
            case Next.Close:
                return Closed(Refine(step.Reason));
            case Next.Connect or Next.Secure or Next.Disconnect:
                return new Outcome(step.Next, step.Reason);
            case Next.Transparent:
                IsTransparent = true;
                Client.MayHoldCredentials = false;
                Backend?.MayHoldCredentials = false;
                LastMoved = Before(Record.Idle, Time);
                _relay.Start(LastMoved);
                break;
        }

        if ((moved && _phase is not (Phase.Plaintext or Phase.PreLogin)) || MachinePhase != _phase || IsTransparent)
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

    private void RestartDeadline(TimeSpan spent = default)
    {
        _phase = IsTransparent ? Phase.Relay : MachinePhase;
        NoteGreeting();
        var left = PhaseDeadlines.Of(_phase, timeouts, Record.Facts) - spent;
        SetDeadline(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    /// <summary>A machine may have had another phase before there was a backend whose greeting could be awaited.</summary>
    private void NoteGreeting()
    {
        if (_phase == Phase.Greeting)
        {
            _greetingAwaited = Backend is not null;
        }
        else if (_greetingAwaited)
        {
            _greetingAwaited = false;
            Record.Greeted();
        }
    }
}
