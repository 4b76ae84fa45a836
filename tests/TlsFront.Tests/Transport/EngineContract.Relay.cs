using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Transport;

/// <content>Transparent sessions.</content>
public abstract partial class EngineContract
{
    /// <summary>More than pipes and sockets hold.</summary>
    private static readonly string Flood = new('x', 16_000_000);

    [Fact]
    public async Task Transparent_sessions_carry_megabytes_both_ways_at_once_unread()
    {
        await using var rig = await StartAsync();
        await rig.Client.SendAsync("RELAY\r\n");
        await rig.Backend.ExpectAsync("RELAY\r\n");
        var up = new string('u', 3_000_000);
        var down = new string('d', 3_000_000);
        var sending = Task.WhenAll(rig.Client.SendAsync(up + "."), rig.Backend.SendAsync(down + "."));
        var received = await Task.WhenAll(rig.Client.ExpectAsync("."), rig.Backend.ExpectAsync("."));
        await sending;
        Assert.Equal(down + ".", received[0]);
        Assert.Equal(up + ".", received[1]);
        var calls = rig.Machine.Calls;
        await rig.Backend.EndAsync();
        Assert.Equal(CloseReason.Completed, await rig.Ended);
        Assert.Equal(calls, rig.Machine.Calls);
    }

    [Fact]
    public async Task A_transparent_session_passes_the_clients_half_close_on()
    {
        await using var rig = await StartAsync();
        await rig.Client.SendAsync("RELAY\r\nrest");
        await rig.Client.EndAsync();
        Assert.Equal("RELAY\r\nrest", await rig.Backend.ReadToEndAsync());
        await rig.Backend.SendAsync("still here");
        await rig.Client.ExpectAsync("still here");
        await rig.Backend.EndAsync();
        Assert.Equal(CloseReason.ClientClosed, await rig.Ended);
    }

    [Fact]
    public async Task A_transparent_session_ends_with_a_client_that_takes_nothing_however_much_it_sends()
    {
        await using var rig = await StartAsync(rig => rig.Timeouts = rig.Timeouts with { Write = TimeSpan.FromMilliseconds(200) });
        await rig.Client.SendAsync("RELAY\r\n");
        await rig.Backend.ExpectAsync("RELAY\r\n");
        var sending = rig.Backend.SendAsync(Flood);
        var talking = rig.TalkAsync();
        Assert.Equal(CloseReason.ClientStalled, await rig.Ended);
        await rig.Backend.AbandonAsync(sending);
        await Task.WhenAny(talking).WaitAsync(TestClient.Patience);
    }

    [Fact]
    public async Task A_transparent_session_ends_with_a_backend_that_takes_nothing()
    {
        await using var rig = await StartAsync(rig => rig.Timeouts = rig.Timeouts with { Write = TimeSpan.FromMilliseconds(200) });
        await rig.Client.SendAsync("RELAY\r\n");
        await rig.Backend.ExpectAsync("RELAY\r\n");
        var sending = rig.Client.SendAsync(Flood);
        Assert.Equal(CloseReason.BackendTimeout, await rig.Ended);
        await rig.Client.AbandonAsync(sending);
    }

    [Fact]
    public async Task A_silent_transparent_session_ends_at_its_deadline()
    {
        await using var rig = await StartAsync(rig => rig.Timeouts = rig.Timeouts with { Relay = TimeSpan.FromMilliseconds(50) });
        await rig.Client.SendAsync("RELAY\r\n");
        Assert.Equal(CloseReason.ClientIdle, await rig.Ended);

        // Engines' clocks tick in milliseconds.
        Assert.True(rig.Record.Idle >= TimeSpan.FromMilliseconds(48), $"idle for {rig.Record.Idle}");
    }

    [Fact]
    public async Task A_transparent_session_is_drained_by_the_engine()
    {
        await using var rig = await StartAsync();
        await rig.Client.SendAsync("RELAY\r\n");
        await rig.Backend.ExpectAsync("RELAY\r\n");
        rig.Transport.Post(Signal.Drain);
        Assert.Equal(CloseReason.Drained, await rig.Ended);
    }
}
