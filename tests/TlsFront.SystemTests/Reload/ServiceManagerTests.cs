using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Limits;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Reload;

/// <summary>What a service manager hears of a reload, on the socket it gives to its service.</summary>
public sealed class ServiceManagerTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_saved_file_is_a_reload_with_its_time_and_then_ready()
    {
        using var folder = new TemporaryFolder();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder.PathOf("notify")));
        using var stub = new ImapStub();
        var setup = new GatewaySetup
        {
            Smtp = [Ports.Next()],
            Imap = [stub.Port],
            Pop3 = [Ports.Next()],
            Launcher = _ => ["env", $"NOTIFY_SOCKET={folder.PathOf("notify")}"],
        };
        await using var gateway = await GatewayProcess.StartAsync(setup);
        Assert.StartsWith("READY=1\n", await ReceiveAsync(socket), StringComparison.Ordinal);

        var before = Microseconds();
        gateway.Configure(setup with { ReceivedGroup = "on" });

        var reloading = await ReceiveAsync(socket);
        Assert.Matches(@"^RELOADING=1\nMONOTONIC_USEC=\d+$", reloading);
        Assert.InRange(long.Parse(reloading.Split('=')[^1], CultureInfo.InvariantCulture), before, Microseconds());
        Assert.StartsWith("READY=1\n", await ReceiveAsync(socket), StringComparison.Ordinal);
        output.WriteLine(gateway.Log);
    }

    /// <summary>The next message that is none of those that come all the time.</summary>
    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[4096];
        while (true)
        {
            using var deadline = new CancellationTokenSource(Eventually.Deadline);
            var message = Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, SocketFlags.None, deadline.Token));
            if (!message.StartsWith("WATCHDOG=1", StringComparison.Ordinal))
            {
                return message;
            }
        }
    }

    /// <summary>CLOCK_MONOTONIC.</summary>
    private static long Microseconds() => (long)(Stopwatch.GetTimestamp() * (1_000_000.0 / Stopwatch.Frequency));
}
