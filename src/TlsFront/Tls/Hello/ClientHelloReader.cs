using System.Buffers;
using System.Buffers.Binary;
using TlsFront.Connections;

namespace TlsFront.Tls.Hello;

/// <summary>
/// Assembles a ClientHello from TLS records (RFC 8446 section 5.1): post-quantum hellos exceed one segment, and clients may cut them into
/// several records. Resumable and linear: each call gets the same bytes from the start and more, and no record is walked twice. Copies, never
/// consumes: the bytes remain for the TLS engine.
/// </summary>
internal sealed class ClientHelloReader
{
    /// <summary>Longest hello, its header included: about what all extensions together may take. Those of mail clients are below 2 KB.</summary>
    public const int MaximumMessage = 64 * 1024;

    /// <summary>Most octets of records a hello may take, so that cutting it into tiny records costs the sender and not us.</summary>
    public const int MaximumInput = 2 * MaximumMessage;

    private const int RecordHeader = 5;
    private const int MessageHeader = 4;
    private const int MaximumRecord = 16 * 1024;
    private const byte HandshakeRecord = 22;
    private const byte ClientHelloMessage = 1;

    private readonly ArrayBufferWriter<byte> _message = new();
    private int _walked;

    /// <summary>Octets of the records walked so far; once the hello is complete, those of its records.</summary>
    public int Consumed => _walked;

    /// <summary>What the records walked so far hold; once the hello is complete, its message and whatever follows in the last record.</summary>
    public ReadOnlySpan<byte> Message => _message.WrittenSpan;

    /// <summary>
    /// Reads on in <paramref name="input"/>, everything received so far.
    /// <see cref="OperationStatus.InvalidData"/> comes with the refusal the client is to be told.
    /// </summary>
    public OperationStatus Read(in ReadOnlySequence<byte> input, out ClientHello? hello, out TlsRefusal? refusal)
    {
        hello = null;
        refusal = null;
        Span<byte> header = stackalloc byte[RecordHeader];
        while (true)
        {
            var rest = input.Slice(_walked);
            var available = header[..(int)Math.Min(rest.Length, RecordHeader)];
            rest.Slice(0, available.Length).CopyTo(available);
            refusal = CheckHeader(available, input);
            if (refusal is not null)
            {
                return OperationStatus.InvalidData;
            }

            if (available.Length < RecordHeader)
            {
                return OperationStatus.NeedMoreData;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(header[3..]);
            if (rest.Length < RecordHeader + length)
            {
                return OperationStatus.NeedMoreData;
            }

            rest.Slice(RecordHeader, length).CopyTo(_message.GetSpan(length));
            _message.Advance(length);
            _walked += RecordHeader + length;
            if (_message.WrittenCount < MessageHeader)
            {
                continue;
            }

            var message = _message.WrittenSpan;
            var end = MessageHeader + (message[1] << 16 | message[2] << 8 | message[3]);
            refusal = message[0] != ClientHelloMessage ? Unexpected("its first message is no hello")
                : end > MaximumMessage ? TooLarge()
                : null;
            if (refusal is not null)
            {
                return OperationStatus.InvalidData;
            }

            if (message.Length >= end)
            {
                return ClientHelloParser.TryParse(message[MessageHeader..end], out hello, out refusal)
                    ? OperationStatus.Done
                    : OperationStatus.InvalidData;
            }
        }
    }

    /// <summary>Judges as much of a record header as is there.</summary>
    private TlsRefusal? CheckHeader(ReadOnlySpan<byte> header, in ReadOnlySequence<byte> input)
    {
        if (header.IsEmpty)
        {
            return null;
        }

        if (_walked == 0)
        {
            var foreign = ForeignOpening.Check(header, input);
            if (foreign is not null || header[0] >= 0x80)
            {
                return foreign;
            }
        }

        // Not by the type alone: whether it is TLS at all shows in the version, and the refusal must not depend on how the octets arrive.
        if (header is [_, not 3, ..] or [not HandshakeRecord, _, ..])
        {
            return Unexpected("another record comes in place of its hello");
        }

        if (header.Length < RecordHeader)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(header[3..]);
        return length switch
        {
            // RFC 8446 section 5.1: no empty handshake records; a flood of them would cost only us.
            0 => Unexpected("it sends an empty record"),
            > MaximumRecord => new(CloseReason.TlsMalformedHello, TlsAlert.RecordOverflow, "client's first record is larger than TLS allows"),
            _ => _walked + RecordHeader + length > MaximumInput ? TooLarge() : null,
        };
    }

    private static TlsRefusal Unexpected(string what) =>
        new(CloseReason.TlsMalformedHello, TlsAlert.UnexpectedMessage, $"client breaks the protocol: {what}");

    private static TlsRefusal TooLarge() => new(CloseReason.TlsMalformedHello, TlsAlert.IllegalParameter, "client's hello is larger than 64 KB");
}
