namespace TlsFront.Configuration;

/// <summary>The mail server products whose habits the gateway knows.</summary>
internal enum BackendKind : byte
{
    Generic,
    Postfix,
    Dovecot,
    Exim,
    Cyrus,
    OpenSmtpd,
    Haraka,
}
