namespace TlsFront.SystemTests.Gateways;

/// <summary>The executable under test: the file <c>TLSFRONT_BINARY</c> names, or what was built with these tests.</summary>
public static class GatewayBinary
{
    private static string? Published =>
        Environment.GetEnvironmentVariable("TLSFRONT_BINARY") is { Length: > 0 } binary ? Path.GetFullPath(binary) : null;

    /// <summary>The command that runs it.</summary>
    public static (string Command, string[] Arguments) Command(params IEnumerable<string> arguments) =>
        Published is { } binary ? (binary, [.. arguments]) : ("dotnet", [Path.Combine(AppContext.BaseDirectory, "tlsfront.dll"), .. arguments]);

    /// <summary>The command that runs it in a fresh clone: <c>dotnet run</c>.</summary>
    public static (string Command, string[] Arguments) NewcomersCommand(params IEnumerable<string> arguments)
    {
        if (Published is { } binary)
        {
            return (binary, [.. arguments]);
        }

        // .../tests/TlsFront.SystemTests/bin/CONFIGURATION/net10.0/
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var project = Path.Combine(folder.Parent!.Parent!.Parent!.Parent!.Parent!.FullName, "src", "TlsFront");
        return ("dotnet", ["run", "--no-build", "--configuration", folder.Parent.Name, "--project", project, "--", .. arguments]);
    }
}
