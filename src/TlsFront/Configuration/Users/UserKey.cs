namespace TlsFront.Configuration.Users;

/// <summary>
/// By what users are found: the user's name, <c>@domain</c> for every user of a domain, or <c>*</c> for everybody. Keys are in lower case, by
/// <see cref="MemoryExtensions.ToLowerInvariant"/>, so that no culture decides who is who.
/// </summary>
internal static class UserKey
{
    /// <summary>Most characters. No login has a longer name: what exceeds this is never taken for one.</summary>
    public const int MaxLength = 256;

    /// <summary>Most octets of UTF-8 that such a key takes.</summary>
    public const int MaxOctets = MaxLength * 3;

    /// <summary>The key that stands for everybody.</summary>
    public const string Everybody = "*";

    /// <summary>What is wrong with a longer one.</summary>
    public static readonly string TooLong = $"is longer than {MaxLength} characters";

    /// <summary>What a domain's key begins with where users write patterns: <c>*@example.org</c>.</summary>
    private const string DomainPattern = "*@";

    /// <summary>The key of what a route calls <paramref name="pattern"/>.</summary>
    public static string OfPattern(string pattern) => IsDomainPattern(pattern) ? pattern[1..] : pattern;

    /// <summary>Whether <paramref name="pattern"/> stands for the users of a domain.</summary>
    public static bool IsDomainPattern(string pattern) => pattern.StartsWith(DomainPattern, StringComparison.Ordinal);

    /// <summary>Whether <paramref name="key"/> stands for more than one user.</summary>
    public static bool IsOfMany(string key) => key is Everybody or ['@', ..];

    /// <summary>The key of the user's domain, which begins with the last <c>@</c>; empty if there is none.</summary>
    public static ReadOnlySpan<char> DomainOf(ReadOnlySpan<char> user)
    {
        var at = user.LastIndexOf('@');
        return at < 0 || at == user.Length - 1 ? default : user[at..];
    }

    /// <summary>What is wrong with a key, in any case, or null.</summary>
    public static string? Check(ReadOnlySpan<char> key)
    {
        if (key.Length > MaxLength)
        {
            return TooLong;
        }

        // Almost all are of these, and there may be millions.
        if (key.ContainsAnyExceptInRange('!', '~') && HasGap(key))
        {
            return "holds a space or a control character";
        }

        return key is Everybody ? null
            : key.Contains('*') ? "has a wildcard in the wrong place"
            : key[^1] == '@' ? "has no domain behind its @"
            : key[0] == '@' && key[1..].Contains('@') ? "has more than one @ in its domain"
            : null;
    }

    private static bool HasGap(ReadOnlySpan<char> key)
    {
        foreach (var letter in key)
        {
            if (char.IsWhiteSpace(letter) || char.IsControl(letter))
            {
                return true;
            }
        }

        return false;
    }
}
