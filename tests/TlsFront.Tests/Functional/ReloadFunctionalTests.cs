using System.IO.Pipelines;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Gateway;
using TlsFront.Listeners;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;
using TlsFront.Tests.Tls;
using TlsFront.Tls.Tickets;

namespace TlsFront.Tests.Functional;

/// <summary>New settings are for new connections; those that are open keep what they were accepted with.</summary>
public sealed class ReloadFunctionalTests
{
    private const string Old = "192.0.2.1:10143";
    private const string New = "192.0.2.7:10143";

    [Fact]
    public async Task New_destinations_get_the_new_sessions_and_the_old_ones_go_on()
    {
        await using var gateway = await StartAsync();
        await using var before = await LogInAsync(gateway);
        Change(gateway, backend => backend with { Destinations = [New] });
        await using (var after = await gateway.ConnectAsync("imaps"))
        {
            await after.ExpectAsync("* OK new\r\n");
        }

        await EchoAsync(before);
    }

    [Fact]
    public async Task Session_ticket_keys_follow_the_settings()
    {
        using var keys = new TicketKeyFolder();
        var first = keys.Write("first");
        var second = keys.Write("second");
        await using var gateway = await TestGateway.StartAsync(settings => settings with { TicketKeys = [first] });
        var store = gateway.Host.Services.GetRequiredService<TicketKeyStore>();
        Assert.Equal(1, store.Current.Length);

        gateway.Store.Replace(gateway.Store.Current with { TicketKeys = [second, first] });
        Assert.Equal(Convert.ToHexString(File.ReadAllBytes(second).AsSpan(0, TicketKey.NameLength)), Convert.ToHexString(store.Current[0].Name));
        Assert.Equal(2, store.Current.Length);
    }

