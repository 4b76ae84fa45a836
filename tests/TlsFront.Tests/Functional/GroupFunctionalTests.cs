using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.Functional;

/// <summary>One user is at one host over all protocols, whatever happens to a service of it.</summary>
public sealed class GroupFunctionalTests
{
    private const string User = "alice@example.com";
    private const string Imap = "dovecot-imap";
    private const string Pop3 = "dovecot-pop3";

    /// <summary>In the order in which they are the user's choices.</summary>
    private static readonly string[] Hosts = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];

    private readonly ConcurrentQueue<string> _homes = new();

    [Theory]
    [InlineData(Imap, ":143")]
    [InlineData(Pop3, ":110")]
    public async Task While_a_host_is_drained_in_one_backend_both_protocols_go_to_the_same_other_one(string backend, string port)
    {
        await using var gateway = await StartAsync();
        var states = gateway.Host.Services.GetRequiredService<DestinationStates>();
        Assert.Equal((Hosts[0], Hosts[0]), await HomesAsync(gateway));
        states.SetDrained(backend, Hosts[0] + port, isDrained: true);
        Assert.Equal((Hosts[1], Hosts[1]), await HomesAsync(gateway));
        states.SetDrained(backend, Hosts[0] + port, isDrained: false);
        Assert.Equal((Hosts[0], Hosts[0]), await HomesAsync(gateway));
    }

    [Fact]
    public async Task While_a_host_is_unhealthy_in_one_backend_both_protocols_go_to_the_same_other_one()
    {
        await using var gateway = await StartAsync(TimeSpan.FromMilliseconds(20));
        var other = gateway.Host.Services.GetRequiredService<BackendPools>().Of(Imap).Get($"{Hosts[0]}:143");
        gateway.Network.Refuse($"{Hosts[0]}:110");
        await WaitAsync(() => other.IsAvoided);
        Assert.Equal((Hosts[1], Hosts[1]), await HomesAsync(gateway));
        gateway.Network.Serve($"{Hosts[0]}:110", pipe => ServeAsync(Hosts[0], pipe, "+OK ready\r\n"));
        await WaitAsync(() => !other.IsAvoided);
        Assert.Equal((Hosts[0], Hosts[0]), await HomesAsync(gateway));
    }

    [Fact]
    public async Task Where_every_host_is_out_somewhere_the_user_is_served_as_without_a_group()
    {
        await using var gateway = await StartAsync();
        var states = gateway.Host.Services.GetRequiredService<DestinationStates>();
        states.SetDrained(Imap, $"{Hosts[0]}:143", isDrained: true);
        states.SetDrained(Pop3, $"{Hosts[1]}:110", isDrained: true);
        states.SetDrained(Pop3, $"{Hosts[2]}:110", isDrained: true);
        Assert.Equal((Hosts[1], Hosts[0]), await HomesAsync(gateway));
    }

    private static async Task WaitAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (!isSo())
        {
            await Task.Delay(1, patience.Token);
        }
    }

    /// <summary>Where the user's sessions of IMAP and POP3 go.</summary>
    private async Task<(string Imap, string Pop3)> HomesAsync(TestGateway gateway)
    {
        _homes.Clear();
        await using var imap = await gateway.ConnectAsync("imaps");
        await imap.ExpectAsync("\r\n");
        await imap.SendAsync($"a LOGIN {User} secret\r\n");
        await imap.ExpectAsync("a OK ");
        await using var pop3 = await gateway.ConnectAsync("pop3s");
        await pop3.ExpectAsync("\r\n");
        await pop3.SendAsync($"USER {User}\r\nPASS secret\r\n");
        await pop3.ExpectAsync("+OK in\r\n");
        return _homes.ToArray() is [var first, var second] ? (first, second) : throw new InvalidOperationException("Two logins, but not two homes.");
    }

    private Task<TestGateway> StartAsync(TimeSpan interval = default) => TestGateway.StartAsync(
        settings => settings with
        {
            Backends =
            [
                .. settings.Backends.Select(backend => backend.Name is not (Imap or Pop3) ? backend : backend with
                {
                    Destinations = [.. Hosts.Select(host => host + (backend.Name == Imap ? ":143" : ":110"))],
                    Stickiness = Stickiness.User,
                    Group = "mail",
                    ProxyProtocol = ProxyHeaderVersion.None,
                    Health = new HealthSettings { Interval = interval, UnhealthyAfter = 1, HealthyAfter = 1, EjectFor = TimeSpan.Zero },
                }),
            ],
        },
        serve: network =>
        {
            foreach (var host in Hosts)
            {
                network.Serve($"{host}:143", pipe => ServeAsync(host, pipe));
                network.Serve($"{host}:110", pipe => ServeAsync(host, pipe, "+OK ready\r\n"));
            }
        });

    private async Task ServeAsync(string host, IDuplexPipe pipe, string greeting = "* OK ready\r\n")
    {
        var server = new ScriptedPeer(pipe);
        await server.SendAsync(greeting);
        while (true)
        {
            var words = (await server.ExpectAsync("\r\n")).TrimEnd().Split(' ');
            if (words is [_, "LOGIN", ..] or ["PASS", _])
            {
                _homes.Enqueue(host);
            }

            await server.SendAsync(words switch
            {
                [var tag, "LOGIN", ..] => $"{tag} OK [CAPABILITY IMAP4rev1] in\r\n",
                [var tag, "CAPABILITY"] => $"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n",
                [var tag, "LOGOUT"] => $"* BYE bye\r\n{tag} OK done\r\n",
                ["CAPA"] => "+OK\r\nUSER\r\n.\r\n",
                ["PASS", _] => "+OK in\r\n",
                _ => "+OK\r\n",
            });
            if (words is ["QUIT"] or [_, "LOGOUT"])
            {
                return;
            }
        }
    }
}
