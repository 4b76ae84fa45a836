using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Tests.Telemetry;
using TlsFront.Tests.Transport.Managed;

namespace TlsFront.Tests.Functional;

/// <summary>Clients that send all their commands, end their half at once and read on, on both engines; and those that do not read on.</summary>
public sealed class HalfCloseFunctionalTests
{
    public enum End
    {
        Tcp,
        CloseNotify,
    }

    public static TheoryData<object, End, string, string, string> Dialogues()
    {
        var dialogues = new TheoryData<object, End, string, string, string>();
        foreach (var engine in new[] { EngineChoice.Managed, EngineChoice.Native })
        {
            foreach (var end in new[] { End.Tcp, End.CloseNotify })
            {
                dialogues.Add(engine, end, "submissions", "EHLO x|QUIT", "220 ready|250 EHLO|221 QUIT");
                dialogues.Add(engine, end, "submissions", "EHLO x|NOOP|NOOP|RSET|QUIT", "220 ready|250 EHLO|250 NOOP|250 NOOP|250 RSET|221 QUIT");
                dialogues.Add(engine, end, "submissions", "EHLO x|NOOP", "220 ready|250 EHLO|250 NOOP");
                dialogues.Add(engine, end, "imaps", "a CAPABILITY|b NOOP|c LOGOUT", "* OK ready|a OK CAPABILITY|b OK NOOP|* BYE|c OK LOGOUT");
                dialogues.Add(engine, end, "pop3s", "CAPA|NOOP|QUIT", "+OK ready|-ERR CAPA|-ERR NOOP|+OK QUIT");
            }
        }

        return dialogues;
    }

    [Theory]
    [MemberData(nameof(Dialogues))]
    public async Task Every_command_is_answered(object engine, End end, string listener, string commands, string replies)
    {
        await using var backend = Answering(listener);
        await using var gateway = await EngineGateway.StartAsync((EngineChoice)engine, backend, static settings => settings);
        var stream = await EngineGateway.ConnectAsync(gateway, listener);
        await using var client = await TestClient.HandshakeAsync(stream);
        await client.SendAsync(Lines(commands));
        await EndAsync(client, stream.Socket, end);
        Assert.Equal(Lines(replies), await client.ReadToEndAsync());
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_client_that_ended_and_waits_for_a_place_keeps_it_if_it_asked_for_something(object engine)
    {
        await using var backend = Answering("imaps");
        await using var gateway = await EngineGateway.StartAsync((EngineChoice)engine, backend, static settings => settings with
        {
            Backends =
            [
                .. settings.Backends.Select(static settings => settings with { MaxSessions = 1, Queue = new QueueSettings(1, TestClient.Patience) })
            ],
        });
        await using var first = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps"));
        await first.ExpectAsync("* OK ready\r\n");

        var stream = await EngineGateway.ConnectAsync(gateway, "imaps");
        await using var waiting = await TestClient.HandshakeAsync(stream);
        await waiting.SendAsync("a NOOP\r\nb LOGOUT\r\n");
        stream.Socket.Shutdown(SocketShutdown.Send);
        var pool = gateway.Host.Services.GetRequiredService<BackendPools>().Of("dovecot-imap");
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (pool.Waiting == 0)
        {
            await Task.Delay(1, patience.Token);
        }

        // The queue is full: that this one is told so comes after the end of the other was there to be seen.
        await using (await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps")))
        {
            Assert.Equal("backend_busy", await gateway.Ends.NextAsync());
        }

        await first.DisposeAsync();
        Assert.Equal("* OK ready\r\na OK NOOP\r\n* BYE\r\nb OK LOGOUT\r\n", await waiting.ReadToEndAsync());
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_client_that_is_reset_while_it_is_owed_a_reply_ends_at_once(object engine)
    {
        var asked = new TaskCompletionSource();
        await using var backend = new SocketBackend(async (peer, _) =>
        {
            await peer.SendAsync("220 ready\r\n");
            await peer.ExpectAsync("EHLO x\r\n");
            asked.SetResult();
            await peer.ReadToEndAsync();
        });
        await using var gateway = await EngineGateway.StartAsync((EngineChoice)engine, backend, static settings => settings);
        var stream = await EngineGateway.ConnectAsync(gateway, "submissions");
        var client = await TestClient.HandshakeAsync(stream);
        await client.SendAsync("EHLO x\r\n");
        await asked.Task.WaitAsync(TestClient.Patience);
        SocketBackend.Reset(stream.Socket);
        Assert.Equal("client_reset", await gateway.Ends.NextAsync());
    }

    private static async Task EndAsync(TestClient client, Socket socket, End end)
    {
        if (end == End.CloseNotify)
        {
            await client.Tls.ShutdownAsync();
        }
        else
        {
            socket.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>A server that answers each line with its word, and ends after the one that says goodbye.</summary>
    private static SocketBackend Answering(string listener) => new(async (peer, socket) =>
    {
        await peer.SendAsync(listener switch { "submissions" => "220 ready\r\n", "imaps" => "* OK ready\r\n", _ => "+OK ready\r\n" });
        for (var isOver = false; !isOver;)
        {
            var line = await peer.ExpectAsync("\r\n");
            var words = line.TrimEnd().Split(' ');
            isOver = words.Contains("QUIT") || words.Contains("LOGOUT");
            await peer.SendAsync(listener switch
            {
                "submissions" => $"{(isOver ? 221 : 250)} {words[0]}\r\n",
                "imaps" => $"{(isOver ? "* BYE\r\n" : "")}{words[0]} OK {words[1]}\r\n",
                _ => $"{(isOver ? "+OK" : "-ERR")} {words[0]}\r\n",
            });
        }

        socket.Shutdown(SocketShutdown.Send);
        await peer.ReadToEndAsync();
    });

    private static string Lines(string text) => text.Replace("|", "\r\n", StringComparison.Ordinal) + "\r\n";
}
