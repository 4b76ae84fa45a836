using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Protocols.HeldLogin;

namespace TlsFront.Tests.Protocols.StartTls;

/// <summary>IMAP where some users may log in without TLS.</summary>
public class ImapCleartextContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) =>
        HeldLogins.Create("imap", observer, "* CAPABILITY IMAP4rev1 SASL-IR LITERAL+ ID STARTTLS AUTH=PLAIN|probe OK", isOptional: true);

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("a login with literals of both kinds")
            .Client("a CAPABILITY\r\nb ID (\"name\" \"x\")\r\nc LOGIN {5}\r\n")
            .Client("alice {6+}\r\nsecret\r\n")
            .Backend("* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n+ OK\r\n+ OK\r\nc OK [CAPABILITY IMAP4rev1 IDLE] in\r\n")
            .Client("d SELECT INBOX\r\n"),
        new Transcript("STARTTLS in place of a login")
            .Client("a STARTTLS\r\n")
            .Client("b AUTHENTICATE PLAIN\r\n")
            .Client("AGJvYgBzZWNyZXQ=\r\n")
            .Backend("* OK ready\r\n+ \r\nb OK in\r\n"),
        new Transcript("no STARTTLS behind a refused login")
            .Client("a LOGIN alice wrong\r\n")
            .Backend("* OK ready\r\na NO no\r\n")
            .Client("b STARTTLS\r\nc LOGOUT\r\n"),
    ];
}
