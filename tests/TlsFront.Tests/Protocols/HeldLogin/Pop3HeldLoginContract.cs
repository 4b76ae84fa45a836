using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.HeldLogin;

public class Pop3HeldLoginContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) =>
        HeldLogins.Create("pop3", observer, "+OK|USER|UIDL|SASL PLAIN CRAM-MD5|PIPELINING|UTF8|.");

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("USER and PASS, with something between them")
            .Client("CAPA\r\nUSER bob\r\nUSER alice\r\nNOOP\r\nPASS sec ret\r\n")
            .Backend("+OK ready <1@x>\r\n")
            .Backend("+OK go\r\n")
            .Backend("+OK in\r\n")
            .Client("STAT\r\n"),
        new Transcript("AUTH after a refused PASS", backends: 2)
            .Client("USER alice\r\nPASS secret\r\n")
            .Backend("+OK ready\r\n-ERR no such user\r\n")
            .Client("PASS secret\r\nAUTH PLAIN\r\nAGJvYgBzZWNyZXQ=\r\n")
            .Backend("+OK ready\r\n+ \r\n+OK in\r\n"),
    ];
}
