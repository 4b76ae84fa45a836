using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using TlsFront.Connections;

namespace TlsFront.Tls.Hello;

/// <summary>
/// JA4, the fingerprint of a ClientHello over TCP by FoxIO's specification (BSD 3-Clause): it tells which TLS library a client has, at which
/// settings, and so old devices from mail programs. It is no proof of anything: whoever wants to can send the hello of another.
/// </summary>
internal static class Ja4
{
    /// <summary>Characters of a fingerprint.</summary>
    public const int Length = 36;

    private const int HashLength = 12;
    private const int MostCounted = 99;
    private const int Most = 512;
    private const ushort ServerNameExtension = 0;
    private const ushort ApplicationProtocolsExtension = 16;

    /// <summary>The text of the last fingerprints: there are few, and a session that keeps its own text would cost a hundred octets.</summary>
    private static readonly string?[] Recent = new string?[256];

    /// <summary>
    /// The fingerprint of <paramref name="hello"/>; null for one with more suites or extensions than any client has, to bound the work.
    /// </summary>
    public static string? Of(ClientHello hello)
    {
        if (Math.Max(hello.CipherSuites.Length, hello.ExtensionTypes.Length) > Most || hello.SignatureAlgorithms.Length > Most)
        {
            return null;
        }

        Span<char> text = stackalloc char[Length];
        text[0] = 't';
        Version(hello.MaximumVersion).CopyTo(text[1..]);
        text[3] = hello.ExtensionTypes.Contains(ServerNameExtension) ? 'd' : 'i';
        WriteCount(hello.CipherSuites.Length, text[4..]);
        WriteCount(hello.ExtensionTypes.Length, text[6..]);
        WriteProtocol(hello.ApplicationProtocols, text[8..]);
        text[10] = text[23] = '_';
        WriteHash(hello.CipherSuites.Select(static suite => (ushort)suite).Order(), [], text[11..]);
        WriteHash(
            hello.ExtensionTypes.Where(static type => type is not (ServerNameExtension or ApplicationProtocolsExtension)).Order(),
            hello.SignatureAlgorithms, text[24..]);
        ref var recent = ref Recent[(byte)string.GetHashCode(text)];
        return recent is { } known && text.SequenceEqual(known) ? known : recent = text.ToString();
    }

    private static string Version(TlsVersion? version) => version switch
    {
        TlsVersion.Tls13 => "13",
        TlsVersion.Tls12 => "12",
        TlsVersion.Tls11 => "11",
        TlsVersion.Tls10 => "10",
        TlsVersion.Ssl3 => "s3",
        _ => "00",
    };

    private static void WriteCount(int count, Span<char> to)
    {
        count = Math.Min(count, MostCounted);
        (to[0], to[1]) = ((char)('0' + (count / 10)), (char)('0' + (count % 10)));
    }

    /// <summary>First and last character of the first ALPN id; of its hexadecimal form if either is none of ASCII's letters and digits.</summary>
    private static void WriteProtocol(ImmutableArray<string> protocols, Span<char> to)
    {
        (to[0], to[1]) = protocols is not [var id, ..] ? ('0', '0')
            : char.IsAsciiLetterOrDigit(id[0]) && char.IsAsciiLetterOrDigit(id[^1]) ? (id[0], id[^1])
            : (Hexadecimal(id[0] >> 4), Hexadecimal(id[^1]));
    }

    /// <summary>The beginning of a SHA-256 of the numbers, with the signatures in the client's order behind; zeros for no number.</summary>
    private static void WriteHash(IEnumerable<ushort> numbers, ImmutableArray<SignatureScheme> signatures, Span<char> to)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        foreach (var number in numbers)
        {
            Append(text, ',', number);
        }

        if (text.WrittenCount == 0)
        {
            to[..HashLength].Fill('0');
            return;
        }

        for (var i = 0; i < signatures.Length; i++)
        {
            Append(text, i == 0 ? '_' : ',', (ushort)signatures[i]);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.WrittenSpan, hash);
        for (var i = 0; i < HashLength; i++)
        {
            to[i] = Hexadecimal(i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2]);
        }
    }

    private static void Append(ArrayBufferWriter<byte> text, char separator, ushort number)
    {
        var to = text.GetSpan(5);
        var length = 0;
        if (text.WrittenCount > 0)
        {
            to[length++] = (byte)separator;
        }

        for (var shift = 12; shift >= 0; shift -= 4)
        {
            to[length++] = (byte)Hexadecimal(number >> shift);
        }

        text.Advance(length);
    }

    private static char Hexadecimal(int value) => "0123456789abcdef"[value & 15];
}
