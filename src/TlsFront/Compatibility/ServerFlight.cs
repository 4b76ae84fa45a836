using System.Buffers;
using System.Net.Security;
using TlsFront.Connections;
using TlsFront.Tls.Hello;

namespace TlsFront.Compatibility;

/// <summary>What a server's first flight says in the clear.</summary>
/// <param name="Version">The version chosen.</param>
/// <param name="CipherSuite">The suite chosen.</param>
/// <param name="Group">The key exchange group chosen; null where the suite has none, as with RSA alone.</param>
internal sealed record ServerFlight(TlsVersion Version, TlsCipherSuite CipherSuite, NamedGroup? Group)
{
    private const byte HandshakeRecord = 22;
    private const byte ServerHelloMessage = 2;
    private const byte ServerKeyExchangeMessage = 12;
    private const byte NamedCurve = 3;
    private const ushort SupportedVersionsExtension = 43;
    private const ushort KeyShareExtension = 51;

    /// <summary>Reads <paramref name="records"/>; null if they have no ServerHello, nor a HelloRetryRequest, which has its form.</summary>
    public static ServerFlight? Read(ReadOnlySpan<byte> records)
    {
        ServerFlight? flight = null;
        var reader = new TlsReader(ReadMessages(records));
        while (reader.TryReadByte(out var type) && reader.TryReadByte(out var high) && reader.TryReadUInt16(out var low)
            && reader.TryRead((high << 16) | low, out var body))
        {
            flight = type switch
            {
                ServerHelloMessage => ReadServerHello(body),
                // RFC 8422 section 5.4.
                ServerKeyExchangeMessage when body is [NamedCurve, var first, var second, ..] && flight is not null =>
                    flight with { Group = (NamedGroup)((first << 8) | second) },
                _ => flight,
            };
        }

        return flight;
    }

    /// <summary>The handshake messages up to the first record of another kind: what follows is encrypted.</summary>
    private static ReadOnlySpan<byte> ReadMessages(ReadOnlySpan<byte> records)
    {
        var messages = new ArrayBufferWriter<byte>(records.Length + 1);
        var reader = new TlsReader(records);
        while (reader.TryReadByte(out var type) && type == HandshakeRecord && reader.TryReadUInt16(out _) && reader.TryReadVector16(out var fragment))
        {
            messages.Write(fragment);
        }

        return messages.WrittenSpan;
    }

    private static ServerFlight? ReadServerHello(ReadOnlySpan<byte> body)
    {
        var reader = new TlsReader(body);
        if (!reader.TryReadUInt16(out var version) || !reader.TryRead(32, out _) || !reader.TryReadVector8(out _)
            || !reader.TryReadUInt16(out var suite) || !reader.TryReadByte(out _))
        {
            return null;
        }

        // Absent in answers to hellos without.
        _ = reader.TryReadVector16(out var extensions);
        NamedGroup? group = null;
        var rest = new TlsReader(extensions);
        while (rest.TryReadUInt16(out var type) && rest.TryReadVector16(out var data))
        {
            var value = new TlsReader(data);
            if (type is SupportedVersionsExtension or KeyShareExtension && value.TryReadUInt16(out var number))
            {
                (version, group) = type == SupportedVersionsExtension ? (number, group) : (version, (NamedGroup)number);
            }
        }

        return new((TlsVersion)version, (TlsCipherSuite)suite, group);
    }
}
