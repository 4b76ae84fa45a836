using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using TlsFront.Configuration.Schema;
using TlsFront.Configuration.Users;

namespace TlsFront.Configuration;

/// <summary>A file of users, domains (<c>*@example.org</c>) or everybody (<c>*</c>), one a line; <c>#</c> begins a comment.</summary>
/// <param name="Users">Its users; null where anything is wrong with it.</param>
/// <param name="Problems">What is wrong; no more than anybody reads.</param>
internal sealed record UserFile(UserSet? Users, IReadOnlyList<LineProblem> Problems)
{
    /// <summary>Reads the file as it is now.</summary>
    public static UserFile Read(string path)
    {
        var (patterns, problems) = ListFile.Read(path, "users", new EntryType(), CommentAt, isStrict: true);
        return new(patterns is null ? null : new UserSet(patterns.Select(UserKey.OfPattern)), problems);
    }

    private static int CommentAt(string line)
    {
        var at = line.IndexOf('#', StringComparison.Ordinal);
        return at <= 0 || char.IsWhiteSpace(line[at - 1]) ? at : -1;
    }

    /// <summary>A pattern that somebody can log in as: a line of some other kind of file would match nobody, and nobody would notice.</summary>
    private sealed class EntryType : SettingType<string>
    {
        private static readonly UserPatternType Patterns = new();

        public override string Description => Patterns.Description;

        public override bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out ValueProblem? problem)
        {
            if (!Patterns.TryParse(text, out value, out problem))
            {
                return false;
            }

            problem = text.AsSpan().IndexOfAny("#,;:") is var at and >= 0
                    ? new($"contains {text[at]}", text[at] == '#' ? "put a space before the comment" : "write one user a line")
                : text.FirstOrDefault(IsInvisible) is var letter and not default(char)
                    ? new($"contains U+{(int)letter:X4}, which no login name may contain", "type the name anew")
                : null;
            return problem is null;
        }

        /// <summary>As in names that log in, where such characters are refused: they reorder or hide text.</summary>
        private static bool IsInvisible(char character) =>
            char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

        public override JsonObject ToJsonSchema() => Patterns.ToJsonSchema();
    }
}
