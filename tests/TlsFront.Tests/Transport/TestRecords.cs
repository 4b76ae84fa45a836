using TlsFront.Connections;
using TlsFront.Tests.Protocols;

namespace TlsFront.Tests.Transport;

/// <summary>A record that nobody listens to.</summary>
internal sealed class TestRecords : IConnectionEvents
{
    public static ConnectionRecord Create() => new(MachineHarness.DefaultFacts(), "test", "smtp", new TestRecords());

    public void HandshakeEnded(ConnectionRecord record, CloseReason failure, TimeSpan elapsed)
    {
    }

    public void BackendTried(ConnectionRecord record, string backend, TimeSpan elapsed, string? failure)
    {
    }

    public void LoginEnded(ConnectionRecord record, bool accepted)
    {
    }

    public void MessageEnded(ConnectionRecord record, bool accepted)
    {
    }
}
