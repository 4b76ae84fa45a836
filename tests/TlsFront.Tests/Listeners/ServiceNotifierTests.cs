using Microsoft.Extensions.DependencyInjection;
using TlsFront.Configuration;
using TlsFront.Listeners;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Systemd;
using TlsFront.Tests.Transport.Native;
using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Tests.Listeners;

public sealed class ServiceNotifierTests
{
    [Fact]
    public async Task The_service_manager_hears_of_start_life_reload_and_stop()
    {
        using var socket = new NotifySocket();
        var gateway = await TestGateway.StartAsync(configure: services => services.AddSingleton(socket.Manager(TimeSpan.FromMilliseconds(100))));
        await using (gateway)
        {
            Assert.Equal("READY=1\nSTATUS=serving: 4 listeners, 0 connections, 0 sessions", await socket.ReceiveAsync("READY"));
            await socket.ReceiveAsync("WATCHDOG=1");
            var notifier = gateway.Host.Services.GetRequiredService<ServiceNotifier>();
            notifier.Reloading();
            Assert.Matches(@"^RELOADING=1\nMONOTONIC_USEC=[1-9]\d+$", await socket.ReceiveAsync("RELOADING"));
            notifier.Reloaded();
            await socket.ReceiveAsync("READY=1");
        }

        Assert.StartsWith("STOPPING=1\nEXTEND_TIMEOUT_USEC=30000000\nSTATUS=draining: ", await socket.ReceiveAsync("STOPPING"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turn_is_proven_only_once_the_loop_gets_to_it()
    {
        using var loop = new EventLoop(0, new NativeSettings(), TimeProvider.System, new NativeObjects());
        using var open = new ManualResetEventSlim();
        var held = new LoopAction(() => open.Wait(NativeGateway.Patience));
        loop.Post(held);
        var proof = new TurnProof();
        loop.Post(proof);
        Assert.False(proof.Done.IsCompleted);
        open.Set();
        await proof.Done.WaitAsync(NativeGateway.Patience);
    }
}
