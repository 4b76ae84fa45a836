using TlsFront.Protocols;
using TlsFront.ProxyProtocol;

namespace TlsFront.Configuration;

/// <summary>What is known about a product before anything is connected.</summary>
/// <param name="Protocols">What it speaks; empty where nothing is known.</param>
/// <param name="ProxyProtocol">The header it gets unless the operator says otherwise: the best that its releases in use can read.</param>
/// <param name="Unreadable">The header it cannot read, or null.</param>
/// <param name="LogsInOnlyOverTls">Whether it offers AUTH only where it did TLS itself.</param>
/// <param name="HeaderPause">Time it needs to read the header before TLS begins, because it throws away what comes with it.</param>
internal sealed record BackendKindRules(
    IReadOnlyList<MailProtocol> Protocols,
    ProxyHeaderVersion ProxyProtocol,
    ProxyHeaderVersion? Unreadable = null,
    bool LogsInOnlyOverTls = false,
    TimeSpan HeaderPause = default)
{
    private static readonly BackendKindRules Generic = new([], ProxyHeaderVersion.None) { Identities = [ClientIdentity.XClient, ClientIdentity.Id] };
    private static readonly BackendKindRules Postfix = new([MailProtocol.Smtp], ProxyHeaderVersion.V2) { Identities = [ClientIdentity.XClient] };
    private static readonly BackendKindRules Dovecot = new(
        [MailProtocol.Imap, MailProtocol.Pop3, MailProtocol.Sieve, MailProtocol.Smtp], ProxyHeaderVersion.V2)
    {
        Identities = [ClientIdentity.XClient, ClientIdentity.Id],
    };

    private static readonly BackendKindRules Exim = new([MailProtocol.Smtp], ProxyHeaderVersion.V2);
    // imapd and pop3d have read it since 3.12, where -H tells them to, and no distribution's stable release has that:
    // 3.6 and 3.10 take it for commands.
    private static readonly BackendKindRules Cyrus = new([MailProtocol.Imap, MailProtocol.Pop3, MailProtocol.Sieve], ProxyHeaderVersion.None);
    // OpenSMTPD 7.4 reads header and ClientHello at once when they are there together, and starts TLS on the socket without the latter: the handshake
    // hangs. Nothing on the wire tells that it has read the header. It does so at once unless it is overloaded, hence a multiple of what it needs.
    private static readonly BackendKindRules OpenSmtpd = new(
        [MailProtocol.Smtp], ProxyHeaderVersion.V2, Unreadable: ProxyHeaderVersion.V1, LogsInOnlyOverTls: true,
        HeaderPause: TimeSpan.FromMilliseconds(100));
    private static readonly BackendKindRules Haraka = new(
        [MailProtocol.Smtp], ProxyHeaderVersion.V1, Unreadable: ProxyHeaderVersion.V2, LogsInOnlyOverTls: true)
    {
        Identities = [ClientIdentity.XClient],
    };

    /// <summary>By which words of its own protocols it can be told of the client.</summary>
    public IReadOnlyList<ClientIdentity> Identities { get; init; } = [];

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
