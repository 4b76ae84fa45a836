using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.StartTls;

public class SieveStartTlsContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) => StartTls.Create("sieve", observer);

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("a login, after one too early")
            .Client("CAPABILITY\r\nAUTHENTICATE \"PLAIN\" {10+}\r\nSTARTTLS\r\n\r\n")
            .Client("STARTTLS\r\n")
            .Client("NOOP \"a\"\r\n")
            .Backend("\"SASL\" \"PLAIN\"\r\n\"STARTTLS\"\r\nOK \"ready\"\r\n")
            .Backend("OK (TAG \"a\") \"Done\"\r\n")
            .Client("AUTHENTICATE \"PLAIN\" \"AGFsaWNlAHNlY3JldA==\"\r\n")
            .Backend("OK\r\n")
            .Client("LISTSCRIPTS\r\n"),
    ];
}
