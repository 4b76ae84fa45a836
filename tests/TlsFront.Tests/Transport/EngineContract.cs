using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Transport;

/// <summary>What every engine owes a machine. Derive once an engine.</summary>
public abstract class EngineContract
{
    /// <summary>More than pipes and sockets hold.</summary>
    private static readonly string Flood = new('x', 16_000_000);

    private protected abstract Task<EngineRig> StartAsync(Action<EngineRig>? change = null);

    [Fact]
    public async Task Lines_pass_both_ways_and_the_machine_ends_the_session()
    {
        await using var rig = await StartAsync();
        await rig.Client.SendAsync("HELLO\r\n");
        await rig.Backend.ExpectAsync("HELLO\r\n");
        await rig.Backend.SendAsync("hi\r\n");
        await rig.Client.ExpectAsync("hi\r\n");
        await rig.Client.SendAsync("CLOSE\r\n");
        Assert.Equal("BYE\r\n", await rig.Client.ReadToEndAsync());
        Assert.Equal(CloseReason.Completed, await rig.Ended);
    }

    [Fact]
    public async Task Held_bytes_are_offered_again_after_the_reply_and_none_is_lost()
    {
        await using var rig = await StartAsync();
        await rig.Client.SendAsync("ASK\r\nNEXT\r\nLAST\r\n");
        Assert.Equal("ASK\r\n", await rig.Backend.ExpectAsync("ASK\r\n"));
        await rig.Backend.SendAsync("answer\r\n");
        await rig.Backend.ExpectAsync("NEXT\r\nLAST\r\n");
    }

    [Fact]
    public async Task An_end_with_held_bytes_is_told_after_they_were_taken()
    {
        await using var rig = await StartAsync();
        await rig.Client.SendAsync("ASK\r\nNEXT\r\n");
        await rig.Client.EndAsync();
        await rig.Backend.ExpectAsync("ASK\r\n");
        await rig.Backend.SendAsync("answer\r\n");
        await rig.Backend.ExpectAsync("NEXT\r\n");
        Assert.Equal(CloseReason.ClientClosed, await rig.Ended);
    }

    [Fact]
    public async Task A_line_that_never_ends_is_ended_at_the_bound()
    {
        await using var rig = await StartAsync();
        await rig.Client.SendAsync(new string('x', MailMachine.MaxCarry));
        Assert.Equal(CloseReason.LineTooLong, await rig.Ended);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_stops_the_machine_and_not_the_memory()
    {
        await using var rig = await StartAsync(rig => rig.Timeouts = rig.Timeouts with { Write = TimeSpan.FromMilliseconds(200) });
        var flood = string.Concat(Enumerable.Repeat("FLOOD\r\n", 200_000));
        var sending = rig.Client.SendAsync(flood);
        Assert.Equal(CloseReason.ClientStalled, await rig.Ended);
        Assert.InRange(rig.Machine.Calls, 1, 100_000);
        await rig.Client.AbandonAsync(sending);
    }

    [Fact]
    public async Task A_backend_that_ends_is_told_and_its_last_bytes_come_first()
    {
        await using var rig = await StartAsync();
        await rig.Backend.SendAsync("last words\r\n");
        await rig.Backend.EndAsync();
        Assert.Equal("last words\r\nGONE\r\n", await rig.Client.ReadToEndAsync());
        Assert.Equal(CloseReason.BackendClosed, await rig.Ended);
    }

    [Fact]
    public async Task A_silent_phase_expires()
    {
        await using var rig = await StartAsync(rig => rig.Timeouts = rig.Timeouts with { PreLogin = TimeSpan.FromMilliseconds(50) });
        Assert.Equal("LATE\r\n", await rig.Client.ReadToEndAsync());
        Assert.Equal(CloseReason.ClientIdle, await rig.Ended);
        Assert.True(rig.Record.IdleAtClose >= TimeSpan.FromMilliseconds(48), $"idle for {rig.Record.IdleAtClose}");
    }

    [Fact]
    public async Task A_drain_finds_the_moment_between_commands()
    {
        await using var rig = await StartAsync();
        await rig.Client.SendAsync("ASK\r\n");
        await rig.Backend.ExpectAsync("ASK\r\n");
        rig.Transport.Post(Signal.Drain);
        await rig.Backend.SendAsync("answer\r\n");
        Assert.Equal("answer\r\n", await rig.Client.ReadToEndAsync());
        Assert.Equal(CloseReason.Drained, await rig.Ended);
    }

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
        var talking = TalkAsync(rig);
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
        Assert.True(rig.Record.IdleAtClose >= TimeSpan.FromMilliseconds(48), $"idle for {rig.Record.IdleAtClose}");
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

    [Fact]
    public async Task A_failed_backend_is_replaced_and_the_client_loses_nothing()
    {
        await using var rig = await StartAsync(rig => rig.FailFirstConnect = true);
        await rig.Client.SendAsync("HELLO\r\n");
        Assert.Equal("LOST\r\n", await rig.Client.ReadToEndAsync());
        Assert.Equal(CloseReason.BackendUnavailable, await rig.Ended);
    }

    [Fact]
    public async Task Plaintext_pipelined_behind_starttls_is_never_run_as_a_command()
    {
        await using var rig = await StartAsync();
        await rig.Client.SendAsync("SECURE\r\nINJECTED\r\n");
        await rig.Client.ExpectAsync("GO\r\n");
        Assert.NotEqual(CloseReason.Completed, await rig.Ended);
        Assert.DoesNotContain("INJECTED", await rig.Backend.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_started_in_the_middle_goes_on_with_the_same_machine()
    {
        await using var rig = await StartAsync();
        await rig.Client.SendAsync("SECURE\r\n");
        await rig.Client.ExpectAsync("GO\r\n");
        await using var secured = await TestClient.HandshakeAsync(rig.Client.Pipe);
        await secured.SendAsync("HELLO\r\n");
        await rig.Backend.ExpectAsync("HELLO\r\n");
        await secured.SendAsync("CLOSE\r\n");
        Assert.Equal("BYE\r\n", await secured.ReadToEndAsync());
        Assert.Equal(CloseReason.Completed, await rig.Ended);
    }

    [Fact]
    public async Task An_abort_ends_the_session_at_once()
    {
        await using var rig = await StartAsync();
        await rig.Client.SendAsync("RELAY\r\n");
        await rig.Backend.ExpectAsync("RELAY\r\n");
        await rig.Abort.CancelAsync();
        Assert.Equal(CloseReason.Aborted, await rig.Ended);
    }

    /// <summary>The client talks to the backend until one of them is closed.</summary>
    private static async Task TalkAsync(EngineRig rig)
    {
        while (!rig.Ended.IsCompleted)
        {
            await rig.Client.SendAsync("more");
            await rig.Backend.ExpectAsync("more");
        }
    }
}
