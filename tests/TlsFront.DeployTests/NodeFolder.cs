using TlsFront.SystemTests.Processes;

namespace TlsFront.DeployTests;

/// <summary>A folder with scripts and a <c>package.json</c>, whose packages are installed once as its lock file names them.</summary>
internal sealed class NodeFolder
{
    private readonly Lazy<Task<string>> _installed;

    /// <param name="names">Where it is, from the root.</param>
    public NodeFolder(params string[] names) => _installed = new(() => InstallAsync(Repository.PathOf(names)));

    /// <summary>Runs the script of that name.</summary>
    public async Task<Command> RunAsync(string script, IEnumerable<string> arguments, string input = "", TimeSpan? within = null) =>
        await Command.RunAsync("node", [await FileAsync(script), .. arguments], input, within);

    /// <summary>The path of a script, which then can be run.</summary>
    public async Task<string> FileAsync(string script) => Path.Combine(await _installed.Value, script);

    /// <summary>The path of a file of a package.</summary>
    public async Task<string> PathOfAsync(params string[] names) => Path.Combine([await _installed.Value, "node_modules", .. names]);

    private static async Task<string> InstallAsync(string folder)
    {
        var installed = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
        {
            (await Command.RunAsync("npm", ["ci", "--no-progress", "--prefix", folder], within: TimeSpan.FromMinutes(5))).Succeeded();
            File.SetLastWriteTimeUtc(installed, DateTime.UtcNow);
        }

        return folder;
    }
}
