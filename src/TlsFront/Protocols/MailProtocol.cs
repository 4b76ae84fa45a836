namespace TlsFront.Protocols;

/// <summary>What a listener speaks behind TLS; <see cref="Tcp"/> is anything else, relayed unread.</summary>
internal enum MailProtocol : byte
{
    Smtp,
    Imap,
    Pop3,
    Sieve,
    Tcp,
}
