using System.Globalization;

namespace TlsFront.Benchmarks.Compare;

/// <summary>What /proc tells of a process and its children.</summary>
internal static class ProcessFigures
{
    // USER_HZ, part of the kernel's interface on the platforms .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>CPU seconds, user and system, of all threads of <paramref name="roots"/> and their descendants.</summary>
    public static double CpuSeconds(IEnumerable<int> roots) => Tree(roots).Sum(process => process.Ticks) / TicksPerSecond;

    /// <summary>Anonymous memory of the same in KiB: heap, stacks, what was written of mapped files; no code, no page cache.</summary>
    public static long AnonymousKilobytes(IEnumerable<int> roots) => Tree(roots).Sum(process => Anonymous(process.Id));

    private readonly record struct Entry(int Id, int Parent, long Ticks);

    private static List<Entry> Tree(IEnumerable<int> roots)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(Read).OfType<Entry>().ToLookup(entry => entry.Parent);
        var wanted = roots.ToHashSet();
        var found = all.SelectMany(siblings => siblings).Where(entry => wanted.Contains(entry.Id)).ToList();
        for (var index = 0; index < found.Count; index++)
        {
            found.AddRange(all[found[index].Id]);
        }

        return found;
    }

    private static Entry? Read(string folder)
    {
        if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        try
        {
            // proc(5): the name in parentheses may hold anything, so count from behind it. Parent is field 4, utime and stime are 14 and 15.
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Entry(id, int.Parse(fields[1], CultureInfo.InvariantCulture), Number(fields[11]) + Number(fields[12]));
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    private static long Anonymous(int id) =>
        Number(
            File.ReadLines($"/proc/{id}/smaps_rollup")
                .First(line => line.StartsWith("Anonymous:", StringComparison.Ordinal))["Anonymous:".Length..]
                .Replace("kB", "", StringComparison.Ordinal)
                .Trim());

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
