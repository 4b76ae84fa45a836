using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.HeldLogin;

public class SmtpHeldLoginContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) =>
        HeldLogins.Create("smtp", observer, "250-mx|250-PIPELINING|250-SIZE 10000|250-AUTH PLAIN LOGIN SCRAM-SHA-256 CRAM-MD5|250 8BITMIME");

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("a submission")
            .Client("NOOP\r\nRSET\r\nRSET\r\nMAIL FROM:<a@x>\r\nXCLIENT ADDR=1.2.3.4\r\nEHLO laptop.example.net\r\n")
            .Client("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n")
            .Backend("220-backend\r\n220 ready\r\n")
            .Backend("250-backend\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n")
            .Backend("334 \r\n")
            .Backend("235-2.7.0 in\r\n235 2.7.0 ok\r\n")
            .Client("MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n")
            .Backend("250 ok\r\n250 ok\r\n354 go\r\n")
            .Client("Subject: x\r\n\r\nx\r\n.\r\nQUIT\r\n")
            .Backend("250 queued\r\n221 bye\r\n"),
        new Transcript("two users, the first one refused", backends: 2)
            .Client("EHLO a\r\nAUTH LOGIN\r\n")
            .Client("YWxpY2U=\r\n")
            .Client("c2VjcmV0\r\n")
            .Backend("220 one\r\n")
            .Backend("250 one\r\n")
            .Backend("334 VXNlcm5hbWU6\r\n")
            .Backend("334 UGFzc3dvcmQ6\r\n")
            .Backend("535-no\r\n535 no\r\n")
            .Client("AUTH PLAIN\r\n")
            .Client("AGJvYgBzZWNyZXQ=\r\n")
            .Backend("220 two\r\n")
            .Backend("250 two\r\n")
            .Backend("334 \r\n")
            .Backend("235 ok\r\n")
            .Client("MAIL FROM:<a@x>\r\n"),
        new Transcript("a proof that only the backend can ask for")
            .Client("EHLO a\r\nAUTH SCRAM-SHA-256 biwsbj1hbGljZSxyPWFiYw==\r\n")
            .Backend("220 one\r\n250 one\r\n334 \r\n334 cj1hYmM=\r\n")
            .Client("Yz1iaXdz\r\n")
            .Backend("334 dj1h\r\n")
            .Client("\r\n")
            .Backend("235 ok\r\n"),
        new Transcript("a backend that refuses its guest, and one that does not", backends: 2)
            .Client("EHLO a\r\nAUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n")
            .Backend("554 no\r\n")
            .Backend("220 two\r\n250 two\r\n334 \r\n235 ok\r\n"),
    ];
}
