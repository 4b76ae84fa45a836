using System.Text;
using System.Text.RegularExpressions;
using TlsFront.Connections;
using TlsFront.Fuzzing.Sessions;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;
using TlsFront.Tests.Protocols;
using TlsFront.Tests.Protocols.Smtp;

namespace TlsFront.Fuzzing.Targets;

/// <summary>Mail submission, whole sessions with messages in them.</summary>
internal sealed partial class SmtpTarget() : SessionTarget(MailProtocol.Smtp)
{
    private const string Login = "`b220 hello\r\n`cEHLO laptop.example.net\r\n`b250-x\r\n250-STARTTLS\r\n250-SIZE 1000\r\n250-AUTH PLAIN GSSAPI\r\n250 CHUNKING\r\n`cAUTH PLAIN AGFsaWNlAHMzY3IzdA==\r\n`b235 ok\r\n";

    /// <inheritdoc/>
    public override string Name => "smtp";

    /// <inheritdoc/>
    public override IEnumerable<byte[]> Seeds { get; } = Bytes.Of(
        Login + "`cMAIL FROM:<a@x> SIZE=5 SMTPUTF8\r\nRCPT TO:<b@x>\r\nDATA\r\n`b250 ok\r\n250 ok\r\n354 go\r\n`cSubject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n`b250 queued\r\n221 bye\r\n",
        Login + "`cMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nBDAT 5\r\nabcdeBDAT 0 LAST\r\n`b250 ok\r\n250 ok\r\n`b250 ok\r\n`b250 ok\r\n", Login + "`r`cMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n`b250 ok\r\n250 ok\r\n354 go\r\n`cx\ny\n.\nz\r\n.\r\n",
        "`b220 hello\r\n`cHELO [1.2.3.4]\r\nMAIL FROM:<a@x>\r\nRSET\r\nSTARTTLS\r\nXCLIENT A=1\r\nVRFY x\r\nDATA\r\n`b250 ok\r\n`b250 ok\r\n", "`n`b421 busy\r\n`b220 hello\r\n`cAUTH LOGIN\r\n`b334 VXNlcm5hbWU6\r\n`cYWxpY2U=\r\n`b334 x\r\n`cczNjcjN0\r\n`b535 no\r\n`C`B",
        "`b220 x\r\n`d`e");

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
    [
        .. SmtpFuzzTests.ClientWords, .. SmtpFuzzTests.BackendWords, "`c", "`b", "`C", "`B", "`d", "`e", "`n", "`r", "`*", "`b250 ok\r\n", "`b354 go\r\n", "`b334 \r\n", "`b235 ok\r\n", Login,
        "`cMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n`b250 ok\r\n250 ok\r\n354 go\r\n`c", "AGFsaWNlAHMzY3IzdA==", "\n.\r\n", "\r\n.\n", "\r.\r", "\0.\r\n", "Received: from x", "EXPN x\r\n", "BDAT 99999999999999999999\r\n",
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
    /// Content behind a DATA that is refused for want of a login is told from commands only by arriving with it. The session ends over it, but behind the replies
    /// that are still due, and until then differs already.
    /// </remarks>
    protected override bool DependsOnArrival(SessionScript script, MachineHarness session) => session.Closed == CloseReason.ProtocolError
        || (session.ToBackendAtLogin is null && Encoding.Latin1.GetString(script.ClientBytes).Contains("DATA", StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    protected override void PlayModel(SessionScript script)
    {
        var session = new MachineHarness(observer => new SmtpMachine(Rules(script), observer)).Start();
        var server = new SmtpModelServer(script.BackendBytes, Encoding.Latin1.GetString(script.ClientBytes), session.Facts.Id);
        session.Backend("220 hello\r\n");
        foreach (var piece in script.Pieces.Where(piece => piece.FromClient && piece.Bytes.Length > 0))
        {
            session.Client(piece.Bytes);
            while (session.Closed is null && session.TakeToBackend() is { Length: > 0 } forwarded)
            {
                session.Backend(server.Receive(forwarded));
            }
        }

        Assert.Matches(Replies(), session.ToClient);
        Assert.DoesNotMatch(HiddenExtension(), session.ToClient);
        Assert.InRange(session.Reports.Count(report => report == "message accepted"), 0, server.Accepted);
    }

    private static SmtpRules Rules(SessionScript script) => new(BareNewlines: script.RejectsBareNewlines ? BareNewlines.Reject : BareNewlines.Normalize);

    [GeneratedRegex(@"^(MAIL|RCPT|DATA|BDAT|VRFY|EXPN|Received:)(\s|$)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex NeedsLogin();

    [GeneratedRegex(@"\A(\d{3}[ -][^\r\n]*\r\n)*\z")]
    private static partial Regex Replies();

    [GeneratedRegex(@"^250[ -](STARTTLS|XCLIENT)|GSSAPI", RegexOptions.Multiline)]
    private static partial Regex HiddenExtension();
}
