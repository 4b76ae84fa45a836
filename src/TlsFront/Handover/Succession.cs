namespace TlsFront.Handover;

/// <summary>
/// Where this process stands in the line of those that are the gateway, one after the other: when it may accept clients, when it is the gateway, and
/// when another one is.
/// </summary>
internal sealed class Succession : IDisposable
{
    private readonly TaskCompletionSource _accepting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();
    private readonly List<Action> _actions = [];

    /// <param name="invitation">Whether there is a predecessor. Without one, this process is the gateway from the start.</param>
    public Succession(HandoverInvitation invitation)
    {
        HasPredecessor = invitation.Path is not null;
        if (!HasPredecessor)
        {
            Accept();
            _begun.SetResult();
        }
    }

    /// <summary>Whether this process follows another one.</summary>
    public bool HasPredecessor { get; }

    /// <summary>Completes when it may accept clients; the predecessor still does.</summary>
    public Task Accepting => _accepting.Task;

    /// <summary>Completes when it is the gateway.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Set when another process is the gateway, and this one only ends what is left.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>It may accept clients.</summary>
    public void Accept() => _accepting.TrySetResult();

    /// <summary>Has something done before anybody hears that it is the gateway.</summary>
    public void BeforeBegin(Action action)
    {
        lock (_actions)
        {
            _actions.Add(action);
        }
    }

    /// <summary>It is the gateway, once all is done that was to be done before.</summary>
    public void Begin()
    {
        List<Action> actions;
        lock (_actions)
        {
            actions = [.. _actions];
            _actions.Clear();
        }

        try
        {
            actions.ForEach(static action => action());
        }
        finally
        {
            _begun.TrySetResult();
        }
    }

    /// <summary>Another process is.</summary>
    public void End() => _ended.Cancel();

    public void Dispose() => _ended.Dispose();
}
