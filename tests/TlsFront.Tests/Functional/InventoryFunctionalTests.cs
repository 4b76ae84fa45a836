using System.CommandLine;
using System.Security.Authentication;
using TlsFront.Cli;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.Listeners;
using TlsFront.ProxyProtocol;
using TlsFront.Tests.Configuration;

namespace TlsFront.Tests.Functional;

/// <summary>From sessions to what an operator sees of them, by way of the inventory.</summary>
public sealed class InventoryFunctionalTests : IDisposable
{
    private readonly SettingsFolder _folder = new("""
        hostname: mail.example.com
        certificates: [ { path: certificate.pem } ]
        listeners:
          - { name: imaps, address: "*:993", protocol: imap, backend: dovecot, tls: { minimumVersion: "1.3" } }
        backends: [ { name: dovecot, kind: dovecot, destinations: ["10.0.0.5:143"] } ]
        inventory: { path: inventory.db }
        """);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sessions_are_in_the_report_and_replayed_and_told_and_forgotten()
    {
        await using (var gateway = await StartAsync(new PolicySettings
        {
            Name = "pilot",
            Action = PolicyAction.Refuse,
            Users = new(["carl@example.org"], []),
        }))
        {
            await LogInAsync(gateway, "bob@example.org", SslProtocols.Tls12, "a OK ");
            await LogInAsync(gateway, "ann@example.org", SslProtocols.Tls13, "a OK ");
            await LogInAsync(gateway, "ann@example.org", SslProtocols.Tls13, "a OK ");
            await LogInAsync(gateway, "carl@example.org", SslProtocols.Tls13, "a NO ");
            await gateway.Host.StopAsync(CancellationToken.None);
        }

        // The stop has written what waited.
        var (_, report, error) = await RunAsync("report", "--output", "csv", "-c", _folder.Path);
        Assert.Equal("", error);
        var rows = report.Split('\n').Skip(1).Where(static line => line.Length > 0).Select(static line => line.Split(',')).ToList();
        Assert.Equal(
            ["ann@example.org 2 0 1.3 0", "bob@example.org 1 1 1.2 0", "carl@example.org 0 0 1.3 1"],
            rows.Select(static row => $"{row[0]} {row[1]} {row[4]} {row[5]} {row[7]}").Order(StringComparer.Ordinal));

        var (exitCode, whatIf, _) = await RunAsync("what-if", "--output", "csv", "-c", _folder.Path);
        Assert.Equal(2, exitCode);
        Assert.Equal("bob@example.org,refused,1", string.Join(',', whatIf.Split('\n')[1].Split(',').Take(3)));

        Assert.Equal(2, (await RunAsync("export", "BOB@example.org", "-c", _folder.Path)).Output.Split('\n').Count(static line => line.Length > 0));
        Assert.Equal("2 rows deleted\n", (await RunAsync("forget", "bob@example.org", "-c", _folder.Path)).Output);
        Assert.Equal("", (await RunAsync("export", "bob@example.org", "-c", _folder.Path)).Output);
    }

    [Fact]
    public async Task Whose_password_crossed_the_network_in_clear_is_told()
    {
        await using (var gateway = await StartAsync())
        {
            var client = new ScriptedPeer(await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["imap"]));
            await client.ExpectAsync("\r\n");
            await client.SendAsync("a ID (\"name\" \"MFP\")\r\nb LOGIN scan@example.org secret\r\n");
            await client.ExpectAsync("b NO ");
            await client.EndAsync();
            await LogInAsync(gateway, "ann@example.org", SslProtocols.Tls13, "a OK ");
            await gateway.Host.StopAsync(CancellationToken.None);
        }

        var (exitCode, report, error) = await RunAsync("report", "--exposed-passwords", "--output", "mail-merge", "-c", _folder.Path);
        Assert.Equal((0, ""), (exitCode, error));
        var line = Assert.Single(report.Split('\n').Skip(1), static line => line.Length > 0);
        Assert.StartsWith("scan@example.org,cleartext,203.0.113.0/24,,imap,", line, StringComparison.Ordinal);
        var database = await File.ReadAllTextAsync(_folder.At("inventory.db"), System.Text.Encoding.Latin1);
        Assert.DoesNotContain("secret", database, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_does_not_start_with_an_inventory_of_a_newer_program()
    {
        using (var store = InventoryStore.Of(new() { Path = _folder.At("inventory.db") }, out _)!)
        {
            Assert.Null(store.Prepare());
            Assert.Null(store.Write(static statements => statements.Execute("UPDATE inventory SET version = 99")));
        }

        var exception = await Assert.ThrowsAsync<GatewayStartException>(() => StartAsync());
        Assert.StartsWith($"inventory: {_folder.At("inventory.db")}: the inventory has version 99, ", exception.Message, StringComparison.Ordinal);
        var (exitCode, _, error) = await RunAsync("report", "-c", _folder.Path);
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"inventory: {_folder.At("inventory.db")}: the inventory has version 99, ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_without_an_inventory_says_what_to_do()
    {
        _folder.Write(SettingsFolder.Good);
        var (exitCode, _, error) = await RunAsync("report", "-c", _folder.Path);
        Assert.Equal(
            (1, $"{_folder.Path} has no inventory: name its database there in inventory.path, or give the command the gateway's log\n"),
            (exitCode, error));
    }

    [Fact]
    public async Task An_inventory_that_is_not_there_yet_is_told_of()
    {
        var (exitCode, _, error) = await RunAsync("what-if", "-c", _folder.Path);
        Assert.Equal(1, exitCode);
        Assert.EndsWith("; a gateway with this configuration makes the inventory when it starts\n", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.At("inventory.db")));
    }

    private static async Task LogInAsync(TestGateway gateway, string user, SslProtocols version, string answer)
    {
        await using var client = await TestClient.HandshakeAsync(
            await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["imaps"], null), versions: version);
        await client.ExpectAsync("\r\n");
        await client.SendAsync($"a LOGIN {user} secret\r\n");
        await client.ExpectAsync(answer);
    }

    private Task<TestGateway> StartAsync(params PolicySettings[] policies) => TestGateway.StartAsync(
        settings => settings with
        {
            Policies = policies,
            Inventory = new() { Path = _folder.At("inventory.db") },
            Listeners = [.. settings.Listeners, settings.Listeners[1] with { Name = "imap", Security = ListenerSecurity.StartTls }],
            Backends =
            [
                .. settings.Backends.Select(static backend => backend with
                {
                    ProxyProtocol = ProxyHeaderVersion.None, Health = new HealthSettings { Interval = TimeSpan.Zero },
                }),
            ],
        },
        serve: static network => network.Serve("192.0.2.1:10143", static async pipe =>
        {
            var server = new ScriptedPeer(pipe);
            await server.SendAsync("* OK ready\r\n");
            await server.ExpectAsync("\r\n");
            await server.SendAsync("a OK in\r\n");
            await server.ExpectAsync("never");
        }));

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.Parse(["migration", .. arguments], new Dictionary<string, string>(), TimeProvider.System)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
