using TlsFront.Configuration.Schema;
using TlsFront.Configuration.Users;

namespace TlsFront.Configuration;

/// <summary>A file of users, domains (<c>*@example.org</c>) or everybody (<c>*</c>), one a line; <c>#</c> behind a space begins a comment.</summary>
/// <param name="Users">Its users; null where anything is wrong with it.</param>
/// <param name="Problems">What is wrong; no more than anybody reads.</param>
internal sealed record UserFile(UserSet? Users, IReadOnlyList<LineProblem> Problems)
{
    private static readonly UserPatternType Patterns = new();

    /// <summary>Reads the file as it is now.</summary>
    public static UserFile Read(string path)
    {
        var (patterns, problems) = ListFile.Read(path, "users", Patterns, CommentAt);
        return new(patterns is null ? null : new UserSet(patterns.Select(UserKey.OfPattern)), problems);
    }

    /// <summary>A name may hold the sign.</summary>
    private static int CommentAt(string line)
    {
        var at = line.IndexOf('#', StringComparison.Ordinal);
        while (at > 0 && !char.IsWhiteSpace(line[at - 1]))
        {
            at = line.IndexOf('#', at + 1);
        }

        return at;
    }
}
