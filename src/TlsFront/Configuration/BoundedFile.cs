namespace TlsFront.Configuration;

/// <summary>Reads whole files that an operator names, however long what turns out to be there.</summary>
internal static class BoundedFile
{
    /// <summary>The bytes of the file at the moment; null if they are more than <paramref name="maximum"/>.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static byte[]? Read(string path, int maximum)
    {
        // The length of a device or of a file in /proc says nothing.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var buffer = new byte[Math.Clamp(stream.CanSeek ? stream.Length + 1 : maximum + 1, 4096, maximum + 1)];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length > maximum ? null : buffer[..length];
    }
}
