using System.Globalization;
using System.Runtime.InteropServices;

namespace TlsFront.Benchmarks.Compare;

/// <summary>Where the figures come from.</summary>
internal static class Machine
{
    private const double QuietLoad = 0.5;

    /// <summary>Lines for people.</summary>
    public static IEnumerable<string> Describe() =>
    [
        $"{Field("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores, {Field("/proc/meminfo", "MemTotal")}",
        $"{Field("/etc/os-release", "PRETTY_NAME").Trim('"')}, Linux {Read("/proc/sys/kernel/osrelease").Trim()}, {Run("openssl", "version")}, .NET {Environment.Version}, {RuntimeInformation.ProcessArchitecture}",
    ];

    /// <summary>What else the machine is doing, if that is too much; else null.</summary>
    public static string? Disturbance()
    {
        var load = double.Parse(Read("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        return load > QuietLoad ? string.Create(CultureInfo.InvariantCulture, $"the machine was not idle at the start (load average {load:F1}): do not quote these figures") : null;
    }

    /// <summary>How many sessions fit the limit of open files, at two in a proxy.</summary>
    public static int MaxSessions()
    {
        const int Reserve = 1000;
        var limit = Read("/proc/self/limits").Split('\n').First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        return limit == "unlimited" ? 16_000 : Math.Min(16_000, (int.Parse(limit, CultureInfo.InvariantCulture) - Reserve) / 2);
    }

    private static string Run(params string[] command) => ChildProcess.Run(TimeSpan.FromSeconds(10), new Dictionary<string, string>(), command).Trim();

    private static string Read(string path) => File.ReadAllText(path);

    private static string Field(string path, string name) =>
        File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', '=')[1].Trim() ?? "?";
}
