namespace TlsFront.Routing.Lookup;

/// <summary>Answers of one kind, for a while; the oldest goes first where there are too many.</summary>
/// <param name="lifetime">How long each counts; 0 for not at all.</param>
/// <param name="entries">Most of them.</param>
/// <param name="time">The clock.</param>
internal sealed class LookupCache(TimeSpan lifetime, int entries, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (LookupAnswer Answer, long Since)> _answers = [];

    /// <summary>The keys as they were added: all live equally long, so that this is also the order in which they end.</summary>
    private readonly Queue<(string Key, long Since)> _order = [];

    /// <summary>What was answered; null if nothing that still counts.</summary>
    public LookupAnswer? Find(string key)
    {
        lock (_gate)
        {
            return _answers.TryGetValue(key, out var known) && time.GetElapsedTime(known.Since) < lifetime ? known.Answer : null;
        }
    }

    /// <summary>Remembers an answer.</summary>
    public void Add(string key, LookupAnswer answer)
    {
        if (lifetime == TimeSpan.Zero)
        {
            return;
        }

        lock (_gate)
        {
            while (_order.TryPeek(out var oldest) && (_order.Count >= entries || time.GetElapsedTime(oldest.Since) >= lifetime))
            {
                _order.Dequeue();
                if (_answers.TryGetValue(oldest.Key, out var known) && known.Since == oldest.Since)
                {
                    _answers.Remove(oldest.Key);
                }
            }

            var now = time.GetTimestamp();
            _answers[key] = (answer, now);
            _order.Enqueue((key, now));
        }
    }
}
