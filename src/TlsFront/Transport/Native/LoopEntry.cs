using System.Threading.Tasks.Sources;

namespace TlsFront.Transport.Native;

/// <summary>Has whoever awaits it go on in a loop, always: it asks the loop only once it is known what goes on.</summary>
internal sealed class LoopEntry : ILoopWork, IValueTaskSource
{
    private readonly EventLoop _loop;
    private Action<object?>? _continuation;
    private object? _state;
    private volatile bool _isThere;

    private LoopEntry(EventLoop loop) => _loop = loop;

    /// <summary>Completes in <paramref name="loop"/>; has completed if the caller is there.</summary>
    public static ValueTask EnterAsync(EventLoop loop) => loop.IsCurrent ? ValueTask.CompletedTask : new ValueTask(new LoopEntry(loop), 0);

    public void RunOnLoop()
    {
        _isThere = true;
        _continuation!(_state);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _isThere ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        (_continuation, _state) = (continuation, state);
        _loop.Post(this);
    }

    void IValueTaskSource.GetResult(short token)
    {
    }
}
