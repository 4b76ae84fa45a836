namespace TlsFront.Migration;

/// <summary>
/// Counts how often values come. Most users have one or two of a kind, for whom a dictionary would be too large; some have thousands.
/// </summary>
internal struct Tally<T>
    where T : class
{
    /// <summary>Values among which looking is as quick as hashing.</summary>
    private const int Few = 8;

    /// <summary>The only value, an array of the few, or a dictionary of the many: there are as many of these as users.</summary>
    private object? _values;

    /// <summary>How often the only value came.</summary>
    private long _count;

    /// <summary>How many values there are.</summary>
    public readonly int Count => _values switch
    {
        null => 0,
        (T, long)[] few => few.Length,
        Dictionary<T, long> many => many.Count,
        _ => 1,
    };

    /// <summary>The values, each once.</summary>
    public readonly IEnumerable<T> Values => _values switch
    {
        null => [],
        T only => [only],
        _ => Several().Select(static entry => entry.Value),
    };

    /// <summary>The values that came most often, those first; at most <paramref name="most"/>.</summary>
    public readonly IReadOnlyList<T> MostFrequent(int most)
    {
        if (_values is null or T)
        {
            return _values is T only ? [only] : [];
        }

        var entries = Several();
        Array.Sort(entries, static (one, other) => other.Count.CompareTo(one.Count) is var order and not 0
            ? order : string.CompareOrdinal(one.Value.ToString(), other.Value.ToString()));
        return Array.ConvertAll(entries.Length > most ? entries[..most] : entries, static entry => entry.Value);
    }

    /// <summary>The values with how often they came.</summary>
    public readonly (T Value, long Count)[] Entries() => _values switch
    {
        null => [],
        T only => [(only, _count)],
        _ => Several(),
    };

    /// <summary>A value came so often.</summary>
    public void Add(T value, long count)
    {
        switch (_values)
        {
            case null:
                (_values, _count) = (value, count);
                break;
            case T only when only.Equals(value):
                _count += count;
                break;
            case T only:
                _values = ((T, long)[])[(only, _count), (value, count)];
                break;
            case (T Value, long Count)[] few:
                Add(few, value, count);
                break;
            default:
                var many = (Dictionary<T, long>)_values;
                many[value] = many.GetValueOrDefault(value) + count;
                break;
        }
    }

    private void Add((T Value, long Count)[] few, T value, long count)
    {
        for (var index = 0; index < few.Length; index++)
        {
            if (few[index].Value.Equals(value))
            {
                few[index].Count += count;
                return;
            }
        }

        _values = few.Length < Few
            ? ((T, long)[])[.. few, (value, count)]
            : few.Append((value, count)).ToDictionary(static entry => entry.Item1, static entry => entry.Item2);
    }

    /// <summary>A copy of several values with their counts.</summary>
    private readonly (T Value, long Count)[] Several() => _values is (T, long)[] few ? [.. few]
        : [.. ((Dictionary<T, long>)_values!).Select(static entry => (entry.Key, entry.Value))];
}
