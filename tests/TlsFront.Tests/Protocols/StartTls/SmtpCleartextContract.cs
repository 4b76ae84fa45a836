using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Protocols.HeldLogin;

namespace TlsFront.Tests.Protocols.StartTls;

/// <summary>Submission where some users may log in without TLS.</summary>
public class SmtpCleartextContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) =>
        HeldLogins.Create("smtp", observer, "250-mx|250-SIZE 10240|250-AUTH PLAIN LOGIN|250 8BITMIME", isOptional: true);

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("a submission without TLS")
            .Client("EHLO one\r\nEHLO device\r\nAUTH LOGIN\r\n")
            .Client("Ym9i\r\n")
            .Client("c2VjcmV0\r\n")
            .Backend("220 backend ESMTP\r\n250-backend\r\n250 AUTH PLAIN LOGIN\r\n334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n235 in\r\n")
            .Client("MAIL FROM:<a@example.org>\r\n"),
        new Transcript("a login that is refused, and no STARTTLS behind it")
            .Client("EHLO device\r\nAUTH PLAIN AGJvYgBzZWNyZXQ=\r\n")
            .Backend("220 backend ESMTP\r\n250-backend\r\n250 AUTH PLAIN\r\n334 \r\n535 no\r\n")
            .Client("STARTTLS\r\nQUIT\r\n"),
        new Transcript("without a hello, and STARTTLS in place of a login")
            .Client("MAIL FROM:<a@example.org>\r\nEHLO device\r\nSTARTTLS\r\n")
            .Client("EHLO device\r\nAUTH PLAIN AGJvYgBzZWNyZXQ=\r\n")
            .Backend("220 backend ESMTP\r\n250-backend\r\n250 AUTH PLAIN\r\n334 \r\n235 in\r\n"),
    ];
}
