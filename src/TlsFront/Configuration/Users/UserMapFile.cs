namespace TlsFront.Configuration.Users;

/// <summary>A file that maps users to backends, a line each: <c>user backend</c> or <c>user backend:destination</c>.</summary>
/// <param name="Map">Its map; null where anything is wrong with it: half a map sends users where their mail is not.</param>
/// <param name="Problems">What is wrong; no more than anybody reads.</param>
internal sealed record UserMapFile(UserMap? Map, IReadOnlyList<LineProblem> Problems)
{
    /// <summary>Largest file accepted, 512 MiB: twice what as many entries as are accepted take.</summary>
    public const long MaxOctets = 512L << 20;

    /// <summary>Reads the file as it is now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="targets">What it may name.</param>
    public static UserMapFile Read(string path, UserMapTargets targets)
    {
        try
        {
            using var stream = Open(path);
            var octets = stream.CanSeek ? Math.Clamp(stream.Length, 0, MaxOctets) : 0;
            return new UserMapParser(targets, (int)octets).Parse(new FileLines(stream));
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return new(null, [new(null, null, new(
                $"there is no file {path}, or user {Environment.UserName} may not read it", "check the path and the permissions of its folders"))]);
        }
    }

    /// <summary>The line of <paramref name="key"/>, read anew: a map keeps no lines. Null if there is none, or the file cannot be read.</summary>
    public static int? LineOf(string path, ReadOnlySpan<char> key)
    {
        try
        {
            using var stream = Open(path);
            var lines = new FileLines(stream);
            Span<char> written = stackalloc char[UserMapLine.Room];
            Span<char> lower = stackalloc char[UserMapLine.Room];
            while (lines.TryRead(out var text))
            {
                if (UserMapLine.Of(text, lines.Number) is { IsEmpty: false } line
                    && UserMapLine.TryDecode(line.User, written, out var user)
                    && key.SequenceEqual(lower[..user.ToLowerInvariant(lower)]))
                {
                    return lines.Number;
                }
            }
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
        }

        return null;
    }

    // The parser has a buffer of its own.
    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);

    private static bool IsUnreadable(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;
}
