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
        await using var gateway = await TestGateway.StartAsync(settings => settings with { Drain = new DrainSettings(TimeSpan.Zero, TimeSpan.FromMilliseconds(300)) });
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

    private static async Task ServeSmtpAsync(System.IO.Pipelines.IDuplexPipe pipe)
    {
        var backend = new ScriptedPeer(pipe);
        await backend.ExpectAsync("\r\n");
        await backend.SendAsync("220 ready\r\n");
        await backend.ExpectAsync("EHLO laptop.example.net\r\n");
        await backend.SendAsync("250-here\r\n250 AUTH PLAIN\r\n");
        await backend.ExpectAsync("AUTH PLAIN AGRlbW8AZGVtbw==\r\n");
        await backend.SendAsync("235 ok\r\n");
        await backend.ExpectAsync("DATA\r\n");
        await backend.SendAsync("250 ok\r\n250 ok\r\n354 go\r\n");
        await backend.ExpectAsync("\r\n.\r\n");
        await backend.SendAsync("250 queued\r\n");
        await backend.ReadToEndAsync();
    }
}
