using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using TlsFront.Connections;

namespace TlsFront.ProxyProtocol;

/// <summary>
/// Writes the header that tells a backend who the client is. Pure, and without allocation. The header must be the first bytes on a new
/// connection and go out in one write: Postfix, Dovecot and Cyrus read it with one call and refuse a part.
/// </summary>
internal static class ProxyHeaderWriter
{
    /// <summary>SSL field with the longest names <see cref="OpenSslNames"/> and <see cref="KeyExchangeGroups"/> know, with room to spare.</summary>
    private const int MaximumSsl = 96;

    /// <summary>Longest common name of a client's certificate, in octets: as much as a header has room for beside the rest.</summary>
    private const int MaximumCommonName = 64;

    /// <summary>Writes the header for <paramref name="facts"/> and returns its length, 0 where <paramref name="profile"/> wants none.</summary>
    /// <param name="destination">At least as long as the profile's maximum.</param>
    /// <param name="facts">The client's session.</param>
    /// <param name="profile">What the receiver can read.</param>
    public static int Write(Span<byte> destination, SessionFacts facts, ProxyHeaderProfile profile)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, profile.MaximumLength);
        return profile.Version switch
        {
            ProxyHeaderVersion.V1 => WriteV1(destination, facts),
            ProxyHeaderVersion.V2 => WriteV2(destination[..profile.MaximumLength], facts, profile),
            _ => 0,
        };
    }

    private static int WriteV1(Span<byte> destination, SessionFacts facts)
    {
        var isV4 = IsV4(facts);
        Span<byte> line = stackalloc byte[ProxyHeaderFormat.MaximumV1];
        var length = 0;
        Append(line, ref length, isV4 ? "PROXY TCP4 "u8 : "PROXY TCP6 "u8);
        Append(line, ref length, facts.Client.Address, isV4);
        Append(line, ref length, " "u8);
        Append(line, ref length, Destination(facts), isV4);
        Append(line, ref length, " "u8);
        Append(line, ref length, facts.Client.Port);
        Append(line, ref length, " "u8);
        Append(line, ref length, facts.Local.Port);
        Append(line, ref length, "\r\n"u8);
        line[..length].CopyTo(destination);
        return length;
    }

    /// <summary>An address as inet_ntop writes it: Postfix matches access tables against this very text.</summary>
    private static void Append(Span<byte> line, ref int length, IPAddress address, bool isV4)
    {
        if (!isV4 && address.AddressFamily == AddressFamily.InterNetwork)
        {
            // With the dotted tail, which Postfix takes off again.
            Append(line, ref length, "::ffff:"u8);
        }

        address.TryFormat(line[length..], out var written);
        // The zone of a link-local address means nothing to another host.
        var zone = line.Slice(length, written).IndexOf((byte)'%');
        length += zone < 0 ? written : zone;
    }

    private static void Append(Span<byte> line, ref int length, int port)
    {
        port.TryFormat(line[length..], out var written);
        length += written;
    }

    private static void Append(Span<byte> line, ref int length, ReadOnlySpan<byte> text)
    {
        text.CopyTo(line[length..]);
        length += text.Length;
    }

    private static int WriteV2(Span<byte> destination, SessionFacts facts, ProxyHeaderProfile profile)
    {
        var isV4 = IsV4(facts);
        ProxyHeaderFormat.SignatureV2.CopyTo(destination);
        destination[12] = 0x21; // version 2, PROXY
        destination[13] = isV4 ? (byte)0x11 : (byte)0x21; // INET or INET6, STREAM
        var size = isV4 ? 4 : 16;
        var addresses = destination[ProxyHeaderFormat.FixedV2..];
        WriteAddress(addresses[..size], facts.Client.Address);
        WriteAddress(addresses.Slice(size, size), Destination(facts));
        BinaryPrimitives.WriteUInt16BigEndian(addresses[(2 * size)..], (ushort)facts.Client.Port);
        BinaryPrimitives.WriteUInt16BigEndian(addresses[((2 * size) + 2)..], (ushort)facts.Local.Port);
        var length = ProxyHeaderFormat.FixedV2 + (2 * size) + 4;
        length += WriteTlvs(destination[length..], facts, profile);
        BinaryPrimitives.WriteUInt16BigEndian(destination[14..], (ushort)(length - ProxyHeaderFormat.FixedV2));
        return length;
    }

    private static int WriteTlvs(Span<byte> destination, SessionFacts facts, ProxyHeaderProfile profile)
    {
        var writer = new TlvWriter(destination);
        if (facts.Tls is { } tls)
        {
            if ((profile.Tlvs & ProxyTlvs.Ssl) != 0)
            {
                Span<byte> value = stackalloc byte[MaximumSsl + MaximumCommonName];
                writer.Write(TlvType.Ssl, value[..WriteSsl(value, tls, CertifiedName(facts))]);
            }

            if ((profile.Tlvs & ProxyTlvs.Authority) != 0 && tls.ServerName is { } name)
            {
                writer.Write(TlvType.Authority, name);
            }

            if ((profile.Tlvs & ProxyTlvs.Alpn) != 0 && tls.ApplicationProtocol is { } protocol && protocol == profile.ApplicationProtocol)
            {
                writer.Write(TlvType.Alpn, protocol);
            }
        }

        if ((profile.Tlvs & ProxyTlvs.UniqueId) != 0)
        {
            writer.Write(TlvType.UniqueId, facts.Id);
        }

        return writer.Length;
    }

    /// <summary>
    /// Whom the receiver may take for the user by certificate. Nobody where somebody logged in otherwise: Dovecot would put the certificate's name in
    /// the place of the one that logged in.
    /// </summary>
    private static string? CertifiedName(SessionFacts facts) =>
        facts.User is null || (facts.IsLoginByCertificate && facts.BackendLogin is null) ? facts.Tls?.ClientCertificate?.CommonName : null;

    private static int WriteSsl(Span<byte> value, TlsFacts tls, string? certifiedName)
    {
        const int Flags = 5;
        // A server that heard of a certificate and no name might believe whatever name the client gives.
        Span<byte> name = stackalloc byte[MaximumCommonName];
        var isNamed = Encoding.UTF8.TryGetBytes(certifiedName, name, out var length) && length > 0;

        // PP2_CLIENT_SSL, with PP2_CLIENT_CERT_CONN and PP2_CLIENT_CERT_SESS. Zero says that a certificate was verified.
        value[0] = (byte)(isNamed ? 0x07 : 0x01);
        BinaryPrimitives.WriteUInt32BigEndian(value[1..], isNamed ? 0u : 1u);
        var fields = new TlvWriter(value[Flags..]);
        if (isNamed)
        {
            fields.Write(TlvType.SslCommonName, name[..length]);
        }

        fields.Write(TlvType.SslVersion, OpenSslNames.Of(tls.Version));
        if (OpenSslNames.Of(tls.CipherSuite) is { } cipher)
        {
            fields.Write(TlvType.SslCipher, cipher);
        }

        if (tls.Group is { } group)
        {
            fields.Write(TlvType.SslGroup, group);
        }

        return Flags + fields.Length;
    }

    /// <summary>A header has one family for both addresses, and it is the client's: servers match lists against the very text of that.</summary>
    private static bool IsV4(SessionFacts facts) => facts.Client.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>
    /// What the client connected to. A load balancer may have told an address of the other family: for an IPv4 client no address says that,
    /// for an IPv6 client an IPv4-mapped one.
    /// </summary>
    private static IPAddress Destination(SessionFacts facts) =>
        IsV4(facts) && facts.Local.AddressFamily != AddressFamily.InterNetwork ? IPAddress.Any : facts.Local.Address;

    private static void WriteAddress(Span<byte> destination, IPAddress address)
    {
        if (destination.Length == 16 && address.AddressFamily == AddressFamily.InterNetwork)
        {
            destination[..10].Clear();
            destination[10..12].Fill(0xFF);
            destination = destination[12..];
        }

        address.TryWriteBytes(destination, out _);
    }
}
