using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Imap;

namespace TlsFront.Tests.Protocols.Imap;

public class ImapMachineContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) => new ImapMachine(observer);

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("login with everything around it")
            .Backend("* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready\r\n")
            .Client("a ID (\"name\" \"mutt\" \"x-originating-ip\" \"192.0.2.1\")\r\nb CAPABILITY\r\nc STARTTLS\r\n")
            .Backend("* ID (\"name\" {7}\r\nDovecot)\r\na OK done\r\n")
            .Backend("* CAPABILITY IMAP4rev1 STARTTLS\r\nb OK done\r\n")
            .Client("d LOGIN \"alice\" {6+}\r\nsecret\r\ne NOOP\r\n")
            .Backend("+ OK\r\n")
            .Backend("* CAPABILITY IMAP4rev1 UNAUTHENTICATE\r\nd OK [CAPABILITY IMAP4rev1 STARTTLS IDLE] in\r\n")
            .Backend("e OK done\r\n")
            .Client("f IDLE\r\n"),
        new Transcript("literals refused, then a dialogue")
            .Backend("* OK ready\r\n")
            .Client("a LOGIN {5}\r\n")
            .Backend("a NO later\r\n")
            .Client("b LOGIN {5+}\r\nalice {3+}\r\nxyz\r\nc AUTHENTICATE LOGIN\r\n")
            .Backend("b BAD no\r\n")
            .Backend("+ VXNlcm5hbWU6\r\n")
            .Client("YWxpY2U=\r\n")
            .Backend("+ UGFzc3dvcmQ6\r\n")
            .Client("*\r\n")
            .Backend("c BAD cancelled\r\n")
            .Client("d LOGOUT\r\n")
            .Backend("* BYE bye\r\nd OK done\r\n"),
        new Transcript("second backend greets, client misbehaves", backends: 2)
            .Backend("* BYE full\r\n")
            .Client("a NO\rOP\nb NOOP\n\r\n")
            .Backend("* OK ready\r\n")
            .Backend("b OK done\r\n")
            .Client("GET / HTTP/1.1\r\n"),
        new Transcript("ID with literals of every kind, LF for CRLF")
            .Backend("* OK ready\r\n")
            .Client("a ID (\"name\" {4}\r\n")
            .Client("mutt {3+}\nx-a {2}\n")
            .Client("bc \"os\" {9+}\r\n\"\\\"\\\"\\\"\\\" \"v\" NIL)\nb NOOP\n")
            .Backend("* ID NIL\r\na OK done\r\n")
            .Backend("b OK done\r\n")
            .Client("c ID ({3+}\r\na\rb NIL)\r\nd ID (\"k\" {2000+}\r\nxx"),
        new Transcript("preauth").Backend("* PREAUTH [CAPABILITY IMAP4rev1 X-A STARTTLS] hi\r\n").Client("a NOOP\r\n"),
    ];
}
