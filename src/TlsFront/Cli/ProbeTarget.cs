using TlsFront.Protocols;

namespace TlsFront.Cli;

/// <summary>
/// A port that clients use: by the service names of RFC 8314 section 7 for TLS from the first byte, by the protocol's own for STARTTLS.
/// </summary>
/// <param name="Scheme">Name of the service.</param>
/// <param name="Protocol">What is spoken there behind TLS.</param>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="StartsTls">Whether TLS begins with STARTTLS.</param>
internal sealed record ProbeTarget(string Scheme, MailProtocol Protocol, string Host, int Port, bool StartsTls)
{
    /// <summary>Scheme of a service without a name of its own, whose URL has a port.</summary>
    private const string AnyService = "tls";

    /// <summary>Reads a URL; null if it is none of these services'.</summary>
    public static ProbeTarget? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Host.Length == 0
            || url.PathAndQuery.Trim('/').Length > 0
            || url.UserInfo.Length > 0)
        {
            return null;
        }

        var startsTls = ProtocolProfile.All.FirstOrDefault(profile => profile.StartTlsPort > 0 && profile.Name == url.Scheme);
        var profile = startsTls ?? ProtocolProfile.All.FirstOrDefault(profile => (profile.ImplicitTlsService ?? AnyService) == url.Scheme);
        var port = url.Port > 0 ? url.Port : startsTls?.StartTlsPort ?? profile?.ImplicitTlsPort ?? 0;
        return profile is null || port == 0 ? null : new(url.Scheme, profile.Protocol, url.IdnHost.Trim('[', ']'), port, startsTls is not null);
    }

    public override string ToString() => $"{Scheme}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}
