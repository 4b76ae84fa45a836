using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Protocols.HeldLogin;

namespace TlsFront.Tests.Protocols.StartTls;

/// <summary>POP3 where some users may log in without TLS.</summary>
public class Pop3CleartextContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) =>
        HeldLogins.Create("pop3", observer, "+OK|USER|SASL PLAIN|.", isOptional: true);

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("a login")
            .Client("CAPA\r\nUSER alice\r\n")
            .Client("PASS secret\r\n")
            .Backend("+OK ready\r\n+OK\r\n+OK in\r\n")
            .Client("STAT\r\n"),
        new Transcript("a mechanism, and STLS in place of a login")
            .Client("STLS\r\n")
            .Client("AUTH PLAIN\r\n")
            .Client("AGJvYgBzZWNyZXQ=\r\n")
            .Backend("+OK ready\r\n+ \r\n+OK in\r\n"),
        new Transcript("a password without a user")
            .Client("PASS secret\r\nAUTH PLAIN AGJvYgBzZWNyZXQ=\r\n")
            .Backend("+OK ready\r\n+ \r\n-ERR no\r\n")
            .Client("STLS\r\nQUIT\r\n"),
    ];
}
