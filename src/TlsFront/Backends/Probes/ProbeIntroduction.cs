using System.Net;
using Microsoft.AspNetCore.Connections;
using TlsFront.Connections;

namespace TlsFront.Backends.Probes;

/// <summary>Whom a PROXY header is about where there is no client: the gateway itself, by a TLS session such as nearly every client has.</summary>
internal static class ProbeIntroduction
{
    private const string CipherSuite = "TLS_AES_256_GCM_SHA384";

    /// <summary>The facts for a header on <paramref name="connection"/>.</summary>
    /// <param name="connection">The connection it goes out on.</param>
    /// <param name="hostName">The gateway's name.</param>
    /// <param name="now">The time.</param>
    /// <param name="client">Another client's address than the gateway's own.</param>
    public static SessionFacts Of(ConnectionContext connection, string hostName, DateTimeOffset now, IPEndPoint? client = null)
    {
        var own = connection.LocalEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.Loopback, 0);
        own = own.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(own.Address.MapToIPv4(), own.Port) : own;
        return new SessionFacts
        {
            Id = ConnectionId.Next(now),
            HostName = hostName,
            Client = client ?? own,
            Local = own,
            Tls = new TlsFacts(TlsVersion.Tls13, CipherSuite, hostName, ApplicationProtocol: null),
        };
    }
}
