using System.Collections.Concurrent;
using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Transport;

/// <summary>A machine made for engines: commands of one line each, so that a test can ask the engine for anything the seam has.</summary>
internal sealed class ScriptedMachine : MailMachine
{
    /// <summary>What goes to the backend after KEPT: as much as a login may take.</summary>
    public static readonly byte[] Kept = [.. Enumerable.Range(0, 16 * 1024).Select(static i => (byte)('a' + (i % 26)))];

    private readonly ConcurrentQueue<Signal> _signals = new();
    private Phase _phase = Phase.PreLogin;
    private bool _replyPending;
    private bool _verdictPending;
    private bool _clientEnded;
    private bool _drain;

    public override Phase Phase => _phase;

    public IEnumerable<Signal> Signals => _signals;

    /// <summary>What the client is told before there is a backend.</summary>
    public string Opening { get; init; } = "";

    /// <summary>Whether the backend is wanted only once the client says LOGIN.</summary>
    public bool WaitsForLogin { get; init; }

    public int Calls { get; private set; }

    public bool HasSeen(Signal signal) => _signals.Contains(signal);

    public override Step FromClient(ReadOnlySpan<byte> input, ref Emitter to)
    {
        Calls++;
        if (_replyPending || _phase == Phase.Greeting)
        {
            return Step.Hold(0);
        }

        var end = input.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return Step.More(0);
        }

        var line = input[..(end + 2)];
        if (line.SequenceEqual("SECURE\r\n"u8))
        {
            to.ToClient("GO\r\n"u8);
            return new Step(line.Length, Next.Secure);
        }

        if (line.SequenceEqual("DISCONNECT\r\n"u8))
        {
            return new Step(line.Length, Next.Disconnect);
        }

        if (line.SequenceEqual("KEPT\r\n"u8))
        {
            to.KeptToBackend(Kept);
            return Step.More(line.Length);
        }

        if (line.SequenceEqual("CLOSE\r\n"u8))
        {
            to.ToClient("BYE\r\n"u8);
            return Step.Close(line.Length, CloseReason.Completed);
        }

        if (line.StartsWith("FLOOD"u8))
        {
            to.ToClient(new byte[1000]);
            return Step.More(line.Length);
        }

        if (line.SequenceEqual("LOGIN\r\n"u8))
        {
            return Connect(line.Length);
        }

        to.ToBackend(line);
        if (line.SequenceEqual("RELAY\r\n"u8))
        {
            _phase = Phase.Relay;
            return new Step(line.Length, Next.Transparent);
        }

        _verdictPending = line.StartsWith("VERDICT"u8);
        if (_verdictPending || line.StartsWith("ASK"u8))
        {
            _replyPending = true;
            _phase = _verdictPending ? Phase.FinalReply : Phase.AwaitReply;
        }

        return Step.More(line.Length);
    }

    public override Step FromBackend(ReadOnlySpan<byte> input, ref Emitter to)
    {
        Calls++;
        var end = input.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return Step.More(0);
        }

        to.ToClient(input[..(end + 2)]);
        _replyPending = false;
        _phase = Phase.PreLogin;
        return _verdictPending ? Step.Close(end + 2, CloseReason.Completed)
            : _drain ? Step.Close(end + 2, CloseReason.Drained)
            : _clientEnded ? Step.Close(end + 2, CloseReason.ClientClosed)
            : Step.More(end + 2);
    }

    public override Step On(Signal signal, ref Emitter to)
    {
        _signals.Enqueue(signal);
        switch (signal)
        {
            case Signal.Start:
                to.ToClient(Encoding.ASCII.GetBytes(Opening));
                return WaitsForLogin ? Step.More(0) : Connect(0);
            case Signal.BackendLost:
                to.ToClient("LOST\r\n"u8);
                return Step.Close(0, CloseReason.BackendUnavailable);
            case Signal.ClientEnded when _replyPending:
                _clientEnded = true;
                break;
            case Signal.ClientLost when _verdictPending:
                break;
            case Signal.ClientEnded or Signal.ClientLost:
                return Step.Close(0, CloseReason.ClientClosed);
            case Signal.BackendEnded:
                to.ToClient("GONE\r\n"u8);
                return Step.Close(0, CloseReason.BackendClosed);
            case Signal.Expired:
                to.ToClient("LATE\r\n"u8);
                return Step.Close(0, CloseReason.ClientIdle);
            case Signal.Drain when !_replyPending:
                to.ToClient(Encoding.ASCII.GetBytes($"DRAIN {to.Facts.Id}\r\n"));
                return Step.Close(0, CloseReason.Drained);
            case Signal.Drain:
                _drain = true;
                break;
        }

        return Step.More(0);
    }

    private Step Connect(int consumed)
    {
        _phase = Opening.Length > 0 ? Phase.Greeting : _phase;
        return new Step(consumed, Next.Connect);
    }
}
