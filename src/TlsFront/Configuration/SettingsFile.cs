namespace TlsFront.Configuration;

/// <summary>The configuration file as it was at one moment, or why it could not be read.</summary>
/// <param name="Path">The path as the operator gave it.</param>
/// <param name="Content">Its bytes; null when it could not be read.</param>
/// <param name="Failure">Why not; null otherwise.</param>
internal sealed record SettingsFile(string Path, byte[]? Content, ValueProblem? Failure)
{
    /// <summary>Largest file accepted, 1 MiB: hundreds of times what a large site needs, and no burden to read every second.</summary>
    public const int MaximumSize = 1 << 20;

    /// <summary>Reads the file; what a symbolic link shows at the moment is what counts.</summary>
    public static SettingsFile Read(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                return new(path, null, new("is a folder", "name the file itself"));
            }

            return BoundedFile.Read(path, MaximumSize) is { } content
                ? new(path, content, null)
                : new(path, null, new("is larger than 1 MiB", "this is hardly the configuration; check the path"));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(path, null, new("does not exist", "create it, or name another with -c or TLSFRONT_CONFIG"));
        }
        catch (UnauthorizedAccessException)
        {
            return new(path, null, new($"cannot be read by user {Environment.UserName}", "let that user read the file and enter its folders"));
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException or ArgumentException)
        {
            return new(path, null, new($"cannot be read: {exception.Message}", "check the path"));
        }
    }
}
