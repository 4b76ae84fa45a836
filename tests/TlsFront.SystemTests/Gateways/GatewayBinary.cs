namespace TlsFront.SystemTests.Gateways;

/// <summary>The executable under test.</summary>
public static class GatewayBinary
{
    /// <summary>The command that runs it: the file <c>TLSFRONT_BINARY</c> names, or what was built with these tests.</summary>
    public static (string Command, string[] Arguments) Command(params IEnumerable<string> arguments) =>
        Environment.GetEnvironmentVariable("TLSFRONT_BINARY") is { Length: > 0 } binary
            ? (Path.GetFullPath(binary), [.. arguments])
            : ("dotnet", [Path.Combine(AppContext.BaseDirectory, "tlsfront.dll"), .. arguments]);
}
