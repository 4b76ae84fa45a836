using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Imap;
using TlsFront.Protocols.Introduction;

namespace TlsFront.Tests.Protocols.Introduction;

public class IntroducingMachineContract : MachineContract
{
    private protected override SessionFacts Facts
    {
        get
        {
            var facts = MachineHarness.DefaultFacts();
            facts.IsIntroducedInDialogue = true;
            return facts;
        }
    }

    private protected override MailMachine Create(ISessionObserver observer) =>
        new IntroducingMachine(static () => new ImapIntroduction(), new ImapMachine(observer));

    private protected override IEnumerable<Transcript> Transcripts =>
    [
        new Transcript("a server that takes it, with a literal in its answer")
            .Client("a CAPABILITY\r\n")
            .Backend("* OK ready\r\n")
            .Backend("* ID (\"name\" {9}\r\n* BYE\r\nx)\r\ntlsfront OK done\r\n")
            .Backend("a OK done\r\n")
            .Client("b LOGIN alice secret\r\n")
            .Backend("b OK in\r\n"),
        new Transcript("one that does not, and another", backends: 2)
            .Backend("* OK ready\r\n")
            .Backend("tlsfront BAD no\r\n")
            .Backend("* OK ready\r\n")
            .Backend("tlsfront OK done\r\n"),
    ];
}
