using System.Threading.Tasks.Sources;

namespace TlsFront.Transport.Managed;

/// <summary>An auto-reset event for one waiter: reads, flushes, signals and the timer set it, the session's loop waits for it.</summary>
internal sealed class WakeSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Signaled = 2;

    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private int _state;

    /// <summary>Wakes the waiter, or lets the next wait return at once. Any thread.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _state, Signaled) == Waiting)
        {
            _source.SetResult(true);
        }
    }

    /// <summary>Completes once <see cref="Set"/> was called since the last wait.</summary>
    public ValueTask WaitAsync()
    {
        _source.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Signaled)
        {
            Clear();
            return ValueTask.CompletedTask;
        }

        return new ValueTask(this, _source.Version);
    }

    void IValueTaskSource.GetResult(short token)
    {
        _source.GetResult(token);
        Clear();
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    /// <summary>
    /// Before the loop looks at its inputs: a Set from here on must wake the next wait. With a full fence: were the store still on its way
    /// when the inputs are read, a Set could publish after the look and yet find the signal set.
    /// </summary>
    private void Clear() => Interlocked.Exchange(ref _state, Idle);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
