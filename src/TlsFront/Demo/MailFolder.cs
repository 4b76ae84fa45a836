using System.Collections.Immutable;

namespace TlsFront.Demo;

/// <summary>A folder: immutable contents that the store swaps, and a task that tells when it did.</summary>
/// <param name="name">Its name; the demo has no hierarchy.</param>
/// <param name="specialUse">Its RFC 6154 attribute, such as <c>\Sent</c>, or null.</param>
/// <param name="uidValidity">Differs from run to run, so that a client forgets what it cached of an earlier one.</param>
internal sealed class MailFolder(string name, string? specialUse, uint uidValidity)
{
    private volatile TaskCompletionSource _changed = NewSignal();
    private volatile FolderContents _contents = new([], 1);

    public string Name => name;

    public string? SpecialUse => specialUse;

    public uint UidValidity => uidValidity;

    public FolderContents Contents => _contents;

    public ImmutableArray<StoredMessage> Messages => _contents.Messages;

    /// <summary>Completes with the next change of messages or flags. Take it before looking, or a change is missed.</summary>
    public Task Changed => _changed.Task;

    /// <summary>Puts new contents in place and wakes who waits. Called under the store's lock.</summary>
    public void Replace(FolderContents contents)
    {
        _contents = contents;
        NotifyChanged();
    }

    /// <summary>Wakes everyone who awaits <see cref="Changed"/>. Called under the store's lock.</summary>
    public void NotifyChanged()
    {
        var signal = _changed;
        _changed = NewSignal();
        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
