using System.Threading.Tasks.Sources;

namespace TlsFront.Transport.Native;

/// <summary>
/// A result the loop gives to a middleware, again and again. The middleware goes on in the thread pool: what it does next may block, and the
/// loop must not.
/// </summary>
internal sealed class LoopCompletion<T> : IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _source = new() { RunContinuationsAsynchronously = true };

    /// <summary>A task for the next result. One at a time.</summary>
    public ValueTask<T> Next()
    {
        _source.Reset();
        return new ValueTask<T>(this, _source.Version);
    }

    public void Complete(T result) => _source.SetResult(result);

    public void Fail(Exception exception) => _source.SetException(exception);

    T IValueTaskSource<T>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
