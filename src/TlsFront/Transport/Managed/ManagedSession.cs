using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Transport.Managed;

/// <summary>
/// The loop of one session: takes in what completed, calls the machine while neither side is blocked, writes what it emitted, and
/// waits. Once transparent, each direction moves on its own.
/// </summary>
internal sealed class ManagedSession : IDisposable
{
    private readonly MailMachine _machine;
    private readonly ConnectionRecord _record;
    private readonly TimeoutSettings _timeouts;
    private readonly TimeProvider _time;
    private readonly WakeSignal _wake;
    private readonly ConcurrentQueue<Signal> _signals;
    private readonly SessionDeadline _deadline;
    private readonly EmitBuffer _emitted = new();
    private ConnectionContext? _backendConnection;
    private PipeSide? _backend;
    private bool _started;
    private bool _transparent;
    private bool _waitsForWrite;
    private Phase _phase;

    public ManagedSession(
        MailMachine machine, ConnectionRecord record, TimeoutSettings timeouts, TimeProvider time, WakeSignal wake, ConcurrentQueue<Signal> signals)
    {
        _machine = machine;
        _record = record;
        _timeouts = timeouts;
        _time = time;
        _wake = wake;
        _signals = signals;
        _deadline = new SessionDeadline(time, wake.Set);
    }

    public void Dispose() => _deadline.Dispose();

    /// <summary>Runs until the machine asks for something only a middleware can give.</summary>
    public async ValueTask<Outcome> RunAsync(PipeSide client, ConnectionContext? backend, CancellationToken stop)
    {
        if (!ReferenceEquals(backend, _backendConnection))
        {
            _backendConnection = backend;
            _backend = backend is null ? null : new PipeSide(backend.Transport, _wake);
        }

        if (!_started)
        {
            _started = true;
            if (Tell(Signal.Start, client) is { } outcome)
            {
                return outcome;
            }
        }

        RestartDeadline();
        while (true)
        {
            client.Poll();
            _backend?.Poll();
            if (stop.IsCancellationRequested)
            {
                return new Outcome(Next.Close, CloseReason.Aborted);
            }

            var outcome = _transparent ? await RelayAsync(client, _backend!) : Advance(client);
            client.StartFlush();
            _backend?.StartFlush();
            if (outcome is { } done)
            {
                return done;
            }

            await _wake.WaitAsync();
        }
    }

    private static Outcome Closed(CloseReason reason) => new(Next.Close, reason);

    /// <summary>Calls the machine until there is nothing to call it with or a side is blocked; a value ends the run.</summary>
    private Outcome? Advance(PipeSide client)
    {
        while (!_transparent)
        {
            client.StartFlush();
            _backend?.StartFlush();
            if (client.Blocked || _backend is { Blocked: true })
            {
                return WaitForWrite(client);
            }

            if (_waitsForWrite)
            {
                _waitsForWrite = false;
                RestartDeadline();
            }

            Outcome? outcome;
            if (_signals.TryDequeue(out var signal))
            {
                outcome = Tell(signal, client);
            }
            else if (_backend is { Offers: true })
            {
                outcome = Offer(_backend, client);
            }
            else if (client.Offers)
            {
                outcome = Offer(client, _backend);
            }
            else if (_backend is { HasEnded: true, EndTold: false })
            {
                _backend.EndTold = true;
                outcome = Tell(Signal.BackendEnded, client);
            }
            else if ((client.HasEnded || client.OutputEnded) && !client.EndTold)
            {
                client.EndTold = true;
                outcome = Tell(Signal.ClientEnded, client);
            }
            else if (_deadline.HasPassed)
            {
                RestartDeadline();
                outcome = Tell(Signal.Expired, client);
            }
            else
            {
                Read(client);
                Read(_backend);
                return null;
            }

            if (outcome is not null)
            {
                return outcome;
            }
        }

        // The machine has just become transparent: look at both directions before waiting.
        _wake.Set();
        return null;
    }

    private static void Read(PipeSide? side)
    {
        // A held side is not read: its bytes stay where they are until the other side moved.
        if (side is { Held: false } && (side.Length == 0 || side.WantsMore))
        {
            side.StartRead();
        }
    }

    /// <summary>One side does not take what was written; nobody is called until it does, and its deadline is its own.</summary>
    private Outcome? WaitForWrite(PipeSide client)
    {
        if (!_waitsForWrite)
        {
            _waitsForWrite = true;
            _deadline.Restart(_timeouts.Write);
            return null;
        }

        return _deadline.HasPassed ? Closed(client.Blocked ? CloseReason.ClientStalled : CloseReason.BackendTimeout) : null;
    }

