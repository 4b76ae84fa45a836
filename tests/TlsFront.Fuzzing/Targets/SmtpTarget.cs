using System.Text;
using System.Text.RegularExpressions;
using TlsFront.Connections;
using TlsFront.Fuzzing.Models;
using TlsFront.Fuzzing.Sessions;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;
using TlsFront.Tests.Protocols;
using TlsFront.Tests.Protocols.Smtp;

namespace TlsFront.Fuzzing.Targets;

/// <summary>Mail submission, whole sessions with messages in them.</summary>
internal sealed partial class SmtpTarget() : SessionTarget(MailProtocol.Smtp, SmtpServer.All)
{
    private const string Login = "`b220 hello\r\n`cEHLO laptop.example.net\r\n`b250-x\r\n250-STARTTLS\r\n250-SIZE 1000\r\n250-AUTH PLAIN GSSAPI\r\n"
        + "250 CHUNKING\r\n`cAUTH PLAIN AGFsaWNlAHMzY3IzdA==\r\n`b235 ok\r\n";

    private const string Envelope = "MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\n";

    private const string ToServer = "EHLO laptop.example.net\r\nAUTH PLAIN AGFsaWNlAHMzY3IzdA==\r\n";

    private static readonly string[] WithBackend =
    [
        Login + "`cMAIL FROM:<a@x> SIZE=5 SMTPUTF8\r\nRCPT TO:<b@x>\r\nDATA\r\n`b250 ok\r\n250 ok\r\n354 go\r\n`cSubject: x\r\n\r\n..dot\r\n"
            + ".\r\nQUIT\r\n"
            + "`b250 queued\r\n221 bye\r\n",
        Login + $"`c{Envelope}BDAT 5\r\nabcdeBDAT 0 LAST\r\n`b250 ok\r\n250 ok\r\n`b250 ok\r\n`b250 ok\r\n",
        Login + $"`r`c{Envelope}DATA\r\n`b250 ok\r\n250 ok\r\n354 go\r\n`cx\ny\n.\nz\r\n.\r\n",
        "`b220 hello\r\n`cHELO [1.2.3.4]\r\nMAIL FROM:<a@x>\r\nRSET\r\nSTARTTLS\r\nXCLIENT A=1\r\nVRFY x\r\nDATA\r\n`b250 ok\r\n`b250 ok\r\n",
        "`n`b421 busy\r\n`b220 hello\r\n`cAUTH LOGIN\r\n`b334 VXNlcm5hbWU6\r\n`cYWxpY2U=\r\n`b334 x\r\n`cczNjcjN0\r\n`b535 no\r\n`C`B",
        "`b220 x\r\n`d`e",
    ];

    private static readonly string[] WithServer =
    [
        $"{ToServer}{Envelope}DATA\r\n`cSubject: x\r\n\r\n..dot\r\n.\r\n`cQUIT\r\n", $"{ToServer}{Envelope}BDAT 5 LAST\r\nhello`cNOOP\r\nQUIT\r\n",
        $"{ToServer}{Envelope}BDAT 5\r\nhelloBDAT 7 LAST\r\nEXPN x\r\n{Envelope}BDAT 0 LAST\r\nRSET\r\nVRFY x\r\n",
        $"EHLO x\r\nAUTH LOGIN\r\n`cYWxpY2U=\r\n`cczNjcjN0\r\n`c{Envelope}RSET\r\n{Envelope}DATA\r\n`cx\r\n`cy\r\n.\r\nNOOP\r\n",
        $"HELO x\r\nAUTH SCRAM-SHA-256 biwsbj1hbGljZSxyPXg=\r\n`cYz14\r\nAUTH PLAIN\r\n*\r\n`cEHLO y\r\n{Envelope}DATA\r\n.\r\n"
            + $"`b\u0001\u0001\u0021\u0001\u0008\u0010",
        $"EHLO x\r\nAUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciB0AXVzZXI9Ym9iAQE=\r\nMAILX FROM:<a@x>\r\n{Envelope}RCPTX TO:<b@x>\r\n",
        "EHLO x\r\nAUTH CRAM-MD5 YWxpY2UgMA==\r\n`cYm9iIDAxMjM=\r\nAUTH OAUTHBEARER biwsAWF1dGg9QmVhcmVyIHQBAQ==\r\n"
            + "AUTH LOGIN YWxpY2U=\r\n`cYm9i\r\n`cc2VjcmV0\r\n",
    ];

    /// <inheritdoc/>
    public override string Name => "smtp";

    /// <inheritdoc/>
    public override IEnumerable<byte[]> Seeds { get; } =
    [
        .. Bytes.Of(WithBackend), .. SmtpServer.All.SelectMany((_, server) => Bytes.Behind(server, WithServer)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
    [
        .. SmtpFuzzTests.ClientWords, .. SmtpFuzzTests.BackendWords, "`c", "`b", "`C", "`B", "`d", "`e", "`n", "`r", "`*", "`b250 ok\r\n",
        "`b354 go\r\n",
        "`b334 \r\n", "`b235 ok\r\n", Login, ToServer, $"`c{Envelope}DATA\r\n`b250 ok\r\n250 ok\r\n354 go\r\n`c", "AGFsaWNlAHMzY3IzdA==", "\n.\r\n",
        "\r\n.\n",
        "\r.\r", "\0.\r\n", "Received: from x", "EXPN x\r\n", "BDAT 99999999999999999999\r\n", "BDAT 20 LAST\r\n", " LAST", "`c", Envelope,
        "AUTH PLAIN ", "AUTH ",
        "SCRAM-SHA-1-PLUS", "GSSAPI", "ETRN x\r\n", "BURL x LAST\r\n",
    ]);

    /// <inheritdoc/>
    protected override MailMachine Create(SessionScript script, ISessionObserver observer) => new SmtpMachine(Rules(script), observer);

    /// <inheritdoc/>
    protected override void CheckSession(SessionScript script, MachineHarness session)
    {
        // After a challenge the client may answer whatever it likes: such lines are no commands.
        if (script.BackendBytes.AsSpan().IndexOf("334"u8) < 0)
        {
            Assert.DoesNotMatch(NeedsLogin(), session.ToBackend[..(session.ToBackendAtLogin ?? session.ToBackend.Length)]);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Content behind a DATA that is refused for want of a login is told from commands only by arriving with it. The session ends over it, but behind
    /// the replies that are still due, and until then differs already.
    /// </remarks>
    protected override bool DependsOnArrival(SessionScript script, MachineHarness session) => session.Closed == CloseReason.ProtocolError
        || (session.ToBackendAtLogin is null && Encoding.Latin1.GetString(script.ClientBytes).Contains("DATA", StringComparison.OrdinalIgnoreCase));

    private static SessionRules Rules(SessionScript script) => new(BareNewlines: script.BareNewlines);

    [GeneratedRegex(@"^(MAIL|RCPT|DATA|BDAT|VRFY|EXPN|Received:)(\s|$)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex NeedsLogin();
}
