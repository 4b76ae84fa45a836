using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Handover;
using TlsFront.Listeners.Upgrade;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Listeners.Upgrade;

/// <summary>Whatever goes wrong with the new process, the old one goes on and says why.</summary>
[SupportedOSPlatform("linux")]
public sealed class UpgradeFailureTests
{
    [Fact]
    public async Task A_new_process_that_does_not_start_changes_nothing()
    {
        await using var backend = UpgradeTests.Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        await using var client = await rig.ConnectAsync();
        rig.Impostor = static _ => new FakeProcess(static () => { }) { Exited = Task.FromResult(7) };

        var failure = await Assert.ThrowsAsync<HandoverException>(rig.UpgradeAsync);

        Assert.Contains("did not start", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ended with code 7", failure.Message, StringComparison.Ordinal);
        await GoesOnAsync(rig, client);
    }

    [Fact]
    public async Task A_new_process_that_cannot_take_its_place_says_why()
    {
        await using var backend = UpgradeTests.Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        await using var client = await rig.ConnectAsync();
        rig.Configure = static services => services.AddSingleton(new StateVersions(2, 3));

        var failure = await Assert.ThrowsAsync<HandoverException>(rig.UpgradeAsync);

        Assert.Contains("reads sessions of versions 2 to 3, this one writes 1 to 1", failure.Message, StringComparison.Ordinal);
        await GoesOnAsync(rig, client);
    }

    [Theory]
    [InlineData(Fault.SaysNothing, "nothing came from the other process")]
    [InlineData(Fault.SaysNonsense, "no message of a handover")]
    [InlineData(Fault.LeavesAtOnce, "closed the channel")]
    [InlineData(Fault.NeverGetsReady, "nothing came from the other process")]
    [InlineData(Fault.LeavesWhenReady, "closed the channel")]
    [InlineData(Fault.Fails, "it is too cold")]
    [InlineData(Fault.DeclinesAndLeaves, "closed the channel")]
    [InlineData(Fault.TakesWhatItWasNotOffered, "answered with Taken")]
    [InlineData(Fault.NeverAnswers, "nothing came from the other process")]
    public async Task A_new_process_that_goes_wrong_later_changes_nothing_either(Fault fault, string words)
    {
        await using var backend = UpgradeTests.Echo();
        var isSilent = words.StartsWith("nothing came", StringComparison.Ordinal);
        await using var rig = await UpgradeRig.StartAsync(
            backend, settings => isSilent ? settings with { Upgrade = settings.Upgrade with { Timeout = TimeSpan.FromSeconds(5) } } : settings);
        await using var client = await rig.ConnectAsync();
        await UpgradeTests.EchoAsync(client, "before");
        rig.Impostor = path =>
        {
            var end = new TaskCompletionSource();
            _ = Task.Run(() => Play(path, fault, end.Task));
            return new FakeProcess(() => end.TrySetResult());
        };

        var failure = await Assert.ThrowsAsync<HandoverException>(rig.UpgradeAsync);

        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        await GoesOnAsync(rig, client);

        // And again: nothing of the first try is in the way.
        rig.Impostor = null;
        Assert.Equal(1, (await rig.UpgradeAsync()).Moved);
        await UpgradeTests.EchoAsync(client, "after");
    }

    /// <summary>It has a session, and lives: it is better off as the gateway than dead.</summary>
    [Fact]
    public async Task A_new_process_that_has_sessions_and_stops_answering_is_the_gateway()
    {
        await using var backend = UpgradeTests.Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        await using var client = await rig.ConnectAsync();
        await UpgradeTests.EchoAsync(client, "before");
        rig.Impostor = static path =>
        {
            _ = Task.Run(() => Play(path, Fault.LeavesWithASession, Task.CompletedTask));
            return new FakeProcess(static () => { });
        };

        Assert.Equal(1, (await rig.UpgradeAsync()).Moved);

        Assert.True(rig.Gateways[0].Services.GetRequiredService<Succession>().Ended.IsCancellationRequested);
    }

    /// <summary>Its sessions are lost with it, as with any process that dies; everybody else has a gateway.</summary>
    [Fact]
    public async Task A_new_process_that_dies_with_sessions_leaves_the_rest_to_the_old_one()
    {
        await using var backend = UpgradeTests.Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        await using var client = await rig.ConnectAsync();
        await UpgradeTests.EchoAsync(client, "before");
        var death = new TaskCompletionSource<int>();
        rig.Impostor = path =>
        {
            _ = Task.Run(() =>
            {
                Play(path, Fault.LeavesWithASession, Task.CompletedTask, () => death.TrySetResult(139));
            });
            return new FakeProcess(static () => { }) { Exited = death.Task };
        };

        var failure = await Assert.ThrowsAsync<HandoverException>(rig.UpgradeAsync);

        Assert.Contains("ended with code 139", failure.Message, StringComparison.Ordinal);
        Assert.Contains("1 sessions that it had taken over ended with it", failure.Message, StringComparison.Ordinal);
        await using var another = await rig.ConnectAsync();
        await UpgradeTests.EchoAsync(another, "for others");
    }

    [Fact]
    public async Task A_gateway_that_is_told_to_end_ends_its_upgrade_too()
    {
        await using var backend = UpgradeTests.Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        var end = new TaskCompletionSource();
        var isAwaited = new TaskCompletionSource();
        rig.Impostor = path =>
        {
            _ = Task.Run(() => Play(path, Fault.NeverGetsReady, end.Task, () => isAwaited.TrySetResult()));
            return new FakeProcess(() => end.TrySetResult());
        };
        var upgrading = rig.UpgradeAsync();
        await isAwaited.Task.WaitAsync(TestClient.Patience);

        var ending = rig.Current.StopAsync();

        await Assert.ThrowsAsync<HandoverException>(() => upgrading);
        await ending.WaitAsync(TestClient.Patience);
        Assert.Contains(
            "is draining", (await Assert.ThrowsAsync<HandoverException>(rig.UpgradeAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_upgrade_at_a_time()
    {
        await using var backend = UpgradeTests.Echo();
        await using var rig = await UpgradeRig.StartAsync(
            backend, static settings => settings with { Upgrade = settings.Upgrade with { Timeout = TimeSpan.FromSeconds(2) } });
        rig.Impostor = static _ => new FakeProcess(static () => { });

        var first = rig.UpgradeAsync();
        var second = await Assert.ThrowsAsync<HandoverException>(rig.UpgradeAsync);

        Assert.Contains("under way already", second.Message, StringComparison.Ordinal);
        Assert.Contains("did not come forward within 2 s (upgrade.timeout)", (await Assert.ThrowsAsync<HandoverException>(() => first)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_was_replaced_is_not_replaced_again()
    {
        await using var backend = UpgradeTests.Echo();
        await using var rig = await UpgradeRig.StartAsync(backend);
        await rig.UpgradeAsync();

        var failure = await Assert.ThrowsAsync<HandoverException>(UpgradeRig.ControlOf(rig.Gateways[0]).UpgradeAsync);

        Assert.Contains("another process is the gateway already", failure.Message, StringComparison.Ordinal);
    }

    private static async Task GoesOnAsync(UpgradeRig rig, TestClient client)
    {
        await UpgradeTests.EchoAsync(client, "still here");
        await using var another = await rig.ConnectAsync();
        await UpgradeTests.EchoAsync(another, "and for others");
        Assert.False(rig.Gateways[0].Services.GetRequiredService<Succession>().Ended.IsCancellationRequested);
        await another.DisposeAsync();
        await UpgradeRig.SessionsAsync(rig.Gateways[0], 1);
    }

    /// <summary>A successor of a kind.</summary>
    private static void Play(string path, Fault fault, Task end, Action? last = null)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        using var channel = new HandoverChannel(socket, TestClient.Patience);
        switch (fault)
        {
            case Fault.SaysNothing:
                end.Wait(TestClient.Patience);
                return;
            case Fault.SaysNonsense:
                socket.Send("GET / HTTP/1.0\r\n\r\n"u8);
                end.Wait(TestClient.Patience);
                return;
            case Fault.LeavesAtOnce:
                return;
            case Fault.Fails:
                channel.Send(MessageKind.Failed, "it is too cold");
                end.Wait(TestClient.Patience);
                return;
        }

        channel.Send(
            MessageKind.Hello, JsonSerializer.SerializeToUtf8Bytes(new("0.0.0", StateVersions.Current), UpgradeJson.Default.SuccessorHello));
        Await(channel, MessageKind.Start);
        if (fault == Fault.NeverGetsReady)
        {
            last?.Invoke();
            end.Wait(TestClient.Patience);
            return;
        }

        channel.Send(MessageKind.Ready);
        if (fault == Fault.LeavesWhenReady)
        {
            return;
        }

        Await(channel, MessageKind.Session);
        if (fault == Fault.LeavesWithASession)
        {
            using var taken = new StateWriter();
            taken.Write(0);
            channel.Send(MessageKind.Taken, taken.Written);
            Await(channel, MessageKind.Released);
            last?.Invoke();
            return;
        }

        if (fault != Fault.NeverAnswers)
        {
            using var answer = new StateWriter();
            answer.Write(fault == Fault.DeclinesAndLeaves ? 0 : 4711);
            channel.Send(fault == Fault.DeclinesAndLeaves ? MessageKind.Declined : MessageKind.Taken, answer.Written);
        }

        if (fault != Fault.DeclinesAndLeaves)
        {
            end.Wait(TestClient.Patience);
        }
    }

    private static void Await(HandoverChannel channel, MessageKind kind)
    {
        while (true)
        {
            using var message = channel.Receive();
            Assert.NotNull(message);
            if (message.Kind == kind)
            {
                return;
            }
        }
    }

    /// <summary>What a successor does wrong.</summary>
    public enum Fault
    {
        SaysNothing,
        SaysNonsense,
        LeavesAtOnce,
        Fails,
        NeverGetsReady,
        LeavesWhenReady,
        DeclinesAndLeaves,
        TakesWhatItWasNotOffered,
        NeverAnswers,
        LeavesWithASession,
    }

    private sealed class FakeProcess(Action kill) : ISuccessorProcess
    {
        public int Id => Environment.ProcessId;

        public Task<int> Exited { get; init; } = new TaskCompletionSource<int>().Task;

        public void Kill() => kill();

        public void Dispose()
        {
        }
    }
}
