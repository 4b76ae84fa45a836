using TlsFront.Protocols;

namespace TlsFront.Configuration;

/// <summary>
/// Deadlines of a session's phases. No default is shorter than what RFC 5321 section 4.5.3.2,
/// RFC 9051 section 5.4 and RFC 1939 section 3 grant clients.
/// </summary>
internal sealed record TimeoutSettings
{
    /// <summary>From accept to the end of a load balancer's PROXY header. Defaults to 5 s; its specification wants 3 at least.</summary>
    public TimeSpan ProxyHeader { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// From accept, the PROXY header or STARTTLS to the end of the TLS handshake. Defaults to 30 s: generous for a phone on a bad network.
    /// </summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// From the greeting to STARTTLS, all commands together; the time for the handshake follows. Defaults to 1 min: mail programs need a second,
    /// and nobody without TLS has any business here.
    /// </summary>
    public TimeSpan StartTls { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Reaching a backend, shared by all destinations tried; the greeting counts while another is left. Defaults to 10 s.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Greeting of the last destination that is left; null (default) for what the protocol calls for, see <see cref="For"/>.</summary>
    public TimeSpan? Greeting { get; init; }

    /// <summary>Client's next command before login. Defaults to 5 min (RFC 5321 section 4.5.3.2.7).</summary>
    public TimeSpan PreLogin { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Client's next command after login (SMTP). Defaults to 10 min.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Backend's reply. Defaults to 10 min (RFC 5321 section 4.5.3.2.6, the longest a client waits).</summary>
    public TimeSpan Reply { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Client's next piece of message data. Defaults to 5 min; RFC 5321 section 4.5.3.2.5 grants 3.</summary>
    public TimeSpan Data { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Silence of both sides in a transparent session. Defaults to 35 min:
    /// IMAP servers must wait 30 (RFC 9051 section 5.4), and they should end first.
    /// </summary>
    public TimeSpan Relay { get; init; } = TimeSpan.FromMinutes(35);

    /// <summary>How long a side may take nothing of what is written to it. Defaults to 5 min.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the client's answer to our close_notify is awaited, so that the goodbye is not lost to a reset. Defaults to 2 s.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The same with a deadline for the greeting: 5 min with SMTP, whose servers may make clients wait on purpose (RFC 5321 section 4.5.3.2.1), and 1
    /// min with the others, whose clients give up then and whose servers greet at once or hang.
    /// </summary>
    public TimeoutSettings For(MailProtocol protocol) =>
        this with { Greeting = Greeting ?? (ProtocolProfile.Of(protocol).IsSubmission ? TimeSpan.FromMinutes(5) : TimeSpan.FromMinutes(1)) };
}
