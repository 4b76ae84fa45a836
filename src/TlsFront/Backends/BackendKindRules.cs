using TlsFront.Protocols;
using TlsFront.ProxyProtocol;

namespace TlsFront.Backends;

/// <summary>What is known about a product before anything is connected.</summary>
/// <param name="Protocols">What it speaks; empty where nothing is known.</param>
/// <param name="ProxyProtocol">The header it gets unless the operator says otherwise: the best it can read.</param>
/// <param name="Unreadable">The header it cannot read, or null.</param>
/// <param name="LogsInOnlyOverTls">Whether it offers AUTH only where it did TLS itself.</param>
internal sealed record BackendKindRules(
    IReadOnlyList<MailProtocol> Protocols,
    ProxyHeaderVersion ProxyProtocol,
    ProxyHeaderVersion? Unreadable = null,
    bool LogsInOnlyOverTls = false)
{
    private static readonly BackendKindRules Generic = new([], ProxyHeaderVersion.None);
    private static readonly BackendKindRules Postfix = new([MailProtocol.Smtp], ProxyHeaderVersion.V2);
    private static readonly BackendKindRules Dovecot = new([MailProtocol.Imap, MailProtocol.Pop3, MailProtocol.Smtp], ProxyHeaderVersion.V2);
    private static readonly BackendKindRules Exim = new([MailProtocol.Smtp], ProxyHeaderVersion.V2);
    private static readonly BackendKindRules Cyrus = new([MailProtocol.Imap, MailProtocol.Pop3], ProxyHeaderVersion.V2);
    private static readonly BackendKindRules OpenSmtpd = new([MailProtocol.Smtp], ProxyHeaderVersion.V2, Unreadable: ProxyHeaderVersion.V1, LogsInOnlyOverTls: true);
    private static readonly BackendKindRules Haraka = new([MailProtocol.Smtp], ProxyHeaderVersion.V1, Unreadable: ProxyHeaderVersion.V2, LogsInOnlyOverTls: true);

    /// <summary>The rules of a product.</summary>
    public static BackendKindRules Of(BackendKind kind) => kind switch
    {
        BackendKind.Postfix => Postfix,
        BackendKind.Dovecot => Dovecot,
        BackendKind.Exim => Exim,
        BackendKind.Cyrus => Cyrus,
        BackendKind.OpenSmtpd => OpenSmtpd,
        BackendKind.Haraka => Haraka,
        _ => Generic,
    };
}
