using System.Net;
using TlsFront.Configuration;

namespace TlsFront.Tests.Functional;

public sealed class DrainFunctionalTests
{
    [Fact]
    public async Task A_drain_waits_for_the_message_and_then_says_421()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Network.Serve("192.0.2.1:10465", ServeSmtpAsync);
        gateway.Network.Serve("192.0.2.2:10465", ServeSmtpAsync);
        await using var client = await gateway.ConnectAsync("submissions");
        await client.ExpectAsync("220 ready\r\n");
        await client.SendAsync("EHLO laptop.example.net\r\n");
        await client.ExpectAsync("250 AUTH PLAIN\r\n");
        await client.SendAsync("AUTH PLAIN AGRlbW8AZGVtbw==\r\n");
        await client.ExpectAsync("235 ok\r\n");
        await client.SendAsync("MAIL FROM:<a@example.net>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");
        await client.ExpectAsync("354 go\r\n");
        await client.SendAsync("Subject: half\r\n");

        var stopping = gateway.Host.StopAsync();
        await client.SendAsync("\r\ndone\r\n.\r\n");
        Assert.StartsWith("250 queued\r\n421 4.3.2", await client.ReadToEndAsync(), StringComparison.Ordinal);
        await stopping.WaitAsync(TestClient.Patience);
    }

    [Fact]
    public async Task A_drain_closes_a_logged_in_imap_session_in_order()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Network.Serve("192.0.2.1:10143", async pipe =>
        {
            var backend = new ScriptedPeer(pipe);
            await backend.SendAsync("* OK ready\r\n");
            await backend.ExpectAsync("a LOGIN demo demo\r\n");
            await backend.SendAsync("a OK in\r\n");
            await backend.ReadToEndAsync();
        });
        await using var client = await gateway.ConnectAsync("imaps");
        await client.ExpectAsync("* OK ready\r\n");
        await client.SendAsync("a LOGIN demo demo\r\n");
        await client.ExpectAsync("a OK in\r\n");

        var stopping = gateway.Host.StopAsync();
        Assert.Equal(string.Empty, await client.ReadToEndAsync());
        await stopping.WaitAsync(TestClient.Patience);
    }

    [Fact]
    public async Task A_session_that_does_not_end_is_cut_when_the_timeout_passes()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with { Drain = new DrainSettings(TimeSpan.Zero, TimeSpan.FromMilliseconds(300)) });
        gateway.Network.Serve("192.0.2.1:10465", ServeSmtpAsync);
        gateway.Network.Serve("192.0.2.2:10465", ServeSmtpAsync);
        await using var client = await gateway.ConnectAsync("submissions");
        await client.ExpectAsync("220 ready\r\n");
        await client.SendAsync("EHLO laptop.example.net\r\nAUTH PLAIN AGRlbW8AZGVtbw==\r\n");
        await client.ExpectAsync("235 ok\r\n");
        await client.SendAsync("MAIL FROM:<a@example.net>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");
        await client.ExpectAsync("354 go\r\n");

        await gateway.Host.StopAsync().WaitAsync(TestClient.Patience);
        Assert.DoesNotContain("250", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_are_served_during_the_delay_while_readiness_says_no()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with { Drain = new DrainSettings(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10)) });
        gateway.Network.Serve("192.0.2.1:10465", ServeSmtpAsync);
        gateway.Network.Serve("192.0.2.2:10465", ServeSmtpAsync);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/readyz"));
        using var atOnce = new CancellationTokenSource();
        var stopping = gateway.Host.StopAsync(atOnce.Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await gateway.GetAsync("/readyz"));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/livez"));
        await using (var client = await gateway.ConnectAsync("submissions"))
        {
            await client.ExpectAsync("220 ready\r\n");
        }

        await atOnce.CancelAsync();
        await stopping.WaitAsync(TestClient.Patience);
    }

    [Fact]
    public async Task Readiness_says_no_and_metrics_answer_until_the_last_session_ended()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with { Drain = new DrainSettings(TimeSpan.Zero, TimeSpan.FromMinutes(10)) });
        await using var client = await InDataAsync(gateway);
        var stopping = gateway.Host.StopAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await gateway.GetAsync("/readyz"));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/metrics"));
        await client.SendAsync("\r\n.\r\n");
        await client.ReadToEndAsync();
        await stopping.WaitAsync(TestClient.Patience);
        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.GetAsync("/readyz"));
    }

    [Fact]
    public async Task A_client_in_its_handshake_becomes_a_session_that_is_told_so()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with { Drain = new DrainSettings(TimeSpan.Zero, TimeSpan.FromMinutes(10)) });
        gateway.Network.Serve("192.0.2.1:10465", ServeSmtpAsync);
        gateway.Network.Serve("192.0.2.2:10465", ServeSmtpAsync);
        var stopping = Task.CompletedTask;
        await using var client = await TestClient.HandshakeAsync(
            await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["submissions"]),
            inHandshake: () => stopping = gateway.Host.StopAsync());
        Assert.StartsWith("421 4.3.2", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("drained", await gateway.Ends.NextAsync());
        await stopping.WaitAsync(TestClient.Patience);
    }

    [Fact]
    public async Task A_client_that_has_sent_nothing_is_waited_for_until_the_timeout_and_then_cut()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with { Drain = new DrainSettings(TimeSpan.Zero, TimeSpan.FromMilliseconds(100)) });
        await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["submissions"]);
        await gateway.Host.StopAsync().WaitAsync(TestClient.Patience);
        Assert.Equal("aborted", await gateway.Ends.NextAsync());
    }

    [Theory]
    [InlineData("submissions", "192.0.2.1:10465", "421 4.3.2 ")]
    [InlineData("imaps", "192.0.2.1:10143", "* BYE ")]
    [InlineData("pop3s", "192.0.2.1:10110", "-ERR [SYS/TEMP] ")]
    public async Task A_client_that_waits_for_the_greeting_is_told(string listener, string destination, string goodbye)
    {
        await using var gateway = await TestGateway.StartAsync(settings => settings with
        {
            Backends = [.. settings.Backends.Select(backend => backend with { Destinations = [backend.Destinations[0]] })],
        });
        var connected = new TaskCompletionSource();
        gateway.Network.Serve(destination, async pipe =>
        {
            connected.SetResult();
            await new ScriptedPeer(pipe).ReadToEndAsync();
        });
        await using var client = await gateway.ConnectAsync(listener);
        await connected.Task.WaitAsync(TestClient.Patience);
        var stopping = gateway.Host.StopAsync();
        Assert.StartsWith(goodbye, await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("drained", await gateway.Ends.NextAsync());
        await stopping.WaitAsync(TestClient.Patience);
    }

    [Theory]
    [InlineData("submissions", "192.0.2.1:10465", "220 ready\r\n", "421 4.3.2 ")]
    [InlineData("imaps", "192.0.2.1:10143", "* OK ready\r\n", "* BYE ")]
    [InlineData("pop3s", "192.0.2.1:10110", "+OK ready\r\n", "-ERR [SYS/TEMP] ")]
    public async Task A_client_that_has_not_logged_in_is_told(string listener, string destination, string greeting, string goodbye)
    {
        await using var gateway = await TestGateway.StartAsync(settings => settings with
        {
            Backends = [.. settings.Backends.Select(backend => backend with { Destinations = [backend.Destinations[0]] })],
        });
        gateway.Network.Serve(destination, async pipe =>
        {
            var backend = new ScriptedPeer(pipe);
            await backend.SendAsync(greeting);
            await backend.ReadToEndAsync();
        });
        await using var client = await gateway.ConnectAsync(listener);
        await client.ExpectAsync(greeting);
        var stopping = gateway.Host.StopAsync();
        Assert.StartsWith(goodbye, await client.ReadToEndAsync(), StringComparison.Ordinal);
        await stopping.WaitAsync(TestClient.Patience);
    }

    [Fact]
    public async Task A_session_whose_backend_is_being_connected_is_told_when_that_is_decided()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with { Timeouts = settings.Timeouts with { Connect = TimeSpan.FromMilliseconds(200) } });
        gateway.Network.Hang("192.0.2.1:10143");
        await using var client = await gateway.ConnectAsync("imaps");
        var stopping = gateway.Host.StopAsync();
        Assert.StartsWith("* BYE ", await client.ReadToEndAsync(), StringComparison.Ordinal);
        await stopping.WaitAsync(TestClient.Patience);
    }

    [Fact]
    public async Task A_second_signal_ends_a_message_in_flight_and_never_completes_it()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with { Drain = new DrainSettings(TimeSpan.Zero, TimeSpan.FromMinutes(10)) });
        await using var client = await InDataAsync(gateway);
        using var atOnce = new CancellationTokenSource();
        var stopping = gateway.Host.StopAsync(atOnce.Token);
        Assert.False(stopping.IsCompleted);
        await atOnce.CancelAsync();
        Assert.DoesNotContain("250", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("aborted", await gateway.Ends.NextAsync());
        await stopping.WaitAsync(TestClient.Patience);
    }

    [Fact]
    public async Task A_second_signal_does_not_wait_for_a_connect()
    {
        await using var gateway = await TestGateway.StartAsync(settings => settings with
        {
            Drain = new DrainSettings(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10)),
            Timeouts = settings.Timeouts with { Connect = TimeSpan.FromMinutes(10) },
        });
        gateway.Network.Hang("192.0.2.1:10143");
        await using var client = await gateway.ConnectAsync("imaps");
        await gateway.Host.StopAsync(new CancellationToken(canceled: true)).WaitAsync(TestClient.Patience);
        Assert.Equal("aborted", await gateway.Ends.NextAsync());
    }

    [Fact]
    public async Task A_second_signal_does_not_wait_for_a_client_that_takes_nothing()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with { Drain = new DrainSettings(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10)) });
        var flooded = new TaskCompletionSource();
        gateway.Network.Serve("192.0.2.1:7", async pipe =>
        {
            var sending = new ScriptedPeer(pipe).SendAsync(new string('x', 2_000_000));
            await Task.WhenAny(sending, flooded.Task);
        });
        await using var client = await gateway.ConnectAsync("echo");
        var ended = gateway.Ends.NextAsync();
        await gateway.Host.StopAsync(new CancellationToken(canceled: true)).WaitAsync(TestClient.Patience);
        Assert.Equal("aborted", await ended);
        flooded.SetResult();
    }

    [Fact]
    public async Task Many_logged_in_sessions_end_within_the_window_and_none_is_cut()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with { Drain = new DrainSettings(TimeSpan.Zero, TimeSpan.FromSeconds(2)) });
        gateway.Network.Serve("192.0.2.1:7", pipe => new ScriptedPeer(pipe).ReadToEndAsync());
        var clients = new List<TestClient>();
        for (var i = 0; i < 20; i++)
        {
            clients.Add(await gateway.ConnectAsync("echo"));
        }

        var stopping = gateway.Host.StopAsync();
        foreach (var client in clients)
        {
            Assert.Equal(string.Empty, await client.ReadToEndAsync());
            Assert.Equal("drained", await gateway.Ends.NextAsync());
            await client.DisposeAsync();
        }

        await stopping.WaitAsync(TestClient.Patience);
    }

    private static async Task<TestClient> InDataAsync(TestGateway gateway)
    {
        gateway.Network.Serve("192.0.2.1:10465", ServeSmtpAsync);
        gateway.Network.Serve("192.0.2.2:10465", ServeSmtpAsync);
        var client = await gateway.ConnectAsync("submissions");
        await client.ExpectAsync("220 ready\r\n");
        await client.SendAsync("EHLO laptop.example.net\r\nAUTH PLAIN AGRlbW8AZGVtbw==\r\n");
        await client.ExpectAsync("235 ok\r\n");
        await client.SendAsync("MAIL FROM:<a@example.net>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");
        await client.ExpectAsync("354 go\r\n");
        return client;
    }

    private static async Task ServeSmtpAsync(System.IO.Pipelines.IDuplexPipe pipe)
    {
        var backend = new ScriptedPeer(pipe);
        await backend.ExpectAsync("\r\n");
        await backend.SendAsync("220 ready\r\n");
        await backend.ExpectAsync("EHLO laptop.example.net\r\n");
        await backend.SendAsync("250-here\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n");
        await backend.ExpectAsync("AUTH PLAIN AGRlbW8AZGVtbw==\r\n");
        await backend.SendAsync("235 ok\r\n");
        await backend.ExpectAsync("DATA\r\n");
        await backend.SendAsync("250 ok\r\n250 ok\r\n354 go\r\n");
        await backend.ExpectAsync("\r\n.\r\n");
        await backend.SendAsync("250 queued\r\n");
        await backend.ReadToEndAsync();
    }
}
