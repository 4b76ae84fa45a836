using TlsFront.SystemTests.Processes;

namespace TlsFront.DeployTests;

/// <summary>The tools of <c>node/package.json</c>.</summary>
internal static class NodeTools
{
    private static readonly NodeFolder Folder = new("tests", "TlsFront.DeployTests", "node");

    /// <summary>Runs the script of that name.</summary>
    public static Task<Command> RunAsync(string script, IEnumerable<string> arguments, string input = "") =>
        Folder.RunAsync(script, arguments, input);

    /// <summary>The path of a script, which then can be run.</summary>
    public static Task<string> FileAsync(string script) => Folder.FileAsync(script);

    /// <summary>The path of a file of a package.</summary>
    public static Task<string> PathOfAsync(params string[] names) => Folder.PathOfAsync(names);
}
