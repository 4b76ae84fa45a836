using System.Collections.Immutable;
using System.Net.Security;
using System.Runtime.InteropServices;
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

    /// <summary>Octets of a number in what is hashed, with its separator.</summary>
    private const int Written = 5;

    private const ushort ServerNameExtension = 0;
    private const ushort ApplicationProtocolsExtension = 16;

    /// <summary>
    /// The last hellos and their fingerprints: there are few, two hashes cost as much as a hundredth of a handshake, and a text of its own would cost
    /// each session a hundred octets.
    /// </summary>
    private static readonly Known?[] Recent = new Known?[128];

    /// <summary>
    /// The fingerprint of <paramref name="hello"/>; null for one with more suites or extensions than any client has, to bound the work.
    /// </summary>
    public static string? Of(ClientHello hello)
    {
        if (Math.Max(hello.CipherSuites.Length, hello.ExtensionTypes.Length) > Most || hello.SignatureAlgorithms.Length > Most)
        {
            return null;
        }

        ref var recent = ref Recent[(uint)PlaceOf(hello) % (uint)Recent.Length];
        if (recent is not { } known || !known.IsOf(hello))
        {
            recent = known = new Known(hello, Compute(hello));
        }

        return known.Text;
    }

    private static string Compute(ClientHello hello)
    {
        Span<char> text = stackalloc char[Length];
        text[0] = 't';
        Version(hello.MaximumVersion).CopyTo(text[1..]);
        text[3] = hello.ExtensionTypes.Contains(ServerNameExtension) ? 'd' : 'i';
        WriteCount(hello.CipherSuites.Length, text[4..]);
        WriteCount(hello.ExtensionTypes.Length, text[6..]);
        WriteProtocol(hello.ApplicationProtocols, text[8..]);
        text[10] = text[23] = '_';
        Span<ushort> numbers = stackalloc ushort[Most];
        var count = 0;
        foreach (var suite in hello.CipherSuites)
        {
            numbers[count++] = (ushort)suite;
        }

        WriteHash(numbers[..count], [], text[11..]);
        count = 0;
        foreach (var type in hello.ExtensionTypes)
        {
            if (type is not (ServerNameExtension or ApplicationProtocolsExtension))
            {
                numbers[count++] = type;
            }
        }

        WriteHash(numbers[..count], hello.SignatureAlgorithms, text[24..]);
        return text.ToString();
    }

    private static int PlaceOf(ClientHello hello)
    {
        var place = default(HashCode);
        place.AddBytes(MemoryMarshal.AsBytes(hello.CipherSuites.AsSpan()));
        place.AddBytes(MemoryMarshal.AsBytes(hello.ExtensionTypes.AsSpan()));
        return place.ToHashCode();
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

    /// <summary>
    /// The beginning of a SHA-256 of the numbers, which it sorts, with the signatures in the client's order behind; zeros for no number.
    /// </summary>
    private static void WriteHash(Span<ushort> numbers, ImmutableArray<SignatureScheme> signatures, Span<char> to)
    {
        if (numbers.IsEmpty)
        {
            to[..HashLength].Fill('0');
            return;
        }

        Span<byte> text = stackalloc byte[2 * Most * Written];
        var length = 0;
        numbers.Sort();
        foreach (var number in numbers)
        {
            length += Write(',', number, text[length..]);
        }

        for (var i = 0; i < signatures.Length; i++)
        {
            length += Write(i == 0 ? '_' : ',', (ushort)signatures[i], text[length..]);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[1..length], hash);
        for (var i = 0; i < HashLength; i++)
        {
            to[i] = Hexadecimal(i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2]);
        }
    }

    private static int Write(char separator, ushort number, Span<byte> to)
    {
        to[0] = (byte)separator;
        for (var digit = 1; digit <= 4; digit++)
        {
            to[digit] = (byte)Hexadecimal(number >> (16 - (4 * digit)));
        }

        return Written;
    }

    private static char Hexadecimal(int value) => "0123456789abcdef"[value & 15];

    /// <summary>A fingerprint and what it was made of, and nothing else of the hello, which may be large.</summary>
    private sealed class Known(ClientHello hello, string text)
    {
        private readonly TlsVersion? _version = hello.MaximumVersion;
        private readonly ImmutableArray<TlsCipherSuite> _suites = hello.CipherSuites;
        private readonly ImmutableArray<ushort> _extensions = hello.ExtensionTypes;
        private readonly ImmutableArray<SignatureScheme> _signatures = hello.SignatureAlgorithms;
        private readonly string? _protocol = hello.ApplicationProtocols.FirstOrDefault();

        public string Text => text;

        public bool IsOf(ClientHello other) =>
            _version == other.MaximumVersion
            && _suites.AsSpan().SequenceEqual(other.CipherSuites.AsSpan())
            && _extensions.AsSpan().SequenceEqual(other.ExtensionTypes.AsSpan())
            && _signatures.AsSpan().SequenceEqual(other.SignatureAlgorithms.AsSpan())
            && _protocol == other.ApplicationProtocols.FirstOrDefault();
    }
}
