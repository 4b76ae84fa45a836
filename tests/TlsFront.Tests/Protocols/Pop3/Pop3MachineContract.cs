using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Pop3;

namespace TlsFront.Tests.Protocols.Pop3;

public class Pop3MachineContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) => new Pop3Machine(observer);

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("capabilities, then user and password")
            .Backend("+OK [XCLIENT] ready <1.2@x>\r\n")
            .Client("CAPA\r\nSTLS\r\nXCLIENT ADDR=192.0.2.1\r\nUSER alice\r\nPASS wrong\r\nUSER bob\r\nPASS right\r\nSTAT\r\n")
            .Backend("+OK\r\nSTLS\r\nSASL PLAIN X-PLUS\r\nUSER\r\n.\r\n")
            .Backend("+OK\r\n")
            .Backend("-ERR no\r\n")
            .Backend("+OK\r\n")
            .Backend("+OK in\r\n+OK 0 0\r\n"),
        new Transcript("dialogue, then quit", backends: 2)
            .Backend("-ERR full\r\n")
            .Backend("+OK ready\r\n")
            .Client("AUTH\r\nAUTH PLAIN\r\n")
            .Backend("+OK\r\nPLAIN\r\nX-PLUS\r\n.\r\n")
            .Backend("+ \r\n")
            .Client("AGFsaWNlAHNlY3JldA==\r\n")
            .Backend("-ERR [AUTH] no\r\n")
            .Client("NO\rOP\nQUIT\n")
            .Backend("+OK bye\r\n"),
    ];
}
