using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Transport;

/// <summary>What every engine owes a machine. Derive once an engine.</summary>
public abstract partial class EngineContract
{
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
    public async Task A_client_that_ends_after_its_commands_gets_every_reply()
    {
        await using var rig = await StartAsync();
        await rig.Client.SendAsync("ASK 1\r\nASK 2\r\nASK 3\r\nASK 4\r\nASK 5\r\n");
        await rig.Client.EndAsync();
        for (var i = 1; i <= 5; i++)
        {
            await rig.Backend.ExpectAsync($"ASK {i}\r\n");
            await rig.Backend.SendAsync($"answer {i}\r\n");
        }

        Assert.Equal("answer 1\r\nanswer 2\r\nanswer 3\r\nanswer 4\r\nanswer 5\r\n", await rig.Client.ReadToEndAsync());
        Assert.Equal(CloseReason.ClientClosed, await rig.Ended);
        Assert.Equal([Signal.Start, Signal.BackendReady, Signal.ClientEnded], rig.Machine.Signals);
    }

    [Fact]
    public async Task A_client_that_ends_before_there_is_a_backend_gets_every_reply()
    {
        var connected = new TaskCompletionSource();
        await using var rig = await StartAsync(rig => rig.BackendMayConnect = connected.Task);
        await rig.WantsBackend.Task;
        var left = rig.Transport.ClientLeft;
        await rig.Client.SendAsync("ASK 1\r\nASK 2\r\n");
        await rig.Client.EndAsync();
        connected.SetResult();
        await rig.Backend.ExpectAsync("ASK 1\r\n");
        await rig.Backend.SendAsync("answer 1\r\n");
        await rig.Backend.ExpectAsync("ASK 2\r\n");
        await rig.Backend.SendAsync("answer 2\r\n");
        Assert.Equal("answer 1\r\nanswer 2\r\n", await rig.Client.ReadToEndAsync());
        Assert.False(left.IsCancellationRequested);
    }

    [Fact]
    public async Task A_client_that_ends_without_a_word_before_there_is_a_backend_left()
    {
        var connected = new TaskCompletionSource();
        await using var rig = await StartAsync(rig => rig.BackendMayConnect = connected.Task);
        await rig.WantsBackend.Task;
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = rig.Transport.ClientLeft.Register(left.SetResult);
        await rig.Client.EndAsync();
        await left.Task.WaitAsync(TestClient.Patience);
        connected.SetResult();
        Assert.Equal(CloseReason.ClientClosed, await rig.Ended);
    }

    [Fact]
    public async Task A_client_that_ends_and_takes_nothing_of_what_it_asked_for_meets_its_deadline()
    {
        await using var rig = await StartAsync(rig => rig.Timeouts = rig.Timeouts with { Write = TimeSpan.FromMilliseconds(200) });
        await rig.Client.SendAsync(string.Concat(Enumerable.Repeat("ASK\r\n", 800)));
        await rig.Client.EndAsync();
        var answering = rig.Backend.SendAsync(string.Concat(Enumerable.Repeat(new string('x', 20_000) + "\r\n", 800)));
        Assert.Equal(CloseReason.ClientStalled, await rig.Ended);
        await rig.Backend.AbandonAsync(answering);
    }

    [Fact]
    public async Task The_backend_is_released_before_the_client_took_its_leave()
    {
        await using var rig = await StartAsync(rig => rig.Timeouts = rig.Timeouts with { Linger = TimeSpan.FromHours(1) });
        await rig.Client.SendAsync("CLOSE\r\n");
        await rig.Client.ExpectAsync("BYE\r\n");
        await rig.Backend.ReadToEndAsync();
        Assert.False(rig.Ended.IsCompleted);
        await rig.Client.EndAsync();
        Assert.Equal(CloseReason.Completed, await rig.Ended);
    }

    [Fact]
    public async Task A_machine_may_greet_before_there_is_a_backend()
    {
        var connected = new TaskCompletionSource();
        await using var rig = await StartAsync(rig =>
        {
            rig.Machine = new ScriptedMachine { Opening = "* OK gateway\r\n" };
            rig.BackendMayConnect = connected.Task;
        });
        await rig.Client.ExpectAsync("* OK gateway\r\n");
        Assert.False(rig.Record.BackendGreeted);
        connected.SetResult();
        await rig.Backend.SendAsync("* OK backend\r\n");
        await rig.Client.ExpectAsync("* OK backend\r\n");
        await rig.Client.SendAsync("CLOSE\r\n");
        Assert.Equal("BYE\r\n", await rig.Client.ReadToEndAsync());
        await rig.Ended;
        Assert.True(rig.Record.BackendGreeted);
        Assert.Equal("* OK gateway\r\n* OK backend\r\nBYE\r\n".Length, rig.Record.BytesToClient);
    }

    [Fact]
    public async Task A_backend_that_is_wanted_only_after_a_dialogue_has_greeted_only_once_it_did()
    {
        await using var rig = await StartAsync(rig => rig.Machine = new ScriptedMachine { Opening = "* OK gateway\r\n", WaitsForLogin = true });
        await rig.Client.ExpectAsync("* OK gateway\r\n");
        await rig.Client.SendAsync("LOGIN\r\nASK\r\n");
        await rig.WantsBackend.Task.WaitAsync(TestClient.Patience);
        Assert.False(rig.Record.BackendGreeted);
        await rig.Backend.SendAsync("* OK backend\r\n");
        await rig.Client.ExpectAsync("* OK backend\r\n");
        await rig.Backend.ExpectAsync("ASK\r\n");
        await rig.Backend.SendAsync("answer\r\n");
        await rig.Client.ExpectAsync("answer\r\n");
        Assert.True(rig.Record.BackendGreeted);
    }

    [Fact]
    public async Task A_backend_that_is_lost_after_a_dialogue_never_greeted()
    {
        await using var rig = await StartAsync(rig =>
        {
            rig.Machine = new ScriptedMachine { Opening = "* OK gateway\r\n", WaitsForLogin = true };
            rig.FailFirstConnect = true;
        });
        await rig.Client.SendAsync("LOGIN\r\n");
        Assert.Equal("* OK gateway\r\nLOST\r\n", await rig.Client.ReadToEndAsync());
        Assert.Equal(CloseReason.BackendUnavailable, await rig.Ended);
        Assert.False(rig.Record.BackendGreeted);
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
        Assert.True(rig.Record.Idle >= TimeSpan.FromMilliseconds(48), $"idle for {rig.Record.Idle}");
    }

    [Fact]
    public async Task Before_the_login_nothing_but_a_new_phase_gives_the_client_more_time()
    {
        await using var rig = await StartAsync(rig => rig.Timeouts = rig.Timeouts with { PreLogin = TimeSpan.FromMilliseconds(200) });
        var dripping = DripAsync();
        Assert.Equal(CloseReason.ClientIdle, await rig.Ended.WaitAsync(TestClient.Patience));
        await rig.Backend.AbandonAsync(dripping);

        async Task DripAsync()
        {
            while (true)
            {
                await rig.Client.SendAsync("HELLO\r\n");
                await rig.Backend.ExpectAsync("HELLO\r\n");
            }
        }
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
}
