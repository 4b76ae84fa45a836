using TlsFront.Tests.Functional;
using TlsFront.Transport.Managed;

namespace TlsFront.Tests.Transport.Managed;

public sealed class WakeSignalTests
{
    [Fact]
    public async Task A_set_between_waits_lets_the_next_wait_return_at_once_and_only_that_one()
    {
        var wake = new WakeSignal();
        wake.Set();
        wake.Set();
        await wake.WaitAsync();
        var second = wake.WaitAsync().AsTask();
        Assert.False(second.IsCompleted);
        wake.Set();
        await second.WaitAsync(TestClient.Patience);
    }

    /// <summary>The second of two sets lands while the waiter resumes from the first, where a store passed by a load would lose it.</summary>
    [Fact]
    public async Task What_was_published_before_a_set_is_seen_however_the_waiter_is_timed()
    {
        var wake = new WakeSignal();
        var published = 0;
        var seen = 0;
        var waiter = Task.Run(async () =>
        {
            while (seen < int.MaxValue)
            {
                await wake.WaitAsync();
                Volatile.Write(ref seen, Volatile.Read(ref published));
            }
        });

        await Task.Factory.StartNew(() =>
        {
            var end = Environment.TickCount64 + 400;
            for (var i = 2; Environment.TickCount64 < end; i += 2)
            {
                Volatile.Write(ref published, i - 1);
                wake.Set();
                Thread.SpinWait(i % 50);
                Volatile.Write(ref published, i);
                wake.Set();
                var lost = Environment.TickCount64 + 10_000;
                while (Volatile.Read(ref seen) < i)
                {
                    Assert.True(Environment.TickCount64 < lost, $"a wake-up was lost in round {i}");
                    Thread.SpinWait(1);
                }
            }

            Volatile.Write(ref published, int.MaxValue);
            wake.Set();
        }, TaskCreationOptions.LongRunning);

        await waiter.WaitAsync(TestClient.Patience);
    }
}
