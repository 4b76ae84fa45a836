using TlsFront.Configuration.Schema;
using TlsFront.Configuration.Users;

namespace TlsFront.Configuration;

/// <summary>A list of users: written out, and in files that are read again when they change.</summary>
/// <param name="Keys">Users, domains and everybody, as <see cref="UserKey"/> has them, in order.</param>
/// <param name="Files">Absolute paths of files of users.</param>
internal sealed record UserListSettings(IReadOnlyList<string> Keys, IReadOnlyList<string> Files)
{
    /// <summary>The list of these entries.</summary>
    public static UserListSettings Of(IReadOnlyList<UserSource> entries) => new(
        [.. entries.Where(static entry => entry.Pattern is not null).Select(static entry => UserKey.OfPattern(entry.Pattern!)).Distinct()],
        [.. entries.Select(static entry => entry.File).OfType<string>()]);

    public bool Equals(UserListSettings? other) => other is not null && Keys.SequenceEqual(other.Keys) && Files.SequenceEqual(other.Files);

    public override int GetHashCode() => HashCode.Combine(Keys.Count, Files.Count);
}
