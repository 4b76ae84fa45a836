using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Tests.Transport.Native;

public sealed class EventLoopTests
{
    [Fact]
    public async Task A_turn_that_takes_longer_than_50_ms_is_a_stall()
    {
        var time = new FakeTimeProvider();
        using var loop = new EventLoop(0, new NativeSettings(), time, new NativeObjects());

        await RunAsync(loop, () => time.Advance(TimeSpan.FromMilliseconds(50)));
        await RunAsync(loop, static () => { });
        Assert.Equal(0, loop.Stalls);

        await RunAsync(loop, () => time.Advance(TimeSpan.FromMilliseconds(51)));
        await RunAsync(loop, static () => { });
        Assert.Equal(1, loop.Stalls);
    }

    /// <summary>A connection's pipeline begins in its own loop, whichever accepted it.</summary>
    [Fact]
    public async Task Who_enters_a_loop_goes_on_there()
    {
        using var loop = new EventLoop(0, new NativeSettings(), TimeProvider.System, new NativeObjects());
        var (wasThere, isThere, isStill) = await Task.Run(async () =>
        {
            var before = loop.IsCurrent;
            await LoopEntry.EnterAsync(loop).ConfigureAwait(false);
            var after = loop.IsCurrent;
            var again = LoopEntry.EnterAsync(loop);
            return (before, after, again.IsCompleted);
        });
        await RunAsync(loop, static () => { });
        Assert.False(wasThere);
        Assert.True(isThere);
        Assert.True(isStill);
    }

    [Fact]
    public async Task An_exception_out_of_a_loop_ends_the_process_and_says_so()
    {
        // Without a core dump: the process ends on purpose.
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", "ulimit -c 0; exec \"$@\"", "sh", Environment.ProcessPath!, "exec", typeof(EventLoopTests).Assembly.Location, Program.BrokenLoop])
        {
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync().WaitAsync(NativeGateway.Patience);
        await process.WaitForExitAsync().WaitAsync(NativeGateway.Patience);

        // 128 + SIGABRT, which supervisors take for a failure.
        Assert.Equal(134, process.ExitCode);
        Assert.Contains("An event loop of the native engine failed", said, StringComparison.Ordinal);
        Assert.Contains(FailingWork.Message, said, StringComparison.Ordinal);
    }

    /// <summary>Runs work in the loop; what the turn before it did is visible then.</summary>
    private static async Task RunAsync(EventLoop loop, Action action)
    {
        var work = new LoopAction(action);
        loop.Post(work);
        await work.Done.WaitAsync(NativeGateway.Patience);
    }
}
