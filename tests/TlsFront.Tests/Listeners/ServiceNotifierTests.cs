using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Listeners;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Systemd;
using TlsFront.Tests.Transport.Native;
using TlsFront.Transport;
using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Tests.Listeners;

public sealed class ServiceNotifierTests
{
    [Fact]
    public async Task The_service_manager_hears_of_start_life_reload_and_stop()
    {
        using var socket = new NotifySocket();
        var gateway = await TestGateway.StartAsync(configure: services => services.AddSingleton(socket.Manager(TimeSpan.FromSeconds(2))));
        await using (gateway)
        {
            Assert.Equal("READY=1\nSTATUS=serving: 4 listeners, 0 connections, 0 sessions", await socket.ReceiveAsync("READY"));
            await socket.ReceiveAsync("WATCHDOG=1");
            var notifier = gateway.Host.Services.GetRequiredService<ServiceNotifier>();
            notifier.Reloading();
            Assert.Matches(@"^RELOADING=1\nMONOTONIC_USEC=[1-9]\d+$", await socket.ReceiveAsync("RELOADING"));
            notifier.Reloaded(succeeded: false);
            await socket.ReceiveAsync("READY=1");
        }

        Assert.StartsWith(
            "STOPPING=1\nEXTEND_TIMEOUT_USEC=30000000\nSTATUS=draining: ", await socket.ReceiveAsync("STOPPING"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stuck_event_loop_keeps_the_sign_of_life_back_until_it_turns_again()
    {
        var period = TimeSpan.FromSeconds(2);
        using var socket = new NotifySocket();
        using var tap = new LogTap("EngineStuck");
        var time = new FakeTimeProvider();
        await using var gateway = await TestGateway.StartAsync(configure: services => services
            .AddSingleton<TimeProvider>(time)
            .AddSingleton<ILoggerProvider>(tap)
            .AddSingleton(socket.Manager(2 * period))
            .AddSingleton(provider => EngineSelection.Create(
                EngineChoice.Native, new NativeSettings { Loops = 2 }, null, provider.GetRequiredService<IMemoryPoolFactory<byte>>(), time,
                provider.GetRequiredService<ILoggerFactory>())));
        await PassAsync(time, period, socket.ReceiveAsync("WATCHDOG=1"));

        // What waits for a connection goes on within the loop that accepts it, and here it stays.
        await using var listener = await gateway.Host.Services.GetRequiredService<TransportEngine>().Listeners.BindAsync(
            new IPEndPoint(IPAddress.Loopback, 0));
        using var open = new ManualResetEventSlim();
        var accepting = Task.FromResult<ConnectionContext?>(null);
        await Task.Run(() =>
        {
            accepting = listener.AcceptAsync().AsTask();
        });
        var stuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var staying = accepting.ContinueWith(
            _ =>
            {
                stuck.SetResult();
                open.Wait(NativeGateway.Patience);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.EndPoint);
        await stuck.Task.WaitAsync(NativeGateway.Patience);
        await PassAsync(time, period, tap.NextAsync());
        socket.Discard();
        await PassAsync(time, period, tap.NextAsync());
        Assert.False(socket.HasMessage);

        open.Set();
        await PassAsync(time, period, socket.ReceiveAsync("WATCHDOG=1"));
        await staying.WaitAsync(NativeGateway.Patience);
        await (await accepting)!.DisposeAsync();
    }

    [Fact]
    public async Task A_turn_is_proven_only_once_the_loop_gets_to_it()
    {
        using var loop = new EventLoop(0, new NativeSettings(), TimeProvider.System, new NativeObjects());
        using var open = new ManualResetEventSlim();
        var held = new LoopAction(() => open.Wait(NativeGateway.Patience));
        loop.Post(held);
        var heartbeat = new LoopHeartbeat();
        loop.Post(heartbeat);
        Assert.False(heartbeat.Done.IsCompleted);
        open.Set();
        await heartbeat.Done.WaitAsync(NativeGateway.Patience);
    }

    /// <summary>Lets one period after another pass until something happens.</summary>
    private static async Task PassAsync(FakeTimeProvider time, TimeSpan period, Task until)
    {
        while (!until.IsCompleted)
        {
            time.Advance(period);
            await Task.WhenAny(until, Task.Delay(1));
        }

        await until;
    }

}
