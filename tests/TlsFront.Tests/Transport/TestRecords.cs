using TlsFront.Connections;
using TlsFront.Tests.Protocols;

namespace TlsFront.Tests.Transport;

/// <summary>Records that nobody listens to.</summary>
internal static class TestRecords
{
    public static ConnectionRecord Create() => new(MachineHarness.DefaultFacts(), "test", "smtp", NullConnectionEvents.Instance);
}
