using System.Text.Json;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Diagnosis;

/// <summary>Runs <c>tlsfront doctor</c>.</summary>
internal static class DoctorRun
{
    /// <summary>What it finds at each backend; all it says is in the test's output.</summary>
    public static async Task<IReadOnlyList<(string Name, IReadOnlyList<DoctorFinding> Findings)>> ExamineAsync(
        ITestOutputHelper output, IReadOnlyList<DoctoredBackend> backends)
    {
        using var folder = new TemporaryFolder();
        var file = folder.PathOf("tlsfront.yaml");
        await File.WriteAllTextAsync(file, $"""
            hostname: mail.example.test
            certificates: [ path: {folder.PathOf("certificate.pem")} ]
            listeners:
            {string.Join('\n', backends.Select(static backend => $"  - {{ name: {backend.Name}, address: \"127.0.0.1:{Ports.Next()}\", protocol: {backend.Protocol}, backend: {backend.Name} }}"))}
            backends:
            {string.Join('\n', backends.Select(static backend => $"  - {{ name: {backend.Name}, destinations: [\"127.0.0.1:{backend.Port}\"], {backend.Settings} }}"))}

            """);
        await File.WriteAllTextAsync(folder.PathOf("certificate.pem"), "");
        var (command, arguments) = GatewayBinary.Command("doctor", "-c", file, "--output", "json");
        var run = await Command.RunAsync(command, arguments, within: TimeSpan.FromMinutes(3));
        output.WriteLine(run.Text);
        using var report = JsonDocument.Parse(run.Output);
        var root = report.RootElement;
        Assert.Equal(root.GetProperty("healthy").GetBoolean() ? 0 : 1, run.ExitCode);
        return [.. root.GetProperty("destinations").EnumerateArray().Select(static destination => (
            destination.GetProperty("backend").GetString()!,
            (IReadOnlyList<DoctorFinding>)[.. destination.GetProperty("findings").EnumerateArray().Select(Finding)]))];
    }

    private static DoctorFinding Finding(JsonElement finding) => new(
        finding.GetProperty("id").GetString()!,
        [.. finding.GetProperty("remedies").EnumerateArray().Select(static remedy => (
            remedy.GetProperty("where").GetString()!,
            (IReadOnlyList<string>)[.. remedy.GetProperty("lines").EnumerateArray().Select(static line => line.GetString()!)]))]);
}
