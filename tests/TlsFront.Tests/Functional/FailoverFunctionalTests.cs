using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Backends;

namespace TlsFront.Tests.Functional;

/// <summary>Until a backend's first byte has reached the client another destination may serve it.</summary>
public sealed class FailoverFunctionalTests
{
    private const string First = "192.0.2.1:10465";
    private const string Second = "192.0.2.2:10465";

    [Fact]
    public async Task A_destination_that_refuses_costs_no_client_its_session()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Network.Serve(Second, GreetAsync);
        await AllAreServedAsync(gateway);
        Assert.Contains(First, gateway.Network.Connects);
    }

    [Fact]
    public async Task A_destination_that_swallows_packets_leaves_time_for_the_others()
    {
        await using var gateway = await StartAsync(connect: 6000);
        gateway.Network.Hang(First);
        gateway.Network.Serve(Second, GreetAsync);
        await AllAreServedAsync(gateway);
        Assert.Contains(First, gateway.Network.Connects);
    }

    [Theory]
    [InlineData("421 4.3.2 too busy\r\n")]
    [InlineData("554 5.3.2 not for you\r\n")]
    [InlineData("554-5.3.2 not\r\n554 5.3.2 for you\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n")]
    [InlineData("")]
    public async Task A_greeting_that_is_none_is_a_failed_try(string greeting)
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Network.Serve(First, pipe => greeting.Length == 0 ? Task.CompletedTask : new ScriptedPeer(pipe).SendAsync(greeting));
        gateway.Network.Serve(Second, GreetAsync);
        await AllAreServedAsync(gateway);
    }

    [Fact]
    public async Task A_silent_destination_is_given_up_within_its_share_of_the_time_to_connect()
    {
        await using var gateway = await StartAsync(connect: 6000);
        gateway.Network.Serve(First, SilentAsync);
        gateway.Network.Serve(Second, GreetAsync);
        await AllAreServedAsync(gateway);
        Assert.Contains(First, gateway.Network.Connects);
    }

    [Fact]
    public async Task The_last_destination_may_take_longer_to_greet_than_to_connect()
    {
        await using var gateway = await StartAsync(connect: 1500);
        var connected = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var tries = 0;
        async Task ServeAsync(IDuplexPipe pipe)
        {
            if (Interlocked.Increment(ref tries) == 2)
            {
                connected.SetResult();
                await release.Task;
                await GreetAsync(pipe);
            }

            await SilentAsync(pipe);
        }

        gateway.Network.Serve(First, ServeAsync);
        gateway.Network.Serve(Second, ServeAsync);
        gateway.Network.Hang("192.0.2.1:10143");
        await using var patient = await gateway.ConnectAsync("submissions");
        await connected.Task.WaitAsync(TestClient.Patience);

        // Another session spends all of its time to connect meanwhile.
        await using var other = await gateway.ConnectAsync("imaps");
        Assert.StartsWith("* BYE [UNAVAILABLE]", await other.ReadToEndAsync(), StringComparison.Ordinal);
        release.SetResult();
        Assert.Equal("220 here\r\n", await patient.ExpectAsync("\r\n"));
    }

    [Fact]
    public async Task When_none_answers_the_client_is_told_within_one_budget()
    {
        await using var gateway = await StartAsync(connect: 6000);
        gateway.Network.Hang(First);
        gateway.Network.Hang(Second);
        await using var client = await gateway.ConnectAsync("submissions");
        Assert.StartsWith("421 4.3.2", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal([First, Second], gateway.Network.Connects.Order());
        Assert.Equal("backend_unavailable", await gateway.Ends.NextAsync());
    }

    [Fact]
    public async Task When_none_greets_the_client_is_told_and_each_was_tried_once()
    {
        await using var gateway = await TestGateway.StartAsync(settings => settings with
        {
            Timeouts = settings.Timeouts with { Connect = TimeSpan.FromSeconds(30), Greeting = TimeSpan.FromMilliseconds(100) },
        });
        gateway.Network.Serve(First, SilentAsync);
        gateway.Network.Serve(Second, SilentAsync);
        await using var client = await gateway.ConnectAsync("submissions");
        Assert.StartsWith("421 4.3.2", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal([First, Second], gateway.Network.Connects.Order());
    }

    [Fact]
    public async Task When_all_refuse_the_client_reads_the_last_refusal()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Network.Serve(First, pipe => new ScriptedPeer(pipe).SendAsync("421 4.3.2 too busy\r\n"));
        gateway.Network.Serve(Second, pipe => new ScriptedPeer(pipe).SendAsync("421 4.3.2 too busy\r\n"));
        await using var client = await gateway.ConnectAsync("submissions");
        Assert.Equal("421 4.3.2 too busy\r\n", await client.ReadToEndAsync());
        Assert.Equal(2, gateway.Network.Connects.Count);
        Assert.Equal("backend_refused", await gateway.Ends.NextAsync());
    }

    [Theory]
    [InlineData("imaps", "192.0.2.1:143", "192.0.2.2:143", "* BYE overloaded\r\n", "* OK here\r\n")]
    [InlineData("pop3s", "192.0.2.1:110", "192.0.2.2:110", "-ERR overloaded\r\n", "+OK here\r\n")]
    public async Task Refusals_of_the_other_protocols_count_as_well(string listener, string first, string second, string refusal, string greeting)
    {
        await using var gateway = await TestGateway.StartAsync(settings => settings with
        {
            Backends =
            [
                .. settings.Backends.Select(backend =>
                    backend.Name.StartsWith("dovecot", StringComparison.Ordinal) ? backend with { Destinations = [first, second] } : backend)
            ],
        });
        gateway.Network.Serve(first, pipe => new ScriptedPeer(pipe).SendAsync(refusal));
        gateway.Network.Serve(second, async pipe =>
        {
            var backend = new ScriptedPeer(pipe);
            await backend.SendAsync(greeting);
            await backend.ReadToEndAsync();
        });
        for (var i = 0; i < 3; i++)
        {
            await using var client = await gateway.ConnectAsync(listener);
            Assert.Equal(greeting, await client.ExpectAsync("\r\n"));
        }
    }

    [Fact]
    public async Task A_client_that_left_while_its_backend_was_connected_is_noticed_and_ends_there()
    {
        await using var gateway = await StartAsync(connect: 6000);
        gateway.Network.Hang(First);
        gateway.Network.Serve(Second, SilentAsync);
        var client = await gateway.ConnectAsync("submissions");
        while (gateway.Network.Connects.IsEmpty)
        {
            await Task.Delay(1);
        }

        await client.DisposeAsync();
        Assert.Equal("client_closed", await gateway.Ends.NextAsync());
    }

    [Fact]
    public async Task A_session_whose_only_other_destination_was_ejected_meanwhile_is_served_there()
    {
        await using var gateway = await TestGateway.StartAsync(settings => settings with
        {
            Backends = [.. settings.Backends.Select(backend => backend with { Health = backend.Health with { UnhealthyAfter = 1 } })],
        });
        var connected = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var tries = 0;
        async Task ServeAsync(IDuplexPipe pipe)
        {
            switch (Interlocked.Increment(ref tries))
            {
                case 1:
                    connected.SetResult();
                    await release.Task;
                    return;
                case 2:
                    return;
                default:
                    await GreetAsync(pipe);
                    return;
            }
        }

        gateway.Network.Serve(First, ServeAsync);
        gateway.Network.Serve(Second, ServeAsync);
        await using var waiting = await gateway.ConnectAsync("submissions");
        await connected.Task.WaitAsync(TestClient.Patience);

        // The other one fails it and is ejected; the one that keeps the first client waiting is the last then, and serves it.
        await using var other = await gateway.ConnectAsync("submissions");
        Assert.Equal("220 here\r\n", await other.ExpectAsync("\r\n"));
        Assert.Single(
            gateway.Host.Services.GetRequiredService<DestinationStates>().All(), state => state is { Backend: "postfix", IsAvailable: false });

        release.SetResult();
        Assert.Equal("220 here\r\n", await waiting.ExpectAsync("\r\n"));
        Assert.Equal(4, tries);
    }

    private static Task<TestGateway> StartAsync(int connect) => TestGateway.StartAsync(settings => settings with
    {
        Timeouts = settings.Timeouts with { Connect = TimeSpan.FromMilliseconds(connect) },
    });

    private static async Task AllAreServedAsync(TestGateway gateway)
    {
        for (var i = 0; i < 3; i++)
        {
            await using var client = await gateway.ConnectAsync("submissions");
            Assert.Equal("220 here\r\n", await client.ExpectAsync("\r\n"));
        }
    }

    private static async Task GreetAsync(IDuplexPipe pipe)
    {
        var backend = new ScriptedPeer(pipe);
        await backend.ExpectAsync("\r\n");
        await backend.SendAsync("220 here\r\n");
        await backend.ReadToEndAsync();
    }

    private static Task SilentAsync(IDuplexPipe pipe) => new ScriptedPeer(pipe).ReadToEndAsync();
}
