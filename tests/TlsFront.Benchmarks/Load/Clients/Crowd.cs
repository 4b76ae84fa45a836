using System.Diagnostics;

namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>Simulated clients, a thread each, for a bounded time.</summary>
/// <param name="size">How many.</param>
/// <param name="duration">For how long they begin something new.</param>
/// <param name="pause">Between two pieces of work of one client.</param>
internal sealed class Crowd(int size, TimeSpan duration, TimeSpan pause = default)
{
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(20);
    private long _work;
    private long _errors;
    private string? _firstError;

    /// <summary>Lets all of them work; what they did in all.</summary>
    public LoadResult Run(Func<LoadJob> create)
    {
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, size).Select(_ => new Thread(() => Work(create, clock), 256 * 1024)).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return new LoadResult(_work, _errors, clock.Elapsed.TotalSeconds, _firstError);
    }

    private void Rest()
    {
        if (pause > TimeSpan.Zero)
        {
            Thread.Sleep(pause);
        }
    }

    private void Work(Func<LoadJob> create, Stopwatch clock)
    {
        LoadJob? job = null;
        while (clock.Elapsed < duration)
        {
            try
            {
                job ??= create();
                Interlocked.Add(ref _work, job.Once());
                Rest();
            }
            catch (LoadException exception)
            {
                job?.Dispose();
                job = null;
                Interlocked.Increment(ref _errors);
                Interlocked.CompareExchange(ref _firstError, exception.Message, null);
                Thread.Sleep(PauseAfterError);
            }
        }

        job?.Dispose();
    }
}
