using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Limits;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Activation;

/// <summary>The gateway started by systemd's own tool on the first connection, with the sockets that it hands over.</summary>
public sealed class SocketActivationTests(ITestOutputHelper output) : IDisposable
{
    private readonly ImapStub _stub = new();

    public void Dispose() => _stub.Dispose();

    [Fact]
    public async Task A_connection_that_starts_the_gateway_is_served_by_it()
    {
        var listening = new TaskCompletionSource<GatewayPorts>(TaskCreationOptions.RunContinuationsAsynchronously);
        var starting = GatewayProcess.StartAsync(Setup(ports =>
        {
            listening.TrySetResult(ports);
            return [.. Activate, "--listen", $"127.0.0.1:{ports.Imap}", "--fdname", "imaps"];
        }));
        await using var client = await FirstAsync((await listening.Task).Imap);
        await using var gateway = await starting;
        await client.SecureAsync(gateway);
        Assert.StartsWith("* OK", await client.LineAsync(), StringComparison.Ordinal);
        Assert.Contains("Listener imaps takes over socket 3 (imaps) of the service manager", gateway.Log, StringComparison.Ordinal);

        // Those that were not handed over are there as well.
        Assert.True(await Ports.IsOpenAsync(gateway.Ports.Smtp));
        output.WriteLine(gateway.Log);
    }

    [Fact]
    public async Task Restarts_under_connecting_clients_lose_no_connection()
    {
        const int restarts = 3;
        var listening = new TaskCompletionSource<GatewayPorts>(TaskCreationOptions.RunContinuationsAsynchronously);
        var starting = GatewayProcess.StartAsync(Setup(ports =>
        {
            listening.TrySetResult(ports);
            return ["python3", Script.PathOf("hold_sockets.py"), $"127.0.0.1:{ports.Imap}", $"127.0.0.1:{ports.Smtp}", "--", .. Activate];
        }));
        await using (await FirstAsync((await listening.Task).Imap))
        {
        }

        await using var gateway = await starting;
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(_ => ConnectAgainAndAgainAsync(gateway, stop.Token)).ToList();
        for (var i = 1; i <= restarts; i++)
        {
            UnixSignal.Send(Processes(gateway)[^1], UnixSignal.Terminate);
            await Eventually.TrueAsync("started again", () => Processes(gateway).Count == i + 1);
            await Eventually.TrueAsync("ready again", async () => await gateway.StatusAsync("/readyz") == HttpStatusCode.OK);
        }

        await stop.CancelAsync();
        var served = await Task.WhenAll(clients);
        output.WriteLine($"{served.Sum()} connections over {restarts} restarts");
        Assert.All(served, count => Assert.True(count > restarts, $"a client was served {count} times"));
    }

    [Fact]
    public async Task A_socket_that_no_listener_has_stops_the_start_and_is_named()
    {
        var port = Ports.Next();
        using var folder = new TemporaryFolder();
        var file = folder.PathOf("tlsfront.yaml");
        using var authority = new Certificates.TestAuthority();
        authority.Issue(Certificates.KeyKind.Ecdsa, GatewayProcess.Name).WriteTo(folder.Folder("certificate"));
        await File.WriteAllTextAsync(
            file, Setup(static _ => []).ToYaml(new(Ports.Next(), Ports.Next(), Ports.Next(), Ports.Next()), [folder.Folder("certificate")]));
        var (command, arguments) = GatewayBinary.Command("run", "-c", file);
        var running = Command.RunAsync(Activate[0], [.. Activate[1..], "--listen", $"127.0.0.1:{port}", command, .. arguments]);
        await using (await FirstAsync(port))
        {
        }

        var ended = await running;
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(
            $"of the service manager listens on 127.0.0.1:{port}, and no listener has that address; write it into listeners[].address", ended.Text,
            StringComparison.Ordinal);
    }

    /// <summary>Only what is named reaches the process, as with systemd.</summary>
    private static string[] Activate => ["systemd-socket-activate", "--setenv=TLSFRONT__ENGINE"];

    private GatewaySetup Setup(Func<GatewayPorts, IReadOnlyList<string>> launcher) => new()
    {
        Smtp = [Ports.Next()],
        Imap = [_stub.Port],
        Pop3 = [Ports.Next()],
        DrainDelay = "0s",
        Launcher = launcher,
    };

    /// <summary>The gateways that were started so far, by their process ids.</summary>
    private static List<int> Processes(GatewayProcess gateway) =>
        [
            .. gateway.Process.Lines
                .Where(line => line.StartsWith("started ", StringComparison.Ordinal))
                .Select(line => int.Parse(line["started ".Length..], CultureInfo.InvariantCulture)),
        ];

    /// <summary>Connects as soon as somebody listens.</summary>
    private static Task<ImapClient> FirstAsync(int port) => Eventually.GetAsync("somebody listens", async () =>
    {
        try
        {
            return await ImapClient.ConnectAsync(port);
        }
        catch (SocketException)
        {
            return null;
        }
    });

    /// <summary>One connection after the other; each must get a line of the protocol, be it the goodbye of a gateway that ends.</summary>
    private static async Task<int> ConnectAgainAndAgainAsync(GatewayProcess gateway, CancellationToken stop)
    {
        var served = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var client = await ImapClient.ConnectAsync(gateway.Ports.Imap);
                await client.SecureAsync(gateway);
                Assert.StartsWith("* ", await client.LineAsync(), StringComparison.Ordinal);
                served++;
            }
            catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException)
            {
                Assert.Fail($"After {served} connections one was lost: {exception}");
            }
        }

        return served;
    }
}
