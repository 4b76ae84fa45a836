using System.Text;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;
using TlsFront.Tls.Hello;

namespace TlsFront.Admission;

/// <summary>
/// Takes over what a trusted PROXY header says. Its fields about TLS are the load balancer's own affair: the gateway terminates TLS itself.
/// </summary>
internal static class ProxiedClient
{
    /// <summary>Adds it to the connection's record, the parts meant for people in a form fit for a log line.</summary>
    public static void Note(ProxyHeader header, ConnectionRecord record)
    {
        // HAProxy has no LOCAL in version 1: its checks announce the address that they come from.
        if (header.Client is null || header.Client.Address.Equals(record.Facts.Client.Address))
        {
            record.Unannounced();
        }

        if (header.Client is { } client)
        {
            var name = header.TryFind(TlvType.Authority, out var authority) ? ServerName.Normalize(authority) : null;
            record.Proxied(client, header.Local ?? record.Facts.Local, UniqueId(header), name);
        }
    }

    /// <summary>HAProxy's default is text; any other octets become hexadecimal.</summary>
    private static string? UniqueId(ProxyHeader header) =>
        !header.TryFind(TlvType.UniqueId, out var id) || id.IsEmpty ? null
            : id.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? Convert.ToHexString(id) : Encoding.ASCII.GetString(id);
}
