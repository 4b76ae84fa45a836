namespace TlsFront.Benchmarks.Compare;

/// <summary>A port of a proxy and what is behind it.</summary>
internal enum Route : byte
{
    /// <summary>The HTTP backend, relayed as octets.</summary>
    Http,

    /// <summary>The same behind an RSA certificate; all others have an ECDSA one.</summary>
    HttpRsa,

    /// <summary>The upload sink, relayed as octets.</summary>
    Upload,

    /// <summary>The SMTP sink, with all a proxy knows of SMTP.</summary>
    Smtp,

    /// <summary>The same, where the proxy connects it only once it knows the user.</summary>
    SmtpHeld,

    /// <summary>The IMAP store, with all a proxy knows of IMAP.</summary>
    Imap,

    /// <summary>The same, where the proxy connects it only once it knows the user.</summary>
    ImapHeld,

    /// <summary>The same as <see cref="Imap"/>, where TLS begins with STARTTLS.</summary>
    ImapStartTls,
}
