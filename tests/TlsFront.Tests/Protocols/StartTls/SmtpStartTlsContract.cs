using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.StartTls;

public class SmtpStartTlsContract : MachineContract
{
    [Fact]
    public void Another_process_goes_on_where_this_one_stopped() => Assert.NotEqual(0, AssertSameElsewhere(ProtocolProfile.Of(MailProtocol.Smtp)));

    private protected override MailMachine Create(ISessionObserver observer) => StartTls.Create("smtp", observer);

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("a submission")
            .Client("EHLO laptop.example.net\r\nAUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n")
            .Client("STARTTLS\r\n")
            .Client("EHLO laptop.example.net\r\n")
            .Backend("220 backend\r\n")
            .Backend("250-backend\r\n250-STARTTLS\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n")
            .Client("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n")
            .Backend("235 ok\r\n")
            .Client("MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n")
            .Backend("250 ok\r\n250 ok\r\n354 go\r\n")
            .Client("Subject: x\r\n\r\nx\r\n.\r\nQUIT\r\n")
            .Backend("250 queued\r\n221 bye\r\n"),
        new Transcript("two backends that refuse", backends: 2)
            .Client("NOOP\r\nSTARTTLS x\r\n")
            .Client("STARTTLS\r\n")
            .Backend("554 no\r\n")
            .Backend("421 no\r\n"),
    ];
}
