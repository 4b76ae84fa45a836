using System.Threading.Tasks.Sources;

namespace TlsFront.Transport.Native;

/// <summary>
/// A result the loop gives to a middleware, again and again. The middleware goes on inline, on the loop: a way through the thread pool and back
/// cost a tenth of a handshake. So what follows a handshake or a session must not block; <c>tlsfront.loop.stalls</c> would show it.
/// </summary>
internal sealed class LoopCompletion<T> : IValueTaskSource<T>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<T> _source;

    /// <summary>A task for the next result. One at a time.</summary>
    public ValueTask<T> Next()
    {
        _source.Reset();
        return new ValueTask<T>(this, _source.Version);
    }

    /// <summary>The same for a middleware that does not want the result.</summary>
    public ValueTask NextEnd()
    {
        _source.Reset();
        return new ValueTask(this, _source.Version);
    }

    public void Complete(T result) => _source.SetResult(result);

    public void Fail(Exception exception) => _source.SetException(exception);

    T IValueTaskSource<T>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
