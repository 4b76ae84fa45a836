using System.Collections.Frozen;

namespace TlsFront.Configuration.Users;

/// <summary>A set of users: single ones, all of a domain, or everybody. Immutable; looking up allocates nothing.</summary>
internal sealed class UserSet
{
    /// <summary>Nobody.</summary>
    public static readonly UserSet Nobody = new([]);

    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _keys;

    /// <param name="keys">Keys as <see cref="UserKey"/> has them.</param>
    public UserSet(IEnumerable<string> keys)
    {
        var set = keys.ToFrozenSet(StringComparer.Ordinal);
        (_keys, Count) = (set.GetAlternateLookup<ReadOnlySpan<char>>(), set.Count);
    }

    /// <summary>Number of entries.</summary>
    public int Count { get; }

    /// <summary>Whether it has <paramref name="user"/>, a name in lower case.</summary>
    public bool Contains(ReadOnlySpan<char> user) =>
        _keys.Contains(user) || (UserKey.DomainOf(user) is { IsEmpty: false } domain && _keys.Contains(domain)) || _keys.Contains(UserKey.Everybody);
}
