namespace TlsFront.Configuration;

/// <summary>Paths in the settings.</summary>
internal static class FilePath
{
    /// <summary>The absolute path of what is written as <paramref name="path"/>, without detours, so that one file has one name.</summary>
    /// <param name="path">As written.</param>
    /// <param name="folder">The absolute path that a relative one starts from.</param>
    public static string Of(string path, string folder)
    {
        var combined = Path.Combine(folder, path);
        return Path.TrimEndingDirectorySeparator(LeavesLink(combined) ? combined : Path.GetFullPath(combined));
    }

    /// <summary>Whether a <c>..</c> stands behind a link: it leads to the parent of the link's target, and not to that of the link.</summary>
    private static bool LeavesLink(string path)
    {
        for (var index = path.IndexOf("/..", StringComparison.Ordinal); index > 0; index = path.IndexOf("/..", index + 1, StringComparison.Ordinal))
        {
            if (new DirectoryInfo(path[..index]).LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }
}
