using TlsFront.Compatibility;
using TlsFront.Connections;

namespace TlsFront.Tests.Compatibility;

/// <summary>What is read of a server's first flight.</summary>
public sealed class ServerFlightTests
{
    private static readonly byte[] Random = new byte[32];

    [Fact]
    public void Without_extensions_the_version_is_that_of_the_hello()
    {
        byte[] hello = [2, 0, 0, 38, 3, 1, .. Random, 0, 0, 0x2F, 0];

        var flight = ServerFlight.Read(Record(22, hello))!;

        Assert.Equal((TlsVersion.Tls10, 0x002F, null), (flight.Version, (int)flight.CipherSuite, flight.Group));
    }

    [Fact]
    public void Messages_may_be_cut_anywhere_and_what_is_encrypted_is_none()
    {
        byte[] extensions = [0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 29];
        byte[] hello = [2, 0, 0, 52, 3, 3, .. Random, 0, 0x13, 1, 0, 0, 12, .. extensions];
        for (var cut = 1; cut < hello.Length; cut++)
        {
            var flight = ServerFlight.Read([.. Record(22, hello[..cut]), .. Record(22, hello[cut..]), .. Record(20, [1]), .. Record(23, hello)])!;
            Assert.Equal((TlsVersion.Tls13, 29), (flight.Version, (int)flight.Group!));
        }
    }

    [Fact]
    public void Neither_an_alert_nor_half_a_hello_is_one()
    {
        Assert.Null(ServerFlight.Read([]));
        Assert.Null(ServerFlight.Read(Record(21, [2, 70])));
        Assert.Null(ServerFlight.Read(Record(22, [2, 0, 0, 38, 3, 1])));
        Assert.Null(ServerFlight.Read(Record(22, [2, 0, 0, 2, 3, 1])));
    }

    private static byte[] Record(byte type, byte[] content) => [type, 3, 3, 0, (byte)content.Length, .. content];
}
