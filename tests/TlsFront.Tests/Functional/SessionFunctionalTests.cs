using System.IO.Pipelines;
using TlsFront.Configuration;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.Functional;

public sealed class SessionFunctionalTests
{
    [Fact]
    public async Task A_login_becomes_a_transparent_session_that_ends_with_the_backend()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Network.Serve("192.0.2.1:10143", async pipe =>
        {
            var backend = new ScriptedPeer(pipe);
            await backend.SendAsync("* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready\r\n");
            await backend.ExpectAsync("a LOGIN demo secret\r\n");
            await backend.SendAsync("a OK logged in\r\n");
            await backend.ExpectAsync("b IDLE\r\n");
            await backend.SendAsync("+ idling\r\n* 3 EXISTS\r\n");
            await backend.ExpectAsync("DONE\r\n");
            await backend.SendAsync("b OK done\r\n");
        });

        await using var client = await gateway.ConnectAsync("imaps");
        Assert.DoesNotContain("STARTTLS", await client.ExpectAsync("ready\r\n"), StringComparison.Ordinal);
        await client.SendAsync("a LOGIN demo secret\r\n");
        await client.ExpectAsync("a OK logged in\r\n");
        await client.SendAsync("b IDLE\r\n");
        await client.ExpectAsync("* 3 EXISTS\r\n");
        await client.SendAsync("DONE\r\n");
        Assert.Equal("b OK done\r\n", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task The_proxy_header_comes_first_and_names_the_client()
    {
        await using var gateway = await TestGateway.StartAsync();
        string? header = null;
        gateway.Network.Serve("192.0.2.1:10465", async pipe =>
        {
            var backend = new ScriptedPeer(pipe);
            header = await backend.ExpectAsync("\r\n");
            await backend.SendAsync("220 ready\r\n");
        });

        await using var client = await gateway.ConnectAsync("submissions");
        await client.ExpectAsync("220 ready\r\n");
        Assert.StartsWith("PROXY TCP4 203.0.113.5 127.0.0.1 51000 ", header, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_no_backend_the_client_hears_unavailable()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var imap = await gateway.ConnectAsync("imaps");
        Assert.StartsWith("* BYE [UNAVAILABLE]", await imap.ReadToEndAsync(), StringComparison.Ordinal);
        await using var pop3 = await gateway.ConnectAsync("pop3s");
        Assert.StartsWith("-ERR [SYS/TEMP]", await pop3.ReadToEndAsync(), StringComparison.Ordinal);
        await using var smtp = await gateway.ConnectAsync("submissions");
        Assert.StartsWith("421 4.3.2", await smtp.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(
            ["192.0.2.1:10465", "192.0.2.2:10465"], gateway.Network.Connects.Where(to => to.EndsWith(":10465", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task A_refused_greeting_is_a_failed_try_while_another_destination_is_left()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Network.Serve("192.0.2.1:10465", pipe => GreetAsync(pipe, "421 too busy\r\n"));
        gateway.Network.Serve("192.0.2.2:10465", pipe => GreetAsync(pipe, "220 here\r\n"));
        for (var i = 0; i < 4; i++)
        {
            await using var client = await gateway.ConnectAsync("submissions");
            Assert.Equal("220 here\r\n", await client.ExpectAsync("\r\n"));
        }
    }

    [Fact]
    public async Task A_tcp_listener_relays_both_ways_and_passes_a_half_close_on()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Network.Serve("192.0.2.1:7", async pipe =>
        {
            var backend = new ScriptedPeer(pipe);
            var all = await backend.ReadToEndAsync();
            await backend.SendAsync($"got {all.Length}");
        });

        await using var client = await gateway.ConnectAsync("echo");
        await client.SendAsync(new string('x', 300_000));
        await client.Tls.ShutdownAsync();
        Assert.Equal("got 300000", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task A_silent_client_is_ended_with_a_goodbye_when_its_deadline_passes()
    {
        await using var gateway = await TestGateway.StartAsync(settings => settings with
        {
            Timeouts = new TimeoutSettings { PreLogin = TimeSpan.FromMilliseconds(50), Linger = TimeSpan.FromMilliseconds(50) },
        });
        gateway.Network.Serve("192.0.2.1:10143", async pipe =>
        {
            var backend = new ScriptedPeer(pipe);
            await backend.SendAsync("* OK ready\r\n");
            await backend.ReadToEndAsync();
        });

        await using var client = await gateway.ConnectAsync("imaps");
        Assert.Contains("* BYE ", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static async Task GreetAsync(IDuplexPipe pipe, string greeting)
    {
        var backend = new ScriptedPeer(pipe);
        await backend.SendAsync(greeting);
        await backend.ReadToEndAsync();
    }

    [Fact]
    public async Task Compressed_bytes_pass_both_ways_as_they_are()
    {
        var every = new string([.. Enumerable.Range(0, 256).Select(value => (char)value)]);
        await using var gateway = await TestGateway.StartAsync(settings => settings with
        {
            Backends = [.. settings.Backends.Select(backend => backend with { ProxyProtocol = ProxyHeaderVersion.None })],
        });
        gateway.Network.Serve("192.0.2.1:10143", async pipe =>
        {
            var backend = new ScriptedPeer(pipe);
            await backend.SendAsync("* OK ready\r\n");
            await backend.ExpectAsync("a LOGIN demo demo\r\n");
            await backend.SendAsync("a OK in\r\n");
            await backend.ExpectAsync("b COMPRESS DEFLATE\r\n");

            // The first compressed bytes come right behind the line that starts them (RFC 4978 section 3).
            await backend.SendAsync("b OK DEFLATE active\r\n" + every);
            await backend.SendAsync(await backend.ExpectAsync(every + "."));
        });
        await using var client = await gateway.ConnectAsync("imaps");
        await client.ExpectAsync("* OK ready\r\n");
        await client.SendAsync("a LOGIN demo demo\r\n");
        await client.ExpectAsync("a OK in\r\n");
        await client.SendAsync("b COMPRESS DEFLATE\r\n");
        Assert.Equal("b OK DEFLATE active\r\n" + every, await client.ExpectAsync(every));
        await client.SendAsync(every + ".");
        Assert.Equal(every + ".", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task What_the_client_pipelined_behind_its_login_reaches_the_backend_once_and_in_order()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Network.Serve("192.0.2.1:10110", async pipe =>
        {
            var backend = new ScriptedPeer(pipe);
            await backend.SendAsync("+OK ready\r\n");
            await backend.ExpectAsync("USER demo\r\n");
            await backend.SendAsync("+OK\r\n");
            await backend.ExpectAsync("PASS demo\r\n");
            await backend.SendAsync("+OK in\r\n");
            await backend.SendAsync(await backend.ExpectAsync("QUIT\r\n"));
        });
        await using var client = await gateway.ConnectAsync("pop3s");
        await client.SendAsync("USER demo\r\nPASS demo\r\nSTAT\r\nDELE 1\r\nQUIT\r\n");
        Assert.Equal("+OK ready\r\n+OK\r\n+OK in\r\nSTAT\r\nDELE 1\r\nQUIT\r\n", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task A_client_that_never_starts_TLS_is_ended_at_its_deadline()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with { Timeouts = settings.Timeouts with { Handshake = TimeSpan.FromMilliseconds(50) } });
        var silent = await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["imaps"]);
        var read = await silent.Input.ReadAsync().AsTask().WaitAsync(TestClient.Patience);
        Assert.True(read is { IsCompleted: true, Buffer.IsEmpty: true });
        Assert.Equal("tls_handshake_timeout", await gateway.Ends.NextAsync());
        Assert.Empty(gateway.Network.Connects);
    }
}
