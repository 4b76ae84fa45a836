using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Transport;

/// <summary>A machine made for engines: commands of one line each, so that a test can ask the engine for anything the seam has.</summary>
internal sealed class ScriptedMachine : MailMachine
{
    private Phase _phase = Phase.PreLogin;
    private bool _replyPending;
    private bool _drain;

    public override Phase Phase => _phase;

    public List<Signal> Signals { get; } = [];

    public int Calls { get; private set; }

    public override Step FromClient(ReadOnlySpan<byte> input, ref Emitter to)
    {
        Calls++;
        if (_replyPending)
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

        to.ToBackend(line);
        if (line.SequenceEqual("RELAY\r\n"u8))
        {
            _phase = Phase.Relay;
            return new Step(line.Length, Next.Transparent);
        }

        if (line.StartsWith("ASK"u8))
        {
            _replyPending = true;
            _phase = Phase.AwaitReply;
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
        return _drain ? Step.Close(end + 2, CloseReason.Drained) : Step.More(end + 2);
    }

    public override Step On(Signal signal, ref Emitter to)
    {
        Signals.Add(signal);
        switch (signal)
        {
            case Signal.Start:
                return new Step(0, Next.Connect);
            case Signal.BackendLost:
                to.ToClient("LOST\r\n"u8);
                return Step.Close(0, CloseReason.BackendUnavailable);
            case Signal.ClientEnded:
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
}
