using TlsFront.SystemTests.Processes;

namespace TlsFront.DeployTests;

/// <summary>The tools of <c>node/package.json</c>, installed once as the lock file names them.</summary>
internal static class NodeTools
{
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    /// <summary>Runs the script of that name.</summary>
    public static async Task<Command> RunAsync(string script, IEnumerable<string> arguments, string input = "") =>
        await Command.RunAsync("node", [await FileAsync(script), .. arguments], input);

    /// <summary>The path of a script, which then can be run.</summary>
    public static async Task<string> FileAsync(string script) => Path.Combine(await Installed.Value, script);

    /// <summary>The path of a file of a package.</summary>
    public static async Task<string> PathOfAsync(params string[] names) => Path.Combine([await Installed.Value, "node_modules", .. names]);

    private static async Task<string> InstallAsync()
    {
        var folder = Repository.PathOf("tests", "TlsFront.DeployTests", "node");
        var installed = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
        {
            (await Command.RunAsync("npm", ["ci", "--no-progress", "--prefix", folder], within: TimeSpan.FromMinutes(5))).Succeeded();
            File.SetLastWriteTimeUtc(installed, DateTime.UtcNow);
        }

        return folder;
    }
}
