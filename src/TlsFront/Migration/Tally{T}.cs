namespace TlsFront.Migration;

/// <summary>
/// Counts how often values come. Most users have one or two of a kind, for whom a dictionary would be too large; some have thousands.
/// </summary>
internal struct Tally<T>
    where T : notnull
{
    /// <summary>Values among which looking is as quick as hashing.</summary>
    private const int Few = 8;

    private (T Value, long Count)[]? _few;
    private Dictionary<T, long>? _many;
    private int _length;

    /// <summary>The values, each once.</summary>
    public readonly IEnumerable<T> Values => Entries.Select(static entry => entry.Value);

    /// <summary>The values, each with its count.</summary>
    public readonly IEnumerable<(T Value, long Count)> Entries =>
        _many?.Select(static entry => (entry.Key, entry.Value)) ?? _few?.Take(_length) ?? [];

    /// <summary>A value came so often.</summary>
    public void Add(T value, long count)
    {
        if (_many is not null)
        {
            _many[value] = _many.GetValueOrDefault(value) + count;
            return;
        }

        for (var index = 0; index < _length; index++)
        {
            if (EqualityComparer<T>.Default.Equals(_few![index].Value, value))
            {
                _few[index].Count += count;
                return;
            }
        }

        if (_length == Few)
        {
            _many = _few!.ToDictionary(static entry => entry.Value, static entry => entry.Count);
            _few = null;
            _many.Add(value, count);
            return;
        }

        if (_length == (_few?.Length ?? 0))
        {
            Array.Resize(ref _few, Math.Max(1, _length * 2));
        }

        _few![_length++] = (value, count);
    }
}
