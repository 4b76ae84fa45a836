using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Tests.Protocols.Smtp;

public sealed class SmtpRejectContractTests : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) =>
        new SmtpMachine(new SessionRules(Authentication.Optional, BareNewlines.Reject), observer);

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("a smuggled end of data, without login")
            .Backend(SmtpSession.Greeting)
            .Client("EHLO laptop.example.net\r\n")
            .Backend("250-backend\r\n250 PIPELINING\r\n")
            .Client("MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n")
            .Backend("250 Ok\r\n250 Ok\r\n354 Go\r\n")
            .Client("hello\r\n.\r\nMAIL FROM:<a@example.com>\r\n")
            .Backend("250 queued\r\n")
            .Client("RCPT TO:<b@example.org>\r\nDATA\r\n")
            .Backend("250 Ok\r\n")
            .Backend("250 Ok\r\n354 Go\r\n")
            .Client("hello\r\n.\nMAIL FROM:<x@x>\r\n.\rRSET\r\n.\r\n")
            .Client("QUIT\r\n"),
    ];
}
