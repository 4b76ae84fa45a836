using System.Net.Sockets;
using TlsFront.Configuration;
using TlsFront.Tests.Telemetry;
using TlsFront.Tests.Transport.Managed;

namespace TlsFront.Tests.Functional;

/// <summary>Submission over real sockets, on each engine: what depends on how bytes move and connections end.</summary>
public sealed class SmtpSocketTests
{
    private const string Farewell = "421 4.3.0 mail.example.com Service closing connection, try again later\r\n";

    [Theory]
    [InlineData(false, "552 5.3.4 too big\r\n", Farewell, false)]
    [InlineData(false, "552 5.3.4 too big\r\n", Farewell, true)]
    [InlineData(false, "421 4.3.2 I go\r\n", "", true)]
    [InlineData(true, "552 5.3.4 too big\r\n", Farewell, false)]
    [InlineData(true, "552 5.3.4 too big\r\n", Farewell, true)]
    [InlineData(true, "421 4.3.2 I go\r\n", "", true)]
    public async Task A_verdict_before_the_final_dot_reaches_a_client_that_sends_on(bool isNative, string verdict, string farewell, bool resets)
    {
        var heard = new TaskCompletionSource();
        await using var backend = new SocketBackend(async (peer, socket) =>
        {
            await LetInAsync(peer);
            await peer.ExpectAsync("DATA\r\n");
            await peer.SendAsync("250 ok\r\n250 ok\r\n354 go\r\n");
            await peer.ExpectAsync("Subject: big\r\n");
            await peer.SendAsync(verdict);
            if (resets)
            {
                await heard.Task;
                SocketBackend.Reset(socket);
                return;
            }

            socket.Shutdown(SocketShutdown.Send);
            await peer.ReadToEndAsync();
        });
        await using var gateway = await StartAsync(isNative, backend);
        await using var client = await LogInAsync(gateway);
        await client.SendAsync("MAIL FROM:<a@example.net>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");
        await client.ExpectAsync("354 go\r\n");
        await client.SendAsync("Subject: big\r\n");
        await client.ExpectAsync(verdict);
        heard.SetResult();
        await client.SendAsync(string.Concat(Enumerable.Repeat("a line of a long message\r\n", 100_000)));
        await client.SendAsync(".\r\n");

        Assert.Equal(farewell, await client.ReadToEndAsync());
        // A reset may be noticed or not by then.
        Assert.StartsWith(resets ? "backend_" : "backend_closed", await gateway.Ends.NextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Octets_of_a_chunk_that_was_not_offered_never_reach_the_backend(bool isNative)
    {
        var smuggled = string.Concat(Enumerable.Repeat("XCLIENT ADDR=192.0.2.1\r\n", 10_000));
        var received = new TaskCompletionSource<string>();
        await using var backend = new SocketBackend(async (peer, _) =>
        {
            await LetInAsync(peer);
            received.SetResult(await peer.ExpectAsync("QUIT\r\n"));
            await peer.SendAsync("221 bye\r\n");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await StartAsync(isNative, backend);
        await using var client = await LogInAsync(gateway);
        await client.SendAsync($"BDAT {smuggled.Length} LAST\r\n{smuggled}QUIT\r\n");

        Assert.Equal("503 5.5.1 BDAT is not offered\r\n221 bye\r\n", await client.ReadToEndAsync());
        Assert.Equal("QUIT\r\n", await received.Task.WaitAsync(TestClient.Patience));
        Assert.Equal("completed", await gateway.Ends.NextAsync());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_client_that_ends_its_half_behind_its_commands_gets_every_reply(bool isNative, bool byNotify)
    {
        foreach (var commands in new[] { "EHLO x\r\nQUIT\r\n", "EHLO x\r\nNOOP\r\nNOOP\r\nRSET\r\nQUIT\r\n" })
        {
            await using var backend = new SocketBackend(async (peer, _) =>
            {
                await peer.SendAsync("220 ready\r\n");
                while (await peer.ExpectAsync("\r\n") is var command && command != "QUIT\r\n")
                {
                    await peer.SendAsync("250 ok\r\n");
                }

                await peer.SendAsync("221 bye\r\n");
                await peer.ReadToEndAsync();
            });
            await using var gateway = await StartAsync(isNative, backend);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(gateway.Host.MailAddresses["submissions"]);
            await using var client = await TestClient.HandshakeAsync(new NetworkStream(socket, ownsSocket: false));
            await client.SendAsync(commands);
            if (byNotify)
            {
                await client.Tls.ShutdownAsync();
            }

            socket.Shutdown(SocketShutdown.Send);

            var oks = string.Concat(Enumerable.Repeat("250 ok\r\n", commands.Split("\r\n").Length - 2));
            Assert.Equal($"220 ready\r\n{oks}221 bye\r\n", await client.ReadToEndAsync());
            Assert.Equal("completed", await gateway.Ends.NextAsync());
        }
    }

    private static async Task LetInAsync(ScriptedPeer backend)
    {
        await backend.SendAsync("220 ready\r\n");
        await backend.ExpectAsync("EHLO laptop.example.net\r\n");
        await backend.SendAsync("250-here\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n");
        await backend.ExpectAsync("AUTH PLAIN AGRlbW8AZGVtbw==\r\n");
        await backend.SendAsync("235 ok\r\n");
    }

    private static async Task<TestClient> LogInAsync(TestGateway gateway)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(gateway.Host.MailAddresses["submissions"]);
        var client = await TestClient.HandshakeAsync(new NetworkStream(socket, ownsSocket: true));
        await client.ExpectAsync("220 ready\r\n");
        await client.SendAsync("EHLO laptop.example.net\r\nAUTH PLAIN AGRlbW8AZGVtbw==\r\n");
        await client.ExpectAsync("235 ok\r\n");
        return client;
    }

    private static Task<TestGateway> StartAsync(bool isNative, SocketBackend backend) =>
        EngineGateway.StartAsync(isNative ? EngineChoice.Native : EngineChoice.Managed, backend, static settings => settings);
}
