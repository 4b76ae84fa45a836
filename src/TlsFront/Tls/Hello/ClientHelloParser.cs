using System.Collections.Immutable;
using System.Net.Security;
using System.Runtime.InteropServices;
using System.Text;
using TlsFront.Connections;

namespace TlsFront.Tls.Hello;

/// <summary>Reads the body of a ClientHello message (RFC 8446 section 4.1.2). Pure; what it does not need it leaves to the TLS engine.</summary>
internal static class ClientHelloParser
{
    private const ushort ServerNameExtension = 0;
    private const ushort SupportedGroupsExtension = 10;
    private const ushort SignatureAlgorithmsExtension = 13;
    private const ushort ApplicationProtocolsExtension = 16;
    private const ushort SupportedVersionsExtension = 43;
    private const ushort CertificateSignatureAlgorithmsExtension = 50;

    /// <summary>
    /// Reads <paramref name="body"/>, the message without its four octets of header. On failure the client is to be told the refusal.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out ClientHello? hello, out TlsRefusal? refusal)
    {
        hello = null;
        refusal = null;
        var reader = new TlsReader(body);
        if (!reader.TryReadUInt16(out var legacyVersion)
            || !reader.TryRead(32, out _)
            || !reader.TryReadVector8(out var session) || session.Length > 32
            || !reader.TryReadVector16(out var suites) || !TryReadNumbers(suites, out var cipherSuites)
            || !reader.TryReadVector8(out var compressions) || compressions.IsEmpty)
        {
            return Refuse("is cut off or breaks the syntax of TLS", out refusal);
        }

        // Extensions are absent altogether in hellos older than TLS 1.2.
        var extensions = default(ReadOnlySpan<byte>);
        if (!reader.IsEmpty && (!reader.TryReadVector16(out extensions) || !reader.IsEmpty))
        {
            return Refuse("has extensions of a wrong length", out refusal);
        }

        var read = new Extensions();
        if (!read.TryRead(extensions, out var faulty))
        {
            return Refuse($"has a malformed or repeated extension {faulty}", out refusal);
        }

        hello = new ClientHello
        {
            LegacyVersion = legacyVersion,
            MaximumVersion = read.Versions is { } versions ? Best(versions) : Best(legacyVersion),
            CipherSuites = As<TlsCipherSuite>(cipherSuites),
            ServerName = read.ServerName,
            ExtensionTypes = ImmutableCollectionsMarshal.AsImmutableArray(read.Types),
            ApplicationProtocols = read.Protocols ?? [],
            SignatureAlgorithms = As<SignatureScheme>(read.Signatures ?? []),
            CertificateSignatureAlgorithms = As<SignatureScheme>(read.CertificateSignatures ?? []),
            SupportedGroups = As<NamedGroup>(read.Groups ?? []),
        };
        return true;
    }

    private static bool Refuse(string what, out TlsRefusal refusal)
    {
        refusal = new TlsRefusal(CloseReason.TlsMalformedHello, TlsAlert.DecodeError, $"client's hello {what}");
        return false;
    }

    /// <summary>With supported_versions the version field means nothing (RFC 8446 section 4.2.1).</summary>
    private static TlsVersion? Best(ushort[] versions)
    {
        TlsVersion? best = null;
        foreach (var version in versions)
        {
            if (version is >= (ushort)TlsVersion.Ssl3 and <= (ushort)TlsVersion.Tls13 && (best is null || version > (ushort)best))
            {
                best = (TlsVersion)version;
            }
        }

        return best;
    }

    /// <summary>Without supported_versions the client speaks at most 1.2, whatever the field says (RFC 8446 section 4.2.1).</summary>
    private static TlsVersion? Best(ushort legacyVersion) =>
        legacyVersion < (ushort)TlsVersion.Ssl3 ? null : (TlsVersion)Math.Min(legacyVersion, (ushort)TlsVersion.Tls12);

