using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Tcp;

namespace TlsFront.Tests.Protocols.Tcp;

public class TcpMachineTests
{
    [Fact]
    public void Bytes_pass_unread_once_a_backend_is_connected()
    {
        var session = Start(backends: 1);
        Assert.True(session.Transparent);
        Assert.Equal(Phase.Relay, session.Phase);
        session.Client("STARTTLS\n\0");
        session.Backend("anything");
        Assert.Equal("STARTTLS\n\0", session.ToBackend);
        Assert.Equal("anything", session.ToClient);
    }

    [Fact]
    public void Without_a_backend_the_connection_closes_without_a_word()
    {
        var session = Start(backends: 0);
        Assert.Equal(CloseReason.BackendUnavailable, session.Closed);
        Assert.Equal("", session.ToClient);
    }

    [Theory]
    [InlineData(Signal.Drain, CloseReason.Drained)]
    [InlineData(Signal.Expired, CloseReason.BackendTimeout)]
    [InlineData(Signal.ClientEnded, CloseReason.ClientClosed)]
    public void Until_then_what_happens_ends_it(object signal, object reason)
    {
        var machine = new TcpMachine();
        var buffer = new EmitBuffer();
        var emitter = new Emitter([], buffer, MachineHarness.DefaultFacts(), DateTimeOffset.UnixEpoch);
        Assert.Equal(Next.Connect, machine.On(Signal.Start, ref emitter).Next);
        Assert.Equal(Phase.Greeting, machine.Phase);
        Assert.Equal(Step.Close(0, (CloseReason)reason), machine.On((Signal)signal, ref emitter));
        Assert.Equal(0, buffer.ToClient.TotalLength + buffer.ToBackend.TotalLength);
    }

    private static MachineHarness Start(int backends) => new MachineHarness(_ => new TcpMachine()) { BackendsLeft = backends }.Start();
}
