using System.Buffers;

namespace TlsFront.Demo.Smtp;

/// <summary>
/// Takes message data until CRLF "." CRLF and removes the stuffed dots (RFC 5321 section 4.5.2).
/// Nothing else ends the data, so that no end can be smuggled in.
/// </summary>
/// <param name="maximum">Bytes kept; what is beyond is read and dropped.</param>
internal sealed class DotStuffedMessage(int maximum)
{
    private readonly ArrayBufferWriter<byte> _content = new();
    private State _state = State.LineStart;

    private enum State : byte
    {
        LineStart,
        InLine,
        CarriageReturn,
        Dot,
        DotCarriageReturn,
        Done,
    }

    /// <summary>Whether the message was larger than what is kept.</summary>
    public bool TooLarge { get; private set; }

    public ReadOnlyMemory<byte> Content => _content.WrittenMemory;

    /// <summary>Takes what belongs to the message; done when that was its end.</summary>
    public (SequencePosition Consumed, bool Done) Consume(ReadOnlySequence<byte> data)
    {
        var reader = new SequenceReader<byte>(data);
        while (_state != State.Done && reader.TryRead(out var value))
        {
            _state = Next(value);
        }

        return (reader.Position, _state == State.Done);
    }

    private State Next(byte value)
    {
        switch (_state)
        {
            case State.LineStart when value == (byte)'.':
                return State.Dot;
            case State.Dot when value == (byte)'\r':
                return State.DotCarriageReturn;
            case State.DotCarriageReturn when value == (byte)'\n':
                return State.Done;
            case State.DotCarriageReturn:
                Keep((byte)'\r');
                break;
        }

        var afterCarriageReturn = _state == State.CarriageReturn;
        Keep(value);
        return value switch
        {
            (byte)'\r' => State.CarriageReturn,
            (byte)'\n' when afterCarriageReturn => State.LineStart,
            _ => State.InLine,
        };
    }

    private void Keep(byte value)
    {
        if (_content.WrittenCount == maximum)
        {
            TooLarge = true;
            return;
        }

        _content.GetSpan(1)[0] = value;
        _content.Advance(1);
    }
}
