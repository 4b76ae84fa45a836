using System.Globalization;

namespace TlsFront.Telemetry;

/// <summary>How much memory the process may use: less than the machine has, in a container or a unit with <c>MemoryMax</c>.</summary>
/// <remarks>What the runtime says of it is the managed heap's share where that is limited, and the heap is the smaller part here.</remarks>
internal static class MemoryLimit
{
    /// <summary>The limit of control groups version 2, then version 1, as a container sees its own.</summary>
    private static readonly string[] Files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

    /// <summary>The limit now, in bytes.</summary>
    public static long Current => Math.Min(Machine(), Files.Select(Read).FirstOrDefault(static limit => limit > 0, long.MaxValue));

    private static long Machine()
    {
        try
        {
            // "MemTotal:       24643188 kB"
            var line = File.ReadLines("/proc/meminfo").First();
            return long.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException)
        {
            return GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        }
    }

    private static long Read(string file)
    {
        try
        {
            // "max", or as large a number as there is, where there is no limit.
            return long.TryParse(File.ReadAllText(file), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var limit) ? limit : 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
