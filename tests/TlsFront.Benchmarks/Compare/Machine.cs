using System.Globalization;
using System.Runtime.InteropServices;

namespace TlsFront.Benchmarks.Compare;

/// <summary>Where the figures come from.</summary>
internal static class Machine
{
    /// <summary>
    /// Share of the processors that others may use. Not by the load average, which for minutes remembers that the programs were compiled.
    /// </summary>
    private const double Quiet = 0.1;

    private static readonly TimeSpan Sampled = TimeSpan.FromSeconds(3);

    /// <summary>Lines for people.</summary>
    public static IEnumerable<string> Describe() =>
    [
        $"{Field("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores, {Field("/proc/meminfo", "MemTotal")}",
        $"{Field("/etc/os-release", "PRETTY_NAME").Trim('"')}, Linux {Read("/proc/sys/kernel/osrelease").Trim()}, {Run("openssl", "version")}, "
        + $".NET {Environment.Version}, {RuntimeInformation.ProcessArchitecture}",
    ];

    /// <summary>What else the machine is doing, if that is too much; else null.</summary>
    public static string? Disturbance()
    {
        var (busyBefore, allBefore) = Ticks();
        Thread.Sleep(Sampled);
        var (busy, all) = Ticks();
        var share = (busy - busyBefore) / (double)(all - allBefore);
        return share > Quiet
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the machine was not idle at the start ({share:P0} of its processors busy): do not quote these figures")
            : null;
    }

    /// <summary>Time of all processors since the machine started: that was used, or taken by another machine on the same host, and all.</summary>
    private static (long Busy, long All) Ticks()
    {
        // proc(5): user, nice, system, idle, iowait, irq, softirq, steal; what follows is in these already.
        var ticks = File.ReadLines("/proc/stat")
            .First()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Take(8)
            .Select(static text => long.Parse(text, CultureInfo.InvariantCulture))
            .ToArray();
        return (ticks.Sum() - ticks[3] - ticks[4], ticks.Sum());
    }

    /// <summary>How many sessions fit the limit of open files, at two in a proxy.</summary>
    public static int MaxSessions()
    {
        const int Reserve = 1000;
        var limit = Read("/proc/self/limits")
            .Split('\n')
            .First(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        return limit == "unlimited" ? 16_000 : Math.Min(16_000, (int.Parse(limit, CultureInfo.InvariantCulture) - Reserve) / 2);
    }

    private static string Run(params string[] command) =>
        ChildProcess.Run(TimeSpan.FromSeconds(10), new Dictionary<string, string>(), command).Trim();

    private static string Read(string path) => File.ReadAllText(path);

    private static string Field(string path, string name) =>
        File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', '=')[1].Trim() ?? "?";
}
