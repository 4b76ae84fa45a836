using System.Globalization;
using TlsFront.Benchmarks.Load;

namespace TlsFront.Benchmarks.Compare;

/// <summary>Runs load generators.</summary>
internal static class LoadGenerator
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Dictionary<string, string> NoEnvironment = [];

    /// <summary>This program's <c>load</c> verb.</summary>
    public static IReadOnlyList<string> Command { get; } = ["dotnet", Path.Combine(AppContext.BaseDirectory, "TlsFront.Benchmarks.dll"), "load"];

    /// <summary>Runs a job of this program for <paramref name="duration"/>.</summary>
    /// <param name="cores">Its cores.</param>
    /// <param name="duration">How long it begins something new.</param>
    /// <param name="command">The program, with the job and its arguments.</param>
    public static LoadResult Run(string cores, TimeSpan duration, IEnumerable<string> command) =>
        Parse(Text(cores, duration, [.. command, "--seconds", duration.TotalSeconds.ToString(CultureInfo.InvariantCulture)]));

    /// <summary>What a program prints.</summary>
    /// <param name="cores">Its cores.</param>
    /// <param name="duration">How long it is expected to take.</param>
    /// <param name="command">The program and its arguments.</param>
    public static string Text(string cores, TimeSpan duration, IEnumerable<string> command) =>
        ChildProcess.Run(duration + Patience, NoEnvironment, ["taskset", "-c", cores, .. command]);

    /// <summary>Runs wrk for <paramref name="path"/>.</summary>
    /// <param name="cores">Its cores.</param>
    /// <param name="duration">How long.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="port">Of the proxy.</param>
    /// <param name="path">With a leading slash.</param>
    /// <param name="work">What to count: bytes or requests.</param>
    public static LoadResult RunWrk(string cores, TimeSpan duration, int connections, int port, string path, string work) => Parse(ChildProcess.Run(
        duration + Patience, new Dictionary<string, string> { ["WORK"] = work },
        "taskset", "-c", cores, "wrk", "-t1", $"-c{connections}", $"-d{Math.Ceiling(duration.TotalSeconds)}s", "--timeout", "10s",
        "-s", Path.Combine(AppContext.BaseDirectory, "Compare", "wrk.lua"), $"https://127.0.0.1:{port}{path}"));

    private static LoadResult Parse(string output) => LoadResult.Parse(output) ?? throw new CompareException(output.Trim());
}
