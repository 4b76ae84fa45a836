using TlsFront.Connections;
using TlsFront.Fuzzing.Models;
using TlsFront.Fuzzing.Sessions;
using TlsFront.Protocols;
using TlsFront.Protocols.Imap;
using TlsFront.Tests.Protocols.Imap;

namespace TlsFront.Fuzzing.Targets;

/// <summary>IMAP up to the login.</summary>
internal sealed class ImapTarget() : SessionTarget(MailProtocol.Imap, ImapServer.All)
{
    private static readonly string[] WithBackend =
    [
        "`b* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready\r\n`ca CAPABILITY\r\n"
            + "`b* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=SCRAM-SHA-1-PLUS\r\na OK done\r\n"
            + "`cb LOGIN alice s3cr3t\r\n`bb OK [CAPABILITY X] in\r\n`cc SELECT INBOX\r\n",
        "`b* OK ready\r\n`ca AUTHENTICATE PLAIN\r\n`b+ \r\n`cAGFsaWNlAHMzY3IzdA==\r\n`ba NO no\r\n"
            + "`ca AUTHENTICATE PLAIN AGFsaWNlAHMzY3IzdA==\r\n`ba OK in\r\n",
        "`b* OK ready\r\n`ca LOGIN {5+}\r\nalice {6}\r\n`b+ go\r\n`b+ go\r\n`cs3cr3t\r\n`ba OK in\r\n",
        "`n`b* BYE busy\r\n`b* OK ready\r\n`cx ID (\"x-originating-ip\" \"1.2.3.4\" \"name\" {4+}\r\nmutt)\r\n`bx OK done\r\n",
        "`b* PREAUTH hello\r\n", "`b* OK ready\r\n`ca STARTTLS\r\nb COMPRESS DEFLATE\r\nc LOGOUT\r\n`b* BYE x\r\nc OK bye\r\n`C`B",
        "`b* OK ready\r\n`d`e",
    ];

    private static readonly string[] WithServer =
    [
        "a CAPABILITY\r\nb LOGIN alice s3cr3t\r\n",
        "a ID (\"name\" \"mutt\" \"x-originating-ip\" \"1.2.3.4\")\r\nb LOGIN \"al\\\"ice\" \"s3cr3t\"\r\n",
        "a LOGIN {5+}\r\nalice {6+}\r\ns3cr3t\r\nb NOOP\r\n`b\u0001\u0000", "a LOGIN {5}\r\n`calice {6}\r\n`cs3cr3t\r\n",
        "a NOOP {6+}\r\nb NOOP\r\n\r\nc NOOP\r\n",
        "a AUTHENTICATE PLAIN AGFsaWNlAHMzY3IzdA==\r\n", "a AUTHENTICATE LOGIN\r\n`cYWxpY2U=\r\n`cczNjcjN0\r\n",
        "a AUTHENTICATE SCRAM-SHA-256\r\n`c*\r\nb LOGOUT\r\n",
    ];

    /// <inheritdoc/>
    public override string Name => "imap";

    /// <inheritdoc/>
    public override IEnumerable<byte[]> Seeds { get; } =
    [
        .. Bytes.Of(WithBackend), .. ImapServer.All.SelectMany((_, server) => Bytes.Behind(server, WithServer)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
    [
        .. ImapFuzz.Words, .. ImapFuzz.BackendWords, "`c", "`b", "`C", "`B", "`d", "`e", "`n", "`*", "`ca ", "`b* OK ready\r\n", "`ba OK done\r\n",
        "`b+ \r\n",
        "`ba NO no\r\n", Password, "LOGIN alice s3cr3t\r\n", "AGFsaWNlAHMzY3IzdA==", "{6+}\r\ns3cr3t", "+}", "{5-}\r\n", "~{5}\r\n", "~{5+}\r\n",
        "AUTHENTICATE ", "PLAIN ",
    ]);

    /// <inheritdoc/>
    protected override MailMachine Create(SessionScript script, ISessionObserver observer) => new ImapMachine(observer, script.BareNewlines);
}
