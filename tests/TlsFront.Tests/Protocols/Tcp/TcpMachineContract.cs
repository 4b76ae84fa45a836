using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Tcp;

namespace TlsFront.Tests.Protocols.Tcp;

public class TcpMachineContract : MachineContract
{
    private protected override MailMachine Create(ISessionObserver observer) => new TcpMachine();

    private protected override IEnumerable<Transcript> Transcripts => [new Transcript("anything").Client("\0\n\r").Backend("abc").Client("d")];
}
