using TlsFront.Demo.Imap;
using TlsFront.Demo.Pop3;
using TlsFront.Demo.Smtp;

namespace TlsFront.Demo;

/// <summary>
/// The "old mail server" of the demo: submission, IMAP and POP3 without TLS on ephemeral loopback ports, over one mailbox in memory.
/// It outlives the gateway, so that draining sessions still have their backend.
/// </summary>
internal sealed class DemoMailServers(MailStore store, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>RFC 5321 section 4.5.3.2.7.</summary>
    public LineServer Smtp { get; } = new(connection => new SmtpSession(connection, store, time).RunAsync(), TimeSpan.FromMinutes(5), time, logger);

    /// <summary>RFC 3501 section 5.4 asks for 30 minutes at least.</summary>
    public LineServer Imap { get; } = new(connection => new ImapSession(connection, store).RunAsync(), TimeSpan.FromMinutes(31), time, logger);

    /// <summary>RFC 1939 section 3.</summary>
    public LineServer Pop3 { get; } = new(connection => new Pop3Session(connection, store).RunAsync(), TimeSpan.FromMinutes(10), time, logger);

    public async ValueTask DisposeAsync()
    {
        await Smtp.DisposeAsync();
        await Imap.DisposeAsync();
        await Pop3.DisposeAsync();
    }
}
