using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.StartTls;

public class Pop3StartTlsContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) => StartTls.Create("pop3", observer);

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("a login, after one too early")
            .Client("CAPA\r\nUSER alice\r\nPASS secret\r\n")
            .Client("STLS\r\n")
            .Client("CAPA\r\n")
            .Backend("+OK ready <1@x>\r\n")
            .Backend("+OK\r\nSTLS\r\nUSER\r\n.\r\n")
            .Client("USER alice\r\nPASS secret\r\n")
            .Backend("+OK\r\n")
            .Backend("+OK in\r\n")
            .Client("STAT\r\n"),
    ];
}
