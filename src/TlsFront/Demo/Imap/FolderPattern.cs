namespace TlsFront.Demo.Imap;

/// <summary>The wildcards of LIST (RFC 3501 section 6.3.8); without a hierarchy <c>%</c> and <c>*</c> are the same.</summary>
internal static class FolderPattern
{
    /// <summary>Whether the name matches; letters match in any case, as INBOX must.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var (at, position) = (0, 0);
        var (star, resume) = (-1, 0);
        while (position < name.Length)
        {
            if (at < pattern.Length && pattern[at] is '*' or '%')
            {
                (star, resume) = (at++, position);
            }
            else if (at < pattern.Length && char.ToUpperInvariant(pattern[at]) == char.ToUpperInvariant(name[position]))
            {
                at++;
                position++;
            }
            else if (star >= 0)
            {
                (at, position) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].Trim("*%").IsEmpty;
    }
}
