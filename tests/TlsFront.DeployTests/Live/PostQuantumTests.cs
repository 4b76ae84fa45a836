using System.Net;
using System.Net.Sockets;
using System.Text;
using TlsFront.SystemTests;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Delivery;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.DeployTests.Live;

/// <summary>
/// The key exchange that a quantum computer does not break, with the C library and the OpenSSL of Debian 13 on both sides: agreed upon without any
/// setting, and named wherever the group is.
/// </summary>
public sealed class PostQuantumTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Group = "X25519MLKEM768";

    /// <summary>Made once for all runs; only root may write there.</summary>
    private const string Cache = "/var/cache/tlsfront-tests/debian13";

    [Fact]
    public async Task A_hybrid_group_is_agreed_upon_and_told_in_log_metric_Received_and_PROXY_header()
    {
        Assert.True(
            Environment.GetEnvironmentVariable("TLSFRONT_BINARY") is { Length: > 0 },
            "TLSFRONT_BINARY must name the published binary: `dotnet` does not start with another C library.");
        var make = Repository.PathOf("tests", "TlsFront.DeployTests", "Scripts", "debian13.sh");
        var launcher = (await Command.RunAsync(make, [Cache], within: TimeSpan.FromMinutes(5))).Succeeded().Output.Trim().Split(' ');
        using var backend = new TcpListener(IPAddress.Loopback, 0);
        backend.Start();
        var gateway = await StartGatewayAsync(Setup with
        {
            Launcher = _ => launcher,
            Imap = [((IPEndPoint)backend.LocalEndpoint).Port],
            ImapHealth = "{ interval: 0s }",
            ReceivedGroup = "on",
            Arguments = ["--engine", "native"],
        });
        await Eventually.TrueAsync(
            "the OpenSSL of Debian 13", () => gateway.Log.Contains("started with the native engine (OpenSSL 3.5.", StringComparison.Ordinal));

        var user = Backends.NewUser();
        await using (var session = gateway.OpenBy(launcher, gateway.Ports.Smtp))
        {
            await session.LogInAsync(user);
            await session.EnvelopeAsync(user);
            await session.CommandAsync("DATA", "354");
            await session.CommandAsync("Subject: for longer than RSA\r\n\r\ntext\r\n.", "250");
            await session.CommandAsync("QUIT", "221");
        }

        Assert.Contains($" group {Group} (TLS1.3)", new DeliveredMail(await user.DeliveredAsync()).OurReceived(), StringComparison.Ordinal);

        await using var client = gateway.OpenBy(launcher, gateway.Ports.Imap);
        using var accepted = await backend.AcceptSocketAsync().WaitAsync(Eventually.Deadline);
        var header = new byte[1024];
        var length = 0;
        while (!Encoding.ASCII.GetString(header, 0, length).Contains(Group, StringComparison.Ordinal))
        {
            var received = await accepted.ReceiveAsync(header.AsMemory(length)).AsTask().WaitAsync(Eventually.Deadline);
            Assert.True(received > 0, "The header does not name the group.");
            length += received;
        }

        // TLV of HAProxy's specification: type 0x26, length in two octets, name.
        Assert.Contains($"&\0{(char)Group.Length}{Group}", Encoding.Latin1.GetString(header, 0, length), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            "the metric", async () => (await gateway.GetAsync("/metrics")).Contains($"tls_curve=\"{Group}\"", StringComparison.Ordinal));
        await Eventually.TrueAsync("the access log", () => gateway.Log.Contains($"group={Group}", StringComparison.Ordinal));
    }
}
