using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Tests.Protocols.Smtp;

public sealed class SmtpContractTests : MachineContract
{
    [Fact]
    public void Another_process_goes_on_where_this_one_stopped() => Assert.NotEqual(0, AssertSameElsewhere(ProtocolProfile.Of(MailProtocol.Smtp)));

    private const string Login = "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n";

    private protected override MailMachine Create(ISessionObserver observer) => new SmtpMachine(new SessionRules(), observer);

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        LoggedIn("pipelined DATA, two messages")
            .Client("MAIL FROM:<a@example.com> SIZE=5000\r\nRCPT TO:<b@example.org>\r\nDATA\r\n")
            .Backend("250 Ok\r\n250 Ok\r\n354 Go\r\n")
            .Client("Subject: x\r\n\r\n..dot\r\nline\r\n.\r\nMAIL FROM:<a@example.com>\r\n")
            .Backend("250 queued\r\n")
            .Backend("250 Ok\r\n")
            .Client("RCPT TO:<b@example.org>\r\nRCPT TO:<c@example.org>\r\nDATA\r\n")
            .Backend("250 Ok\r\n550-no\r\n550 such user\r\n354 Go\r\n")
            .Client("x\ny\rz\0\n.\n\r\n.\r\nQUIT\r\n")
            .Backend("451 later\r\n221 Bye\r\n"),
        LoggedIn("chunks")
            .Client("MAIL FROM:<a@example.com> BODY=BINARYMIME SMTPUTF8\r\nRCPT TO:<b@example.org>\r\nBDAT 0\r\nBDAT 5\r\nab\n\0cBDAT 3 LAST\r\nxyz")
            .Backend("250 Ok\r\n250 Ok\r\n")
            .Backend("250 0 octets\r\n")
            .Backend("250 204 octets\r\n")
            .Backend("250 queued\r\n")
            .Client("RSET\r\nNOOP\r\nQUIT\r\n")
            .Backend("250 Ok\r\n250 Ok\r\n")
            .Backend("221-Bye\r\n221 Bye\r\n"),
        Greeted("login dialogue and refusals")
            .Client("EHLO [192.0.2.1]\r\nMAIL FROM:<a@x>\r\n")
            .Backend("250-backend\r\n250-STARTTLS\r\n250-AUTH GSSAPI\r\n250-AUTH=PLAIN GSSAPI LOGIN\r\n250-SIZE 20000\r\n250 XCLIENT ADDR\r\n")
            .Client("RCPT TO:<b@x>\r\nDATA\r\n")
            .Client("BDAT 4 LAST\r\nabcdSTARTTLS\r\nXCLIENT ADDR=192.0.2.9\r\nVRFY bob\r\nRSET\r\nEXPN list\r\n\r\nAUTH LOGIN\r\n")
            .Backend("250 Ok\r\n")
            .Backend("334 VXNlcm5hbWU6\r\n")
            .Client("YWxpY2U=\r\n")
            .Backend("334 UGFzc3dvcmQ6\r\n")
            .Client("c2VjcmV0\r\n")
            .Backend("535 5.7.8 no\r\n")
            .Client("AUTH LOGIN YWxpY2U=\r\n")
            .Backend("334 UGFzc3dvcmQ6\r\n")
            .Client("*\r\n")
            .Backend("501 cancelled\r\n")
            .Client("AUTH SCRAM-SHA-256-PLUS x\r\nHELP\r\n")
            .Backend("214-This\r\n214 is help\r\n")
            .Client(Login)
            .Backend("235 Ok\r\n")
            .Client(Login + "AUTH\nQUIT\n")
            .Backend("221 Bye\r\n"),
        LoggedIn("DATA refused with content behind it")
            .Client("MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nSubject: x\r\n\r\nRSET\r\n.\r\n")
            .Backend("250 Ok\r\n550 no\r\n554 no valid recipients\r\n"),
        LoggedIn("a verdict before the final dot")
            .Client("MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n")
            .Backend("250 Ok\r\n250 Ok\r\n354 Go\r\n")
            .Client("Subject: x\r\n\r\n")
            .Backend("552-5.3.4 too\r\n552 5.3.4 big\r\n")
            .Client("rest\n.\n\r\n.\r\n"),
        LoggedIn("empty message")
            .Client("MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n")
            .Backend("250 Ok\r\n550 no\r\n354 Go\r\n")
            .Client(".\r\nRSET\r\n")
            .Backend("554 no valid recipients\r\n250 Ok\r\n"),
        new Transcript("refused greeting, next backend", backends: 2)
            .Client("EHLO x\r\n")
            .Backend("421-busy\r\n421 later\r\n")
            .Backend("220-hello\r\n220 hello\r\n")
            .Backend("502 no\r\n")
            .Client("HELO x\r\n")
            .Backend("250 Ok\r\n421 I go\r\n"),
        Greeted("not SMTP").Client("RSET\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n").Backend("250 Ok\r\n"),
    ];

    private static Transcript Greeted(string name) => new Transcript(name).Backend(SmtpSession.Greeting);

    private static Transcript LoggedIn(string name) => Greeted(name)
        .Client("EHLO laptop.example.net\r\n")
        .Backend(SmtpSession.EhloReply)
        .Client(Login)
        .Backend("235 2.7.0 Ok\r\n");
}
