using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.StartTls;

public class ImapStartTlsContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) => StartTls.Create("imap", observer);

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("a login, after one too early")
            .Client("a CAPABILITY\r\nb LOGIN {5+}\r\nalice {6+}\r\nsecret\r\n")
            .Client("c STARTTLS\r\n")
            .Client("d CAPABILITY\r\n")
            .Backend("* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")
            .Backend("* CAPABILITY IMAP4rev1 STARTTLS\r\nd OK done\r\n")
            .Client("e LOGIN alice secret\r\n")
            .Backend("e OK in\r\n")
            .Client("f SELECT INBOX\r\n"),
        new Transcript("a backend that takes nobody for a stranger").Client("a STARTTLS\r\n").Backend("* PREAUTH hi\r\n"),
    ];
}
