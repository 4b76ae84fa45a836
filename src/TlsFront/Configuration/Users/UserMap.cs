using System.Text;

namespace TlsFront.Configuration.Users;

/// <summary>
/// Which backend single users, domains and everybody belong to: immutable, made for millions. A million users with names of 25 characters take 35 MB
/// (<see cref="Octets"/>), in two arrays that the garbage collector has nothing to follow in. Looking up allocates nothing.
/// </summary>
internal sealed class UserMap
{
    private readonly UserMapEntries _entries;

    /// <param name="entries">Its entries.</param>
    /// <param name="places">Where in them each begins.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="targets">What they lead to, by number.</param>
    public UserMap(byte[] entries, int[] places, int count, IReadOnlyList<UserMapTarget> targets)
    {
        (_entries, Count, Targets) = (new(entries, places), count, targets);
        Octets = entries.Length + ((long)places.Length * sizeof(int));
        Backends = [.. targets.Select(static target => target.Backend).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Number of entries.</summary>
    public int Count { get; }

    /// <summary>Memory of its arrays.</summary>
    public long Octets { get; }

    /// <summary>What its entries lead to, each once.</summary>
    public IReadOnlyList<UserMapTarget> Targets { get; }

    /// <summary>Names of the backends its entries lead to, each once and in order.</summary>
    public IReadOnlyList<string> Backends { get; }

    /// <summary>The number among <see cref="Targets"/> of what <paramref name="key"/> leads to; -1 if there is no entry for it.</summary>
    /// <param name="key">A <see cref="UserKey"/>.</param>
    public int Find(ReadOnlySpan<char> key)
    {
        if (key.Length > UserKey.MaxLength)
        {
            return -1;
        }

        Span<byte> octets = stackalloc byte[UserKey.MaxOctets];
        return _entries.Find(key, octets[..Encoding.UTF8.GetBytes(key, octets)], out _);
    }
}
