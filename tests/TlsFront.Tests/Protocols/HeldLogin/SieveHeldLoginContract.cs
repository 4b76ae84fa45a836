using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.HeldLogin;

public class SieveHeldLoginContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) => HeldLogins.Create(
        "sieve", observer, "\"IMPLEMENTATION\" \"Example\"|\"SASL\" \"PLAIN LOGIN\"|\"SIEVE\" \"fileinto\"|\"VERSION\" \"1.0\"|OK", startTls: true);

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("behind STARTTLS")
            .Client("STARTTLS\r\n")
            .Client("CAPABILITY\r\nNOOP \"x\"\r\nAUTHENTICATE \"LOGIN\"\r\n")
            .Client("\"YWxpY2U=\"\r\n")
            .Client("{8+}\r\nc2VjcmV0\r\n")
            .Backend("\"SIEVE\" \"fileinto\"\r\n\"SASL\" {5}\r\nPLAIN\r\nOK \"ready\"\r\n")
            .Backend("\"VXNlcm5hbWU6\"\r\n")
            .Backend("{12}\r\nUGFzc3dvcmQ6\r\n")
            .Backend("NO {4}\r\noops\r\n")
            .Client("AUTHENTICATE \"PLAIN\" \"AGJvYgBzZWNyZXQ=\"\r\n"),
        new Transcript("a login at once")
            .Client("STARTTLS\r\n")
            .Client("AUTHENTICATE \"PLAIN\" \"AGJvYgBzZWNyZXQ=\"\r\n")
            .Backend("\"SIEVE\" \"fileinto\"\r\nOK \"ready\"\r\n")
            .Backend("\"\"\r\n")
            .Backend("OK \"in\"\r\n")
            .Client("LISTSCRIPTS\r\n"),
    ];
}
