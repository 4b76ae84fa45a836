using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Protocols;

namespace TlsFront.Transport;

/// <summary>Calls a machine, writes what it emits to its sides, and notes what they are to do until the next call. One thread at a time.</summary>
internal abstract class MachineCaller(MailMachine machine, ConnectionRecord record, TimeProvider time)
{
    /// <summary>Bytes from which on what was written to a side is sent before the machine is called again: one record of TLS.</summary>
    private const int MaxUnsent = TlsRecord.MaxPlaintext;

    private bool _started;
    private Step? _firstStep;
    private byte[] _opening = [];

    /// <summary>The client's side.</summary>
    protected abstract SessionSide Client { get; }

    /// <summary>The backend's side; null before there is one.</summary>
    protected abstract SessionSide? Backend { get; }

    /// <summary>What a call emits.</summary>
    protected abstract EmitBuffer Emitted { get; }

    /// <summary>What is told of the session.</summary>
    protected ConnectionRecord Record => record;

    /// <summary>The clock.</summary>
    protected TimeProvider Time => time;

    /// <summary>Where the machine stands.</summary>
    protected Phase MachinePhase => machine.Phase;

    /// <summary>Timestamp of the last byte that moved, in whichever process, or of the start.</summary>
    protected long LastMoved { get; set; } = Before(record.Idle, time);

    /// <summary>
    /// Starts the machine before the first run, on any thread: most want a backend first, and that takes no engine.
    /// False if there is more to it, which the first run then does.
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
        _opening = emitted.Inserted.ToArray();
        return false;
    }

    /// <summary>Starts the machine, or carries out what it said when it was; null if it runs already.</summary>
    protected Step? Start()
    {
        if (!_started)
        {
            _started = true;
            return Tell(Signal.Start);
        }

        var step = _firstStep;
        if (step is not null)
        {
            _firstStep = null;
            Client.Write(_opening);
            record.BytesToClient += _opening.Length;
            _opening = [];
        }

        return step;
    }

    /// <summary>Whether another process could go on with the machine.</summary>
    protected bool IsMachineMovable => machine.IsMovable;

    /// <summary>Writes what the machine knows, or, of a transparent session, that it is not needed any more.</summary>
    protected void ExportMachine(StateWriter state, bool isTransparent) => MachineState.Write(state, isTransparent ? null : machine);

    /// <summary>Tells the machine of an event.</summary>
    protected Step Tell(Signal signal)
    {
        Emitted.Clear();
        var emitter = new Emitter([], Emitted, record.Facts, time.GetUtcNow());
        var step = machine.On(signal, ref emitter);
        Write([]);
        Client.Held = false;
        Backend?.Held = false;
        return step;
    }

    /// <summary>Offers what one side has; <paramref name="moved"/> tells whether anything was consumed or emitted.</summary>
    protected Step Offer(bool fromClient, out bool moved)
    {
        var from = fromClient ? Client : Backend!;
        var other = fromClient ? Backend : Client;
        from.MayHoldCredentials = record.LoginsAccepted == 0;
        other?.MayHoldCredentials = from.MayHoldCredentials;
        var input = from.Peek();
        var emitted = Emitted;
        emitted.Clear();
        var emitter = new Emitter(input, emitted, record.Facts, time.GetUtcNow());
        var step = fromClient ? machine.FromClient(input, ref emitter) : machine.FromBackend(input, ref emitter);
        Write(input);
        if (from.MayHoldCredentials)
        {
            emitted.Wipe();
        }

        var isFull = input.Length >= MailMachine.MaxCarry;
        from.Consume(step.Consumed);
        if (fromClient)
        {
            record.HasSpoken = true;
            record.BytesFromClient += step.Consumed;
        }

        moved = step.Consumed > 0 || emitted.ToClient.Count + emitted.ToBackend.Count > 0;
        LastMoved = moved ? time.GetTimestamp() : LastMoved;
        from.Held = step.Next == Next.Hold;
        from.WantsMore = step is { Next: Next.More, Consumed: 0 };
        if (moved && other is not null)
        {
            other.Held = false;
        }

        return from.WantsMore && isFull ? Step.Close(0, CloseReason.LineTooLong) : step;
    }

    /// <summary>Reads from both sides; true if there is something to call the machine with.</summary>
    protected bool Read()
    {
        var any = Client.WantsRead && Client.TryRead();
        return (Backend is { WantsRead: true } && Backend.TryRead()) || any;
    }

    /// <summary>Sends a record's worth before the machine is called again, so that a peer that takes nothing is noticed.</summary>
    protected void SendAboveBound()
    {
        if (Client.Unsent >= MaxUnsent)
        {
            Client.Flush();
        }

        if (Backend is { Unsent: >= MaxUnsent })
        {
            Backend.Flush();
        }
    }

    /// <summary>Sends what the machine said since the last time; false if it said nothing.</summary>
    protected bool SendAll()
    {
        if (Client.Unsent == 0 && Backend is not { Unsent: > 0 })
        {
            return false;
        }

        Backend?.Flush();
        Client.Flush();
        return true;
    }

    /// <summary>The timestamp of <paramref name="span"/> ago.</summary>
    protected static long Before(TimeSpan span, TimeProvider time) => time.GetTimestamp() - (long)(span.TotalSeconds * time.TimestampFrequency);

    private void Write(ReadOnlySpan<byte> input)
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
}
