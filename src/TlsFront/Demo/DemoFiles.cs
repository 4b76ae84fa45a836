namespace TlsFront.Demo;

/// <summary>The files of the demo, all in its data folder.</summary>
/// <param name="Folder">Full path.</param>
internal sealed record DemoFiles(string Folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everyone = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The certificate of the throwaway CA, for clients.</summary>
    public string Authority => Path.Combine(Folder, "ca.pem");

    /// <summary>The gateway's certificate.</summary>
    public string Certificate => Path.Combine(Folder, "mail.pem");

    /// <summary>The gateway's key, readable by the owner only.</summary>
    public string Key => Path.Combine(Folder, "mail.key");

    /// <summary>The admin endpoint's socket.</summary>
    public string AdminSocket => Path.Combine(Folder, "admin.sock");

    /// <summary>Writes them, each complete or not at all.</summary>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no right to.</exception>
    public void Write(DemoCertificates certificates)
    {
        Directory.CreateDirectory(Folder);
        Replace(Key, certificates.Key, OwnerOnly);
        Replace(Certificate, certificates.Certificate, Everyone);
        Replace(Authority, certificates.Authority, Everyone);
    }

    private static void Replace(string path, string content, UnixFileMode mode)
    {
        var fresh = path + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using (var writer = new StreamWriter(fresh, options))
        {
            writer.Write(content);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
