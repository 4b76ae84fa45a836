using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Protocols.HeldLogin;

namespace TlsFront.Tests.Protocols.StartTls;

/// <summary>ManageSieve where some users may log in without TLS.</summary>
public class SieveCleartextContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) =>
        HeldLogins.Create("sieve", observer, "\"IMPLEMENTATION\" \"x\"|\"SASL\" \"PLAIN\"|\"SIEVE\" \"fileinto\"|OK", isOptional: true);

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("a login")
            .Client("CAPABILITY\r\nAUTHENTICATE \"PLAIN\" \"AGJvYgBzZWNyZXQ=\"\r\n")
            .Backend("\"SIEVE\" \"\"\r\nOK\r\n")
            .Backend("{0}\r\n\r\nOK\r\n")
            .Client("LISTSCRIPTS\r\n"),
        new Transcript("STARTTLS in place of a login")
            .Client("STARTTLS\r\n")
            .Client("AUTHENTICATE \"PLAIN\" \"AGJvYgBzZWNyZXQ=\"\r\n")
            .Backend("\"SIEVE\" \"\"\r\nOK\r\n")
            .Backend("{0}\r\n\r\nNO\r\n"),
    ];
}