    [Fact]
    public async Task A_session_ticket_key_that_cannot_be_used_keeps_the_gateway_from_starting()
    {
        using var keys = new TicketKeyFolder();
        var failure = await Assert.ThrowsAsync<GatewayStartException>(
            () => TestGateway.StartAsync(settings => settings with { TicketKeys = [keys.Write("short", new byte[1])] }));
        Assert.Contains(keys.At("short"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_in_its_handshake_gets_the_backend_it_was_accepted_for_even_if_that_is_gone()
    {
        await using var gateway = await StartAsync();
        await using var client = await TestClient.HandshakeAsync(
            await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["imaps"]),
            inHandshake: () => gateway.Store.Replace(Renamed(gateway.Store.Current, "elsewhere")));
        await client.ExpectAsync("* OK old\r\n");
    }

    [Fact]
    public async Task A_user_map_that_cannot_be_used_keeps_the_gateway_from_starting()
    {
        var failure = await Assert.ThrowsAsync<GatewayStartException>(() => TestGateway.StartAsync(static settings => settings with
        {
            Listeners = [.. settings.Listeners.Where(static listener => listener.Name == "imaps").Select(
                static listener => listener with { UserMap = "/nowhere/map" })],
        }));
        Assert.StartsWith("/nowhere/map: error: there is no file /nowhere/map", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_may_name_a_backend_that_wants_to_be_told_of_clients_before_the_settings_know()
    {
        using var keys = new TicketKeyFolder();
        var map = keys.Write("map", ""u8.ToArray());
        await using var gateway = await TestGateway.StartAsync(settings => settings with
        {
            Listeners = [.. settings.Listeners.Select(listener => listener with { UserMap = listener.Name == "imaps" ? map : null })],
            Backends =
            [
                .. settings.Backends,
                settings.Backends.Single(static backend => backend.Name == "dovecot-imap") with
                {
                    Name = "introduced", Identity = ClientIdentity.Id, ProxyProtocol = ProxyHeaderVersion.None
                },
            ],
        });
        var listeners = gateway.Host.Services.GetRequiredService<ListenerTable>();
        Assert.Equal((true, false), (listeners.Find("imaps")!.IntroducesClients, listeners.Find("pop3s")!.IntroducesClients));
    }

    [Fact]
    public async Task A_connection_in_its_handshake_gets_no_destination_its_snapshot_does_not_have()
    {
        await using var gateway = await StartAsync();

        // The new destination would wait for a header that this connection does not send.
        await using var client = await TestClient.HandshakeAsync(
            await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["imaps"]),
            inHandshake: () => Change(gateway, backend => backend with { Destinations = [New], ProxyProtocol = ProxyHeaderVersion.V1 }));
        await client.ExpectAsync("* OK old\r\n");
    }

    [Fact]
    public async Task A_listener_may_change_to_a_backend_that_did_not_exist()
    {
        await using var gateway = await StartAsync();
        gateway.Store.Replace(Renamed(gateway.Store.Current with
        {
            Backends =
            [
                .. gateway.Store.Current.Backends.Select(backend => backend.Name == "dovecot-imap" ? backend with { Destinations = [New] } : backend)
            ],
        }, "cyrus"));
        await using var client = await gateway.ConnectAsync("imaps");
        await client.ExpectAsync("* OK new\r\n");
    }

    [Fact]
    public async Task The_header_a_backend_gets_follows_its_settings()
    {
        await using var gateway = await StartAsync();
        var header = new TaskCompletionSource<string>();
        gateway.Network.Serve(New, async pipe =>
        {
            var backend = new ScriptedPeer(pipe);
            header.SetResult(await backend.ExpectAsync("\r\n"));
        });
        Change(gateway, backend => backend with { Destinations = [New], ProxyProtocol = ProxyHeaderVersion.V1 });
        await using var client = await gateway.ConnectAsync("imaps");
        Assert.StartsWith("PROXY TCP4 203.0.113.5 ", await header.Task.WaitAsync(TestClient.Patience), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stricter_minimum_version_is_for_new_handshakes()
    {
        await using var gateway = await StartAsync();
        await using var before = await LogInAsync(gateway, SslProtocols.Tls12);
        ChangeListener(gateway, listener => listener with { Tls = listener.Tls with { MinimumVersion = TlsVersion.Tls13 } });
        await Assert.ThrowsAnyAsync<Exception>(() => LogInAsync(gateway, SslProtocols.Tls12));
        Assert.Equal("tls_version_too_old", await gateway.Ends.NextAsync());
        await using (await LogInAsync(gateway, SslProtocols.Tls13))
        {
        }

        await EchoAsync(before);
    }

    [Fact]
    public async Task A_listener_that_was_removed_serves_nobody_new()
    {
        await using var gateway = await StartAsync();
        await using var before = await LogInAsync(gateway);
        gateway.Store.Replace(
            gateway.Store.Current with { Listeners = [.. gateway.Store.Current.Listeners.Where(listener => listener.Name != "imaps")] });
        var refused = await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["imaps"]);
        var read = await refused.Input.ReadAsync().AsTask().WaitAsync(TestClient.Patience);
        Assert.True(read is { IsCompleted: true, Buffer.IsEmpty: true });
        await EchoAsync(before);
    }

    [Fact]
    public async Task Certificates_of_new_sources_are_shown_from_the_next_handshake_on()
    {
        var folder = TestCertificates.CreateFolder("new.example.com");
        try
        {
            await using var gateway = await StartAsync();
            await using var before = await LogInAsync(gateway);
            Assert.Equal("CN=mail.example.com", Shown(before));
            gateway.Store.Replace(gateway.Store.Current with { Certificates = [new CertificateSettings(folder, null)] });
            await using (var after = await gateway.ConnectAsync("imaps"))
            {
                Assert.Equal("CN=new.example.com", Shown(after));
            }

            await EchoAsync(before);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<TestGateway> StartAsync()
    {
        var gateway = await TestGateway.StartAsync(settings => settings with
        {
            Backends = [.. settings.Backends.Select(backend => backend with { ProxyProtocol = ProxyHeaderVersion.None })],
        });
        gateway.Network.Serve(Old, pipe => ServeAsync(pipe, "old"));
        gateway.Network.Serve(New, pipe => ServeAsync(pipe, "new"));
        return gateway;
    }

    private static async Task<TestClient> LogInAsync(TestGateway gateway, SslProtocols versions = SslProtocols.Tls12 | SslProtocols.Tls13)
    {
        var client = await TestClient.HandshakeAsync(
            await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["imaps"]), versions: versions);
        await client.ExpectAsync("\r\n");
        await client.SendAsync("a LOGIN demo demo\r\n");
        await client.ExpectAsync("a OK in\r\n");
        return client;
    }

    private static async Task EchoAsync(TestClient client)
    {
        await client.SendAsync("b NOOP\r\n");
        await client.ExpectAsync("b NOOP\r\n");
    }

    private static async Task ServeAsync(IDuplexPipe pipe, string name)
    {
        var backend = new ScriptedPeer(pipe);
        await backend.SendAsync($"* OK {name}\r\n");
        await backend.ExpectAsync("a LOGIN demo demo\r\n");
        await backend.SendAsync("a OK in\r\n");
        await backend.SendAsync(await backend.ExpectAsync("\r\n"));
        await backend.ReadToEndAsync();
    }

    private static string Shown(TestClient client) => ((X509Certificate2)client.Tls.RemoteCertificate!).Subject;

    private static void Change(TestGateway gateway, Func<BackendSettings, BackendSettings> change) => gateway.Store.Replace(gateway.Store.Current with
    {
        Backends = [.. gateway.Store.Current.Backends.Select(backend => backend.Name == "dovecot-imap" ? change(backend) : backend)],
    });

    private static void ChangeListener(TestGateway gateway, Func<ListenerSettings, ListenerSettings> change) =>
        gateway.Store.Replace(gateway.Store.Current with
        {
            Listeners = [.. gateway.Store.Current.Listeners.Select(listener => listener.Name == "imaps" ? change(listener) : listener)],
        });

    private static GatewaySettings Renamed(GatewaySettings settings, string name) => settings with
    {
        Backends = [.. settings.Backends.Select(backend => backend.Name == "dovecot-imap" ? backend with { Name = name } : backend)],
        Listeners = [.. settings.Listeners.Select(listener => listener.Backend == "dovecot-imap" ? listener with { Backend = name } : listener)],
    };
}
