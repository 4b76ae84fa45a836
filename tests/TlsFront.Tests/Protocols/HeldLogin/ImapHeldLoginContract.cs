using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.HeldLogin;

public class ImapHeldLoginContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) =>
        HeldLogins.Create("imap", observer, "* CAPABILITY IMAP4rev1 SASL-IR LITERAL+ ID STARTTLS AUTH=PLAIN AUTH=SCRAM-SHA-1|probe OK");

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("a login with literals of both kinds")
            .Client("a CAPABILITY\r\nb ID (\"name\" \"x\")\r\nc NOOP\r\nd STARTTLS\r\n")
            .Client("e LOGIN {5}\r\n")
            .Client("alice {6+}\r\nsecret\r\n")
            .Backend("* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")
            .Backend("+ OK\r\n")
            .Backend("+ OK\r\n")
            .Backend("* CAPABILITY IMAP4rev1 IDLE\r\ne OK [CAPABILITY IMAP4rev1 IDLE UNAUTHENTICATE] in\r\n")
            .Client("f SELECT INBOX\r\n"),
        new Transcript("the second of three tries", backends: 3)
            .Client("a LOGIN alice \"sec ret\"\r\n")
            .Backend("* OK ready\r\na NO [AUTHENTICATIONFAILED] no\r\n")
            .Backend("* BYE too slow\r\n")
            .Client("b AUTHENTICATE PLAIN\r\n")
            .Client("AGJvYgBzZWNyZXQ=\r\n")
            .Backend("* OK ready\r\n+ \r\nb OK in\r\n"),
        new Transcript("a cancelled one, and one whose backend is gone")
            .Client("a AUTHENTICATE PLAIN\r\n*\r\n")
            .Client("b LOGIN alice secret\r\nc NOOP\r\n")
            .Backend("* OK ready\r\n")
            .Event(Signal.BackendEnded),
    ];
}
