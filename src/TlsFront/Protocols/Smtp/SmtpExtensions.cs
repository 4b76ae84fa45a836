namespace TlsFront.Protocols.Smtp;

/// <summary>
/// What the backend offered in the last answer to EHLO that it accepted, as far as the gateway must know it to let nothing through that the
/// backend would read otherwise. None before that, and none after HELO.
/// </summary>
/// <param name="HasLogin">AUTH, with a mechanism that works through the gateway.</param>
/// <param name="HasChunking">CHUNKING (RFC 3030). Without it the octets behind BDAT are commands to the backend.</param>
/// <param name="HasPipelining">PIPELINING (RFC 2920). Without it the backend may drop what arrives before it has replied, or read it as
/// something else.</param>
/// <param name="MaxSize">Most octets of a message as the client was told (SIZE, RFC 1870): the backend's limit less what our field may add.
/// <see cref="long.MaxValue"/> where the backend named none.</param>
internal readonly record struct SmtpExtensions(bool HasLogin, bool HasChunking, bool HasPipelining, long MaxSize)
{
    /// <summary>Nothing is offered, and no size is too much.</summary>
    public static SmtpExtensions None => new(false, false, false, long.MaxValue);
}
