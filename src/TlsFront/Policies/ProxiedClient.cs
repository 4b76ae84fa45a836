using System.Text;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;
using TlsFront.Tls;

namespace TlsFront.Policies;

/// <summary>Takes over what a trusted PROXY header says. Its fields about TLS are the load balancer's own affair: the gateway terminates TLS itself.</summary>
internal static class ProxiedClient
{
    /// <summary>Adds it to the connection's record, the parts meant for people in a form fit for a log line.</summary>
    public static void Note(ProxyHeader header, ConnectionRecord record)
    {
        if (header is { Client: { } client, Local: { } local })
        {
            record.Proxied(client, local, UniqueId(header), header.TryFind(TlvType.Authority, out var name) ? ServerName.Normalize(name) : null);
        }
    }

    /// <summary>HAProxy's default is text; any other octets become hexadecimal.</summary>
    private static string? UniqueId(ProxyHeader header) =>
        !header.TryFind(TlvType.UniqueId, out var id) || id.IsEmpty ? null
            : id.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? Convert.ToHexString(id) : Encoding.ASCII.GetString(id);
}
