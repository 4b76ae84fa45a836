using System.Collections.Immutable;

namespace TlsFront.Admin.Live;

/// <summary>Those who watch with the same rights: they share every frame. Its owner takes a lock around it.</summary>
internal sealed class LiveAudience(LiveDocuments documents, bool isTrusted, TimeProvider time)
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _statusChanged;
    private volatile LiveFrame? _frame;

    /// <summary>How many there are.</summary>
    public int Watchers { get; set; }

    /// <summary>The last frame. Read without the lock.</summary>
    public LiveFrame Frame => _frame!;

    /// <summary>Takes a new frame, and wakes those who watch if something changed.</summary>
    public void Refresh()
    {
        var before = _frame;
        var number = (before?.Number ?? 0) + 1;
        var parts = Parts(before, number);
        if (before is not null && parts.All(part => part.Number < number))
        {
            return;
        }

        var told = _next;
        _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _frame = new LiveFrame(number, parts, _next.Task);
        told.SetResult();
    }

    /// <summary>A status that differs from the last one by its time alone has not changed.</summary>
    private ImmutableArray<LivePart> Parts(LiveFrame? before, long number)
    {
        if (before is null)
        {
            _statusChanged = time.GetUtcNow();
            return [.. documents.Write(isTrusted, _statusChanged).Select(part => new LivePart(part.Name, number, part.Json))];
        }

        var parts = Compare(before, number);
        if (parts[0].Number < number)
        {
            return parts;
        }

        _statusChanged = time.GetUtcNow();
        return Compare(before, number);
    }

    private ImmutableArray<LivePart> Compare(LiveFrame before, long number) =>
        [
            .. documents.Write(isTrusted, _statusChanged).Zip(
                before.Parts, (now, old) => now.Json.AsSpan().SequenceEqual(old.Json) ? old : new LivePart(now.Name, number, now.Json)),
        ];
}