    private Outcome? Offer(PipeSide from, PipeSide? other)
    {
        var fromClient = from != _backend;
        var input = from.Peek(out var rented);
        _emitted.Clear();
        var emitter = new Emitter(input, _emitted, _record.Facts, _time.GetUtcNow());
        var step = fromClient ? _machine.FromClient(input, ref emitter) : _machine.FromBackend(input, ref emitter);
        Send(input, fromClient ? from : other!, fromClient ? other : from);
        from.Consume(step.Consumed);
        var full = input.Length == MailMachine.MaxCarry;
        PipeSide.Return(rented);

        if (fromClient)
        {
            _record.BytesFromClient += step.Consumed;
        }

        var moved = step.Consumed > 0 || _emitted.ToClient.Count + _emitted.ToBackend.Count > 0;
        from.Held = step.Next == Next.Hold;
        from.WantsMore = step is { Next: Next.More, Consumed: 0 };
        if (moved && other is not null)
        {
            other.Held = false;
        }

        if (from.WantsMore && full)
        {
            return Closed(CloseReason.LineTooLong);
        }

        return Follow(step, moved, fromClient ? from : other!);
    }

    private Outcome? Tell(Signal signal, PipeSide client)
    {
        _emitted.Clear();
        var emitter = new Emitter([], _emitted, _record.Facts, _time.GetUtcNow());
        var step = _machine.On(signal, ref emitter);
        Send([], client, _backend);
        client.Held = false;
        if (_backend is not null)
        {
            _backend.Held = false;
        }

        return Follow(step, moved: true, client);
    }

    private void Send(ReadOnlySpan<byte> input, PipeSide client, PipeSide? backend)
    {
        for (var i = 0; i < _emitted.ToClient.Count; i++)
        {
            client.Write(_emitted.ToClient.Get(i, input, _emitted));
        }

        _record.BytesToClient += _emitted.ToClient.TotalLength;
        for (var i = 0; i < _emitted.ToBackend.Count; i++)
        {
            backend?.Write(_emitted.ToBackend.Get(i, input, _emitted));
        }
    }

    private Outcome? Follow(Step step, bool moved, PipeSide client)
    {
        switch (step.Next)
        {
            case Next.Close:
                return Closed(Refine(step.Reason, client));
            case Next.Connect or Next.Secure:
                return new Outcome(step.Next, step.Reason);
            case Next.Transparent:
                _transparent = true;
                break;
        }

        if (moved || _machine.Phase != _phase)
        {
            RestartDeadline();
        }

        return null;
    }

    /// <summary>The machine knows that a peer ended, the pipe knows how.</summary>
    private CloseReason Refine(CloseReason reason, PipeSide client) => reason switch
    {
        CloseReason.ClientClosed when client.Broken => CloseReason.ClientReset,
        CloseReason.BackendClosed when _backend is { Broken: true } => CloseReason.BackendReset,
        _ => reason,
    };

    private async ValueTask<Outcome?> RelayAsync(PipeSide client, PipeSide backend)
    {
        while (_signals.TryDequeue(out var signal))
        {
            if (signal == Signal.Drain)
            {
                return Closed(CloseReason.Drained);
            }
        }

        var fromClient = Move(client, backend);
        var fromBackend = Move(backend, client);
        _record.BytesFromClient += fromClient;
        _record.BytesToClient += fromBackend;
        if (fromClient + fromBackend > 0)
        {
            RestartDeadline();
        }
        else if (_deadline.HasPassed)
        {
            return Closed(client.Blocked ? CloseReason.ClientStalled : CloseReason.ClientIdle);
        }

        if (client.Broken)
        {
            return Closed(CloseReason.ClientReset);
        }

        if (backend.Ended && backend.Length == 0)
        {
            return Closed(backend.Broken ? CloseReason.BackendReset : client.Ended ? CloseReason.ClientClosed : CloseReason.Completed);
        }

        if (client.Ended && client.Length == 0 && !backend.OutputEnded && !backend.Blocked)
        {
            // Half-close: the backend sees the client's end and may still answer.
            await backend.EndOutputAsync();
        }

        return null;
    }

    private static long Move(PipeSide from, PipeSide to)
    {
        if (to.Blocked || to.OutputEnded)
        {
            return 0;
        }

        var count = from.Length > 0 ? from.ForwardTo(to) : 0;
        to.StartFlush();
        if (!to.Blocked)
        {
            from.StartRead();
        }

        return count;
    }

    private void RestartDeadline()
    {
        _phase = _transparent ? Phase.Relay : _machine.Phase;
        _deadline.Restart(_phase switch
        {
            Phase.Greeting when _record.Facts.CanFailOver && _record.Facts.FailOverAfter < _timeouts.Greeting => _record.Facts.FailOverAfter,
            Phase.Greeting => _timeouts.Greeting,
            Phase.PreLogin => _timeouts.PreLogin,
            Phase.Command => _timeouts.Command,
            Phase.AwaitReply or Phase.FinalReply => _timeouts.Reply,
            Phase.Data => _timeouts.Data,
            _ => _timeouts.Relay,
        });
    }
}
