using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

namespace TlsFront.DeployTests;

/// <summary>The working tree these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string PathOf(params string[] names) => Path.Combine([Root, .. names]);

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "TlsFront.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("TlsFront.sln is not above the tests");
    }
}
