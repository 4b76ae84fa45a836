using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

namespace TlsFront.SystemTests;

/// <summary>A folder that exists as long as this object.</summary>
/// <remarks>Readable by everyone and with a short path: mail daemons change their user, and a unix socket's path holds 107 bytes.</remarks>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("tlsfront-").FullName;
        File.SetUnixFileMode(Path, (UnixFileMode)0b111_101_101);
    }

    public string Path { get; }

    /// <summary>The path of a file in it; folders on the way are made.</summary>
    public string PathOf(params string[] names)
    {
        var path = System.IO.Path.Combine([Path, .. names]);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Makes a folder in it.</summary>
    public string Folder(params string[] names) => Directory.CreateDirectory(System.IO.Path.Combine([Path, .. names])).FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A daemon that was just ended may still write its last line.
        }
    }
}
