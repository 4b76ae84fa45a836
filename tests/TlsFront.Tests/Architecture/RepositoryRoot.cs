namespace TlsFront.Tests.Architecture;

/// <summary>The folder of the solution, where files that tests compare with the code are.</summary>
internal static class RepositoryRoot
{
    /// <summary>The path of a file of the repository.</summary>
    public static string PathOf(string file)
    {
        // Not from the compiler: CI builds map the paths it knows.
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "TlsFront.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("TlsFront.sln is not above the tests");
        }
        return Path.Combine(folder, file);
    }
}
