using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using TlsFront.Tls.Hello;

namespace TlsFront.Compatibility;

/// <summary>The TLS records of one ClientHello, complete and nothing else.</summary>
internal sealed class HelloRecords
{
    private const int RecordHeader = 5;
    private const int MessageHeader = 4;
    private const int MaximumRecord = 16 * 1024;
    private const ushort ServerNameExtension = 0;

    /// <summary>What the longest name of a server takes at most, with whatever stands around it.</summary>
    private const int RoomForName = 300;

    private readonly ReadOnlyMemory<byte> _message;

    private HelloRecords(ReadOnlyMemory<byte> octets, ReadOnlyMemory<byte> message, ClientHello hello) =>
        (Octets, _message, Hello) = (octets, message, hello);

    /// <summary>As they were sent.</summary>
    public ReadOnlyMemory<byte> Octets { get; }

    /// <summary>What they say.</summary>
    public ClientHello Hello { get; }

    /// <summary>Whether the hello asks for a server name, be it one that could name no server.</summary>
    public bool NamesServer => Hello.ExtensionTypes.Contains(ServerNameExtension);

    /// <summary>Reads <paramref name="octets"/>; <paramref name="problem"/> says why they are no records of one hello.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> octets, [NotNullWhen(true)] out HelloRecords? records, [NotNullWhen(false)] out string? problem)
    {
        if (TryReadAny(octets, out records, out problem)
            && (octets.Length > ClientHelloReader.MaximumInput - RoomForName
                || records._message.Length > ClientHelloReader.MaximumMessage - RoomForName))
        {
            (records, problem) = (null, "the hello is too large to ask for another server name");
        }

        return records is not null;
    }

    /// <summary>
    /// The same hello as it would ask for <paramref name="serverName"/>, or for none; itself if it asks for none. Whoever recorded it asked for the
    /// name of another server.
    /// </summary>
    public HelloRecords AskFor(string? serverName)
    {
        if (!NamesServer)
        {
            return this;
        }

        // There is room for it.
        return TryReadAny(Cut(Rename(_message.Span, serverName)), out var renamed, out var problem) ? renamed
            : throw new ArgumentException($"No hello can ask for this name: {problem}.", nameof(serverName));
    }

    private static bool TryReadAny(
        ReadOnlyMemory<byte> octets, [NotNullWhen(true)] out HelloRecords? records, [NotNullWhen(false)] out string? problem)
    {
        var reader = new ClientHelloReader();
        var status = reader.Read(new(octets), out var hello, out var refusal);
        problem = status switch
        {
            OperationStatus.InvalidData => refusal!.Detail,
            OperationStatus.NeedMoreData => octets.IsEmpty ? "there is no octet" : "they end within the hello",
            _ when reader.Consumed < octets.Length || LengthOf(reader.Message) < reader.Message.Length => "more follows behind the hello",
            _ => null,
        };
        records = problem is null ? new(octets, reader.Message.ToArray(), hello!) : null;
        return records is not null;
    }

    /// <summary>Length of a message by its header.</summary>
    private static int LengthOf(ReadOnlySpan<byte> message) => MessageHeader + (message[1] << 16 | message[2] << 8 | message[3]);

    /// <summary>The message with another server name and lengths that fit.</summary>
    private static byte[] Rename(ReadOnlySpan<byte> message, string? serverName)
    {
        // Parsed before: it is as long as it says.
        var reader = new TlsReader(message[MessageHeader..]);
        _ = reader.TryRead(2 + 32, out _) && reader.TryReadVector8(out _) && reader.TryReadVector16(out _) && reader.TryReadVector8(out _);
        _ = reader.TryReadVector16(out var extensions);
        var to = new ArrayBufferWriter<byte>(message.Length + 256);
        to.Write(message[..^(extensions.Length + 2)]);
        Write16(to, 0);
        var fixedLength = to.WrittenCount;
        var rest = new TlsReader(extensions);
        while (rest.TryReadUInt16(out var type) && rest.TryReadVector16(out var data))
        {
            if (type != ServerNameExtension)
            {
                Write16(to, type);
                Write16(to, data.Length);
                to.Write(data);
            }
            else if (serverName is not null)
            {
                var name = Encoding.ASCII.GetBytes(serverName);
                Write16(to, type);
                Write16(to, name.Length + 5);
                Write16(to, name.Length + 3);
                to.Write<byte>([0]);
                Write16(to, name.Length);
                to.Write(name);
            }
        }

        var renamed = to.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(renamed.AsSpan(fixedLength - 2), (ushort)(renamed.Length - fixedLength));
        BinaryPrimitives.WriteUInt32BigEndian(renamed, ((uint)renamed[0] << 24) | (uint)(renamed.Length - MessageHeader));
        return renamed;
    }

    private static void Write16(ArrayBufferWriter<byte> to, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to.GetSpan(2), (ushort)value);
        to.Advance(2);
    }

    /// <summary><paramref name="message"/> in records of the same version and, but for the last ones, the same lengths as these.</summary>
    private byte[] Cut(ReadOnlySpan<byte> message)
    {
        var to = new ArrayBufferWriter<byte>(message.Length + 64);
        var from = Octets.Span;
        while (!message.IsEmpty)
        {
            // Behind the last of these there are more only if the name is longer.
            int length = from.IsEmpty ? message.Length : BinaryPrimitives.ReadUInt16BigEndian(from[3..]);
            var isLast = from.Length <= RecordHeader + length;
            length = Math.Min(isLast ? MaximumRecord : length, message.Length);
            to.Write(Octets.Span[..3]);
            Write16(to, length);
            to.Write(message[..length]);
            message = message[length..];
            from = isLast ? default : from[(RecordHeader + length)..];
        }

        return to.WrittenSpan.ToArray();
    }
}
