using System.Text;

namespace TlsFront.Configuration.Users;

/// <summary>Collects the entries of a <see cref="UserMap"/>.</summary>
internal sealed class UserMapBuilder
{
    private const int LeastPlaces = 16;

    private readonly List<UserMapTarget> _targets = [];
    private readonly Dictionary<UserMapTarget, int> _numbers = [];
    private byte[] _entries;
    private int[] _places = new int[LeastPlaces];
    private int _length;
    private int _count;

    /// <param name="octets">What the entries may take, as far as is known: what is not touched of it costs no memory.</param>
    public UserMapBuilder(int octets = 0) => _entries = GC.AllocateUninitializedArray<byte>(octets);

    /// <summary>Entries so far.</summary>
    public int Count => _count;

    /// <summary>Adds an entry; false if there is one for the key.</summary>
    /// <param name="key">A <see cref="UserKey"/>.</param>
    /// <param name="target">What it leads to.</param>
    public bool Add(ReadOnlySpan<char> key, UserMapTarget target)
    {
        Span<byte> buffer = stackalloc byte[UserKey.MaxOctets];
        var octets = buffer[..Encoding.UTF8.GetBytes(key, buffer)];

        // A fifth of the places stays free: with fewer, looking for what is not there takes long.
        if ((_count + 1L) * 5 > _places.Length * 4L)
        {
            _places = new int[_places.Length * 2];
            new UserMapEntries(_entries, _places).Place(_length);
        }

        if (new UserMapEntries(_entries, _places).Find(key, octets, out var place) >= 0)
        {
            return false;
        }

        _places[place] = _length + 1;
        Append(octets, NumberOf(target));
        _count++;
        return true;
    }

    /// <summary>The map; the builder is used up.</summary>
    public UserMap Build()
    {
        if (_length < _entries.Length)
        {
            var exact = GC.AllocateUninitializedArray<byte>(_length);
            _entries.AsSpan(0, _length).CopyTo(exact);
            _entries = exact;
        }

        return new(_entries, _places, _count, _targets);
    }

    private void Append(ReadOnlySpan<byte> key, int target)
    {
        if (_entries.Length - _length < key.Length + UserMapEntries.Overhead)
        {
            var larger = GC.AllocateUninitializedArray<byte>(
                (int)Math.Min(Array.MaxLength, (_entries.Length * 3L / 2) + key.Length + UserMapEntries.Overhead));
            _entries.AsSpan(0, _length).CopyTo(larger);
            _entries = larger;
        }

        _length += UserMapEntries.WriteNumber(_entries.AsSpan(_length), key.Length);
        _length += UserMapEntries.WriteNumber(_entries.AsSpan(_length), target);
        key.CopyTo(_entries.AsSpan(_length));
        _length += key.Length;
    }

    private int NumberOf(UserMapTarget target)
    {
        if (!_numbers.TryGetValue(target, out var number))
        {
            number = _targets.Count;
            _targets.Add(target);
            _numbers.Add(target, number);
        }

        return number;
    }
}
