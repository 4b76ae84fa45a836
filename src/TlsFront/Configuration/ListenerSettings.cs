using System.Net;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Configuration;

/// <summary>One address the gateway listens on.</summary>
internal sealed record ListenerSettings
{
    /// <summary>Unique name; the <c>tlsfront.listener</c> tag of logs and metrics.</summary>
    public required string Name { get; init; }

    /// <summary>Address and port. <see cref="IPAddress.IPv6Any"/> means all addresses, IPv4 included. Cold: a change needs a restart.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>What is spoken behind TLS. Cold.</summary>
    public required MailProtocol Protocol { get; init; }

    /// <summary>Name of the backend of clients that no route is for.</summary>
    public required string Backend { get; init; }

    /// <summary>What clients get that ask for certain server names.</summary>
    public IReadOnlyList<RouteSettings> Routes { get; init; } = [];

    /// <summary>Names of all backends its sessions may go to.</summary>
    public IEnumerable<string> AllBackends => Routes.Select(static route => route.Backend).Prepend(Backend).Distinct();

    /// <summary>Whose connections begin with a PROXY header; null for nobody's.</summary>
    public ProxyHeaderSettings? ProxyProtocol { get; init; }

    /// <summary>Whose connections are taken, the listener's own lists over the file's.</summary>
    public AdmissionSettings Admission { get; init; } = AdmissionSettings.Everybody;

    /// <summary>TLS rules, the listener's own over the file's.</summary>
    public required TlsSettings Tls { get; init; }

    /// <summary>Rules of an SMTP listener; unused by the others.</summary>
    public required SmtpRules Smtp { get; init; }
}
