using TlsFront.Connections;
using TlsFront.Tests.Protocols;

namespace TlsFront.Tests.Transport;

/// <summary>A record that nobody listens to.</summary>
internal sealed class TestRecords : IConnectionEvents
{
    public static ConnectionRecord Create() => new(MachineHarness.DefaultFacts(), "test", "smtp", new TestRecords());

    public void HeaderEnded(ConnectionRecord record, TimeSpan elapsed)
    {
    }

    public void HandshakeEnded(ConnectionRecord record, CloseReason failure, TimeSpan elapsed)
    {
    }

    public void DestinationPicked(ConnectionRecord record, string backend, string? destination, TimeSpan elapsed)
    {
    }

    public void BackendTried(ConnectionRecord record, string backend, string destination, TimeSpan elapsed, string? failure)
    {
    }

    public void Greeted(ConnectionRecord record)
    {
    }

    public void LoginEnded(ConnectionRecord record, bool accepted)
    {
    }

    public void MessageEnded(ConnectionRecord record, bool accepted)
    {
    }
}
