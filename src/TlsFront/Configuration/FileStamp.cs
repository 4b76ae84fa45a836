namespace TlsFront.Configuration;

/// <summary>
/// Tells whether a file changed, without its content. Taken of the file that all links on the way lead to, so a swapped symbolic link,
/// of the file or of a folder above it, is a change; the time of creation tells a file renamed into place from the one before.
/// </summary>
/// <param name="Length">Octets; -1 if the file cannot be opened.</param>
/// <param name="Written">Time of the last change of its content.</param>
/// <param name="Created">Time of its creation, where the file system knows it.</param>
internal readonly record struct FileStamp(long Length, DateTime Written, DateTime Created)
{
    public static readonly FileStamp Missing = new(-1, default, default);

    /// <summary>Stamp of the file at <paramref name="path"/>.</summary>
    public static FileStamp Of(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return Missing;
            }

            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file), File.GetCreationTimeUtc(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Missing;
        }
    }
}
