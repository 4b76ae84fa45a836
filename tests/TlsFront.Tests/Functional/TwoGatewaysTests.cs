using System.IO.Pipelines;
using TlsFront.Configuration;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.Functional;

/// <summary>A gateway behind a gateway: each is one hop, and each traces the message once.</summary>
public sealed class TwoGatewaysTests
{
    private const string Server = "192.0.2.1:10465";
    private const string Text = "Subject: hi\r\n\r\nbye\r\n.\r\n";

    [Fact]
    public async Task A_message_through_both_has_one_field_of_each_however_often_it_is_handed_in()
    {
        var messages = new List<string>();
        await using var inner = await StartAsync("inner.example.com", new BackendTlsSettings());
        inner.Network.Serve(Server, pipe => ServeAsync(new ScriptedPeer(pipe), messages));
        await using var outer = await StartAsync("outer.example.com", new BackendTlsSettings { Mode = BackendTlsMode.Implicit, Verify = false });
        outer.Network.Serve(
            Server, async pipe => await JoinAsync(pipe, await inner.Network.ConnectClientAsync(inner.Host.MailAddresses["submissions"])));

        await using var client = await outer.ConnectAsync("submissions");
        await client.ExpectAsync("220 ready\r\n");
        await SayAsync(client, "EHLO laptop.example.net\r\n", "250 AUTH PLAIN\r\n");
        await SayAsync(client, "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", "235 2.7.0 Ok\r\n");
        foreach (var verdict in (string[])["451 later\r\n", "250 queued\r\n"])
        {
            await SayAsync(client, "MAIL FROM:<alice@example.com>\r\n", "250 Ok\r\n");
            await SayAsync(client, "RCPT TO:<bob@example.org>\r\n", "250 Ok\r\n");
            await SayAsync(client, "DATA\r\n", "354 Go ahead\r\n");
            await SayAsync(client, Text, verdict);
        }

        Assert.Equal(2, messages.Count);
        foreach (var message in messages)
        {
            Assert.Equal(["inner.example.com", "outer.example.com"], message.Split("\r\n\tby ")[1..].Select(hop => hop.Split(' ')[0]));
            Assert.Equal(2, message.Split("Received: from laptop.example.net ([203.0.113.5])\r\n").Length - 1);
            Assert.StartsWith("Received: ", message, StringComparison.Ordinal);
            Assert.EndsWith($"+0000\r\n{Text}", message, StringComparison.Ordinal);
        }
    }

    private static Task<TestGateway> StartAsync(string hostName, BackendTlsSettings tls) => TestGateway.StartAsync(settings => settings with
    {
        HostName = hostName,
        Backends =
        [
            .. settings.Backends.Select(backend =>
                backend.Name == "postfix"
                    ? backend with { Destinations = [Server], ProxyProtocol = ProxyHeaderVersion.None, Tls = tls }
                    : backend)
        ],
    });

    private static async Task ServeAsync(ScriptedPeer server, List<string> messages)
    {
        await server.SendAsync("220 ready\r\n");
        await server.ExpectAsync("EHLO laptop.example.net\r\n");
        await server.SendAsync("250-server\r\n250 AUTH PLAIN\r\n");
        await server.ExpectAsync("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n");
        await server.SendAsync("235 2.7.0 Ok\r\n");
        foreach (var verdict in (string[])["451 later\r\n", "250 queued\r\n"])
        {
            await server.ExpectAsync("\r\n");
            await server.SendAsync("250 Ok\r\n");
            await server.ExpectAsync("\r\n");
            await server.SendAsync("250 Ok\r\n");
            await server.ExpectAsync("DATA\r\n");
            await server.SendAsync("354 Go ahead\r\n");
            messages.Add(await server.ExpectAsync("\r\n.\r\n"));
            await server.SendAsync(verdict);
        }

        await server.ReadToEndAsync();
    }

    private static async Task SayAsync(TestClient client, string command, string reply)
    {
        await client.SendAsync(command);
        await client.ExpectAsync(reply);
    }

    private static async Task JoinAsync(IDuplexPipe one, IDuplexPipe other)
    {
        await Task.WhenAll(PassAsync(one.Input, other.Output), PassAsync(other.Input, one.Output));
        static async Task PassAsync(PipeReader from, PipeWriter to)
        {
            await from.CopyToAsync(to);
            await to.CompleteAsync();
        }
    }
}
