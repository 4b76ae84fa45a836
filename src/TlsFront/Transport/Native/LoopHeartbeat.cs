namespace TlsFront.Transport.Native;

/// <summary>Work that only shows that a loop gets to its work.</summary>
internal sealed class LoopHeartbeat : ILoopWork
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the loop got there.</summary>
    public Task Done => _done.Task;

    public void RunOnLoop() => _done.SetResult();
}
