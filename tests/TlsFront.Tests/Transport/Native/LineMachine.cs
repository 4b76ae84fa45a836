using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Transport.Native;

/// <summary>
/// A machine of lines: <c>no</c> is refused by itself, <c>hold</c> waits for the backend's next line, <c>go</c> turns it transparent,
/// <c>bye</c> ends, <c>throw</c> is a bug; anything else is forwarded.
/// </summary>
internal sealed class LineMachine : MailMachine
{
    private bool _holds;

    public override Phase Phase => Phase.Command;

    public override Step FromClient(ReadOnlySpan<byte> input, ref Emitter to)
    {
        var consumed = 0;
        while (!_holds && to.HasRoomFor(16))
        {
            var rest = input[consumed..];
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }

            var line = rest[..(end + 1)];
            consumed += line.Length;
            switch (System.Text.Encoding.ASCII.GetString(line[..^1]))
            {
                case "no":
                    to.ToClient("refused\n"u8);
                    break;
                case "go":
                    to.ToBackend(line);
                    return new Step(consumed, Next.Transparent);
                case "bye":
                    to.ToClient("bye\n"u8);
                    return Step.Close(consumed, CloseReason.Completed);
                case "throw":
                    throw new InvalidOperationException("A bug of the machine.");
                default:
                    _holds = line.SequenceEqual("hold\n"u8);
                    to.ToBackend(line);
                    break;
            }
        }

        return _holds ? Step.Hold(consumed) : Step.More(consumed);
    }

    public override Step FromBackend(ReadOnlySpan<byte> input, ref Emitter to)
    {
        var end = input.IndexOf((byte)'\n');
        if (end < 0)
        {
            return Step.More(0);
        }

        _holds = false;
        to.ToClient(input[..(end + 1)]);
        return Step.More(end + 1);
    }

    public override Step On(Signal signal, ref Emitter to)
    {
        switch (signal)
        {
            case Signal.Start:
                return new Step(0, Next.Connect);
            case Signal.ClientEnded:
                return Step.Close(0, CloseReason.ClientClosed);
            case Signal.BackendEnded:
                return Step.Close(0, CloseReason.BackendClosed);
            case Signal.Expired:
                to.ToClient("too slow\n"u8);
                return Step.Close(0, CloseReason.ClientIdle);
            case Signal.Drain:
                to.ToClient("shutting down\n"u8);
                return Step.Close(0, CloseReason.Drained);
            default:
                return Step.More(0);
        }
    }
}