    /// <summary>A list of at least one two-octet number, without the GREASE values 0x0A0A, 0x1A1A, ... 0xFAFA.</summary>
    private static bool TryReadNumbers(ReadOnlySpan<byte> vector, out ushort[] numbers)
    {
        numbers = [];
        if (vector.IsEmpty || vector.Length % 2 != 0)
        {
            return false;
        }

        var kept = new ushort[vector.Length / 2];
        var count = 0;
        var reader = new TlsReader(vector);
        while (reader.TryReadUInt16(out var number))
        {
            if (!IsGrease(number))
            {
                kept[count++] = number;
            }
        }

        numbers = count == kept.Length ? kept : kept[..count];
        return true;
    }

    private static bool IsGrease(ushort number) => (number & 0x0F0F) == 0x0A0A && number >> 8 == (number & 0xFF);

    /// <summary>The array itself, seen as an enumeration over the same two octets.</summary>
    private static ImmutableArray<T> As<T>(ushort[] numbers)
        where T : unmanaged, Enum =>
        [.. MemoryMarshal.Cast<ushort, T>(numbers)];

    /// <summary>The extensions read; null where absent.</summary>
    private ref struct Extensions
    {
        public string? ServerName;
        public ImmutableArray<string>? Protocols;
        public ushort[]? Versions;
        public ushort[]? Signatures;
        public ushort[]? CertificateSignatures;
        public ushort[]? Groups;
        public ushort[] Types;
        private bool _nameRead;

        public bool TryRead(ReadOnlySpan<byte> extensions, out ushort type)
        {
            type = 0;
            var types = new List<ushort>(16);
            var reader = new TlsReader(extensions);
            while (!reader.IsEmpty)
            {
                if (!reader.TryReadUInt16(out type) || !reader.TryReadVector16(out var data) || !TryRead(type, data))
                {
                    return false;
                }

                if (!IsGrease(type))
                {
                    types.Add(type);
                }
            }

            Types = [.. types];
            return true;
        }

        private bool TryRead(ushort type, ReadOnlySpan<byte> data) => type switch
        {
            ServerNameExtension => TryReadServerName(data),
            SupportedGroupsExtension => TryReadList(data, ref Groups),
            SignatureAlgorithmsExtension => TryReadList(data, ref Signatures),
            ApplicationProtocolsExtension => TryReadProtocols(data),
            SupportedVersionsExtension => TryReadVersions(data),
            CertificateSignatureAlgorithmsExtension => TryReadList(data, ref CertificateSignatures),
            _ => true,
        };

        private static bool TryReadList(ReadOnlySpan<byte> data, ref ushort[]? list)
        {
            var reader = new TlsReader(data);
            return list is null && reader.TryReadVector16(out var vector) && reader.IsEmpty && TryReadNumbers(vector, out list);
        }

        private bool TryReadVersions(ReadOnlySpan<byte> data)
        {
            var reader = new TlsReader(data);
            return Versions is null && reader.TryReadVector8(out var vector) && reader.IsEmpty && TryReadNumbers(vector, out Versions);
        }

        private bool TryReadServerName(ReadOnlySpan<byte> data)
        {
            var reader = new TlsReader(data);
            if (_nameRead || !reader.TryReadVector16(out var list) || !reader.IsEmpty || list.IsEmpty)
            {
                return false;
            }

            _nameRead = true;
            var names = new TlsReader(list);
            var hostNames = 0;
            while (!names.IsEmpty)
            {
                if (!names.TryReadByte(out var type) || !names.TryReadVector16(out var name) || name.IsEmpty)
                {
                    return false;
                }

                // RFC 6066 section 3: at most one name of a type; host_name (0) is the only type there is.
                if (type == 0)
                {
                    if (++hostNames > 1)
                    {
                        return false;
                    }

                    ServerName = Hello.ServerName.Normalize(name);
                }
            }

            return true;
        }

        private bool TryReadProtocols(ReadOnlySpan<byte> data)
        {
            var reader = new TlsReader(data);
            if (Protocols is not null || !reader.TryReadVector16(out var list) || !reader.IsEmpty || list.IsEmpty)
            {
                return false;
            }

            var protocols = ImmutableArray.CreateBuilder<string>();
            var names = new TlsReader(list);
            while (!names.IsEmpty)
            {
                if (!names.TryReadVector8(out var name) || name.IsEmpty)
                {
                    return false;
                }

                protocols.Add(Encoding.Latin1.GetString(name));
            }

            Protocols = protocols.ToImmutable();
            return true;
        }
    }
}
