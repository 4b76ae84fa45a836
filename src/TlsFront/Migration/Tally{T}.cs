namespace TlsFront.Migration;

/// <summary>
/// Counts how often values come. Most users have one or two of a kind, for whom a dictionary would be too large; some have thousands.
/// </summary>
internal struct Tally<T>
    where T : notnull
{
    /// <summary>Values among which looking is as quick as hashing.</summary>
    private const int Few = 8;

    /// <summary>An array of the few, a dictionary of the many: one reference, because there are as many of these as users.</summary>
    private object? _counts;

    /// <summary>The values, each with its count.</summary>
    public readonly IEnumerable<(T Value, long Count)> Entries => _counts switch
    {
        (T, long)[] few => few,
        Dictionary<T, long> many => many.Select(static entry => (entry.Key, entry.Value)),
        _ => [],
    };

    /// <summary>How many values there are.</summary>
    public readonly int Count => _counts switch
    {
        (T, long)[] few => few.Length,
        Dictionary<T, long> many => many.Count,
        _ => 0,
    };

    /// <summary>The values, each once.</summary>
    public readonly IEnumerable<T> Values => Entries.Select(static entry => entry.Value);

    /// <summary>The values that came most often, those first; at most <paramref name="most"/>.</summary>
    public readonly IEnumerable<T> MostFrequent(int most) =>
        Entries.OrderByDescending(static entry => entry.Count).ThenBy(static entry => entry.Value.ToString(), StringComparer.Ordinal)
            .Select(static entry => entry.Value).Take(most);

    /// <summary>A value came so often.</summary>
    public void Add(T value, long count)
    {
        if (_counts is Dictionary<T, long> many)
        {
            many[value] = many.GetValueOrDefault(value) + count;
            return;
        }

        var few = ((T Value, long Count)[]?)_counts ?? [];
        for (var index = 0; index < few.Length; index++)
        {
            if (EqualityComparer<T>.Default.Equals(few[index].Value, value))
            {
                few[index].Count += count;
                return;
            }
        }

        _counts = few.Length < Few
            ? ((T, long)[])[.. few, (value, count)]
            : few.Append((value, count)).ToDictionary(static entry => entry.Item1, static entry => entry.Item2);
    }
}
