using System.Net;
using TlsFront.Configuration;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;

namespace TlsFront.Demo;

/// <summary>The gateway's settings in the demo: what a <c>tlsfront.yaml</c> would say, with the demo store as its three backends.</summary>
internal static class DemoSettings
{
    /// <summary>Composes them.</summary>
    public static GatewaySettings Build(DemoPorts ports, DemoFiles files, DemoMailServers servers) => new()
    {
        HostName = DemoCertificates.HostName,
        Certificates = [new(files.Certificate, files.Key)],
        Listeners =
        [
            Listener("submissions", ports.Smtp, MailProtocol.Smtp),
            Listener("imaps", ports.Imap, MailProtocol.Imap),
            Listener("pop3s", ports.Pop3, MailProtocol.Pop3),
        ],
        Backends =
        [
            Backend(MailProtocol.Smtp, servers.Smtp),
            Backend(MailProtocol.Imap, servers.Imap),
            Backend(MailProtocol.Pop3, servers.Pop3),
        ],
        Admin = new(new(IPAddress.Loopback, ports.Admin)) { Socket = files.AdminSocket },
        // Nothing balances load in front of a demo: Ctrl-C should not take long.
        Drain = new(Delay: TimeSpan.Zero, Timeout: TimeSpan.FromSeconds(1)),
        Timeouts = new(),
        Log = new(),
        Telemetry = new(),
    };

    private static ListenerSettings Listener(string name, int port, MailProtocol protocol) => new()
    {
        Name = name,
        Address = new(IPAddress.Loopback, port),
        Protocol = protocol,
        Backend = BackendName(protocol),
        Tls = new(),
        Rules = new(),
    };

    private static BackendSettings Backend(MailProtocol protocol, LineServer server) => new()
    {
        Name = BackendName(protocol),
        Kind = BackendKind.Generic,
        Destinations = [server.EndPoint.ToString()],
        ProxyProtocol = ProxyHeaderVersion.None,
    };

    private static string BackendName(MailProtocol protocol) => $"demo-{protocol.ToString().ToLowerInvariant()}";
}
