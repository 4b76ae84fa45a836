using TlsFront.Transport.Native;

namespace TlsFront.Tests.Transport.Native;

/// <summary>An action as work for a loop.</summary>
internal sealed class LoopAction(Action action) : ILoopWork
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public void RunOnLoop()
    {
        action();
        _done.SetResult();
    }
}
