using TlsFront.Protocols;

namespace TlsFront.Cli;

/// <summary>A port that clients use, by the service names of RFC 8314 section 7.</summary>
/// <param name="Scheme">Name of the service.</param>
/// <param name="Protocol">What is spoken there behind TLS.</param>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">TCP port.</param>
internal sealed record ProbeTarget(string Scheme, MailProtocol Protocol, string Host, int Port)
{
    /// <summary>Reads a URL; null if it is none of these services'.</summary>
    public static ProbeTarget? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0 || url.PathAndQuery.Trim('/').Length > 0 || url.UserInfo.Length > 0)
        {
            return null;
        }

        var (protocol, port) = url.Scheme switch
        {
            "submissions" => (MailProtocol.Smtp, 465),
            "imaps" => (MailProtocol.Imap, 993),
            "pop3s" => (MailProtocol.Pop3, 995),
            _ => (MailProtocol.Tcp, -1),
        };
        port = url.Port > 0 ? url.Port : port;
        return (protocol == MailProtocol.Tcp && url.Scheme != "tls") || port < 0 ? null : new(url.Scheme, protocol, url.IdnHost.Trim('[', ']'), port);
    }

    public override string ToString() => $"{Scheme}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}
