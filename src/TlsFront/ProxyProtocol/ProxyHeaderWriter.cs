using System.Net;
using System.Net.Sockets;
using TlsFront.Connections;

namespace TlsFront.ProxyProtocol;

/// <summary>
/// Writes the header that introduces a client to a backend (The PROXY protocol, versions 1 and 2). The result goes out in one write before
/// anything else.
/// </summary>
internal static class ProxyHeaderWriter
{
    /// <summary>Writes the header and returns its length. <paramref name="destination"/> holds at least the profile's maximum.</summary>
    public static int Write(Span<byte> destination, SessionFacts facts, ProxyHeaderProfile profile) => profile.Version switch
    {
        ProxyHeaderVersion.V1 => WriteVersion1(destination, facts),
        ProxyHeaderVersion.V2 => WriteVersion2(destination[..profile.MaximumLength], facts, profile),
        _ => 0,
    };

    /// <summary>Section 2.1: one line of text, 107 bytes at most.</summary>
    private static int WriteVersion1(Span<byte> destination, SessionFacts facts)
    {
        var (client, local) = Align(facts);
        var family = client.AddressFamily == AddressFamily.InterNetwork ? "TCP4" : "TCP6";
        System.Text.Unicode.Utf8.TryWrite(
            destination, System.Globalization.CultureInfo.InvariantCulture, $"PROXY {family} {client} {local} {facts.Client.Port} {facts.Local.Port}\r\n", out var written);
        return written;
    }

    /// <summary>Section 2.2. Optional values are written from the most to the least useful while they fit.</summary>
    private static int WriteVersion2(Span<byte> destination, SessionFacts facts, ProxyHeaderProfile profile)
    {
        var (client, local) = Align(facts);
        var writer = new TypeLengthValueWriter(destination);
        writer.Append([0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]);

        // Version 2, command PROXY; TCP over IPv4 or IPv6; the length follows at the end.
        writer.Append([0x21, client.AddressFamily == AddressFamily.InterNetwork ? (byte)0x11 : (byte)0x21, 0, 0]);
        writer.Append(client.GetAddressBytes());
        writer.Append(local.GetAddressBytes());
        writer.Append((ushort)facts.Client.Port);
        writer.Append((ushort)facts.Local.Port);
        if (profile.TypeLengthValues)
        {
            AppendTls(ref writer, facts.Tls);
            writer.TryAppend(ProxyTypes.UniqueId, facts.Id);
        }

        return writer.Finish();
    }

    private static void AppendTls(ref TypeLengthValueWriter writer, TlsFacts? tls)
    {
        if (tls is null)
        {
            return;
        }

        // client = over TLS, without a certificate; verify = 1, because no certificate was verified.
        var start = writer.BeginTls([0x01, 0x00, 0x00, 0x00, 0x01]);
        writer.TryAppend(ProxyTypes.TlsVersion, tls.Version == TlsVersion.Tls13 ? "TLSv1.3" : "TLSv1.2");
        writer.TryAppend(ProxyTypes.TlsCipher, OpenSslCipherNames.Of(tls.CipherSuite));
        writer.EndTls(start);
        if (tls.ServerName is not null)
        {
            writer.TryAppend(ProxyTypes.Authority, tls.ServerName);
        }

        // Only what was really negotiated: Dovecot 2.4 drops the connection over any other word.
        if (tls.ApplicationProtocol is not null)
        {
            writer.TryAppend(ProxyTypes.ApplicationProtocol, tls.ApplicationProtocol);
        }
    }

    /// <summary>Both addresses in one family; a header cannot mix them, so an IPv4 address beside an IPv6 one is written as mapped.</summary>
    private static (IPAddress Client, IPAddress Local) Align(SessionFacts facts)
    {
        var (client, local) = (facts.Client.Address, facts.Local.Address);
        return client.AddressFamily == local.AddressFamily ? (Scopeless(client), Scopeless(local)) : (Scopeless(client.MapToIPv6()), Scopeless(local.MapToIPv6()));
    }

    /// <summary>A zone such as <c>%eth0</c> means nothing on another host and is not in the grammar.</summary>
    private static IPAddress Scopeless(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;
}
