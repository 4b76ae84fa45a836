namespace TlsFront.Configuration.Schema;

/// <summary>Finds what somebody meant who wrote something else.</summary>
internal static class Nearest
{
    /// <summary>Longer words are not typing mistakes of ours; bounds the cost.</summary>
    private const int LongestWord = 64;

    /// <summary>"did you mean X? " or nothing.</summary>
    public static string DidYouMean(string written, IEnumerable<string> known) =>
        Find(written, known) is { } found ? $"did you mean {found}? " : "";

    /// <summary>The known word that is only a slip of the fingers away or of which the other is a beginning; null if there is none.</summary>
    public static string? Find(string written, IEnumerable<string> known)
    {
        if (written.Length is 0 or > LongestWord)
        {
            return null;
        }

        var word = written.ToLowerInvariant();
        string? best = null;
        var least = Math.Max(1, word.Length / 3) + 1;
        foreach (var candidate in known)
        {
            var other = candidate.ToLowerInvariant();
            var distance = Distance(word, other);
            if (distance > 0 && Math.Min(word.Length, other.Length) >= 3
                && (other.StartsWith(word, StringComparison.Ordinal) || word.StartsWith(other, StringComparison.Ordinal)))
            {
                distance = 1;
            }

            // Of two that are equally near, the one whose beginning was written: who writes "of" means off, not on.
            if (distance < least || (distance == least && best is not null && other.StartsWith(word, StringComparison.Ordinal)))
            {
                (best, least) = (candidate, distance);
            }
        }
        return best;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.</summary>
    private static int Distance(string one, string other)
    {
        var table = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }
                var replace = table[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replace, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }
        return table[one.Length, other.Length];
    }
}
