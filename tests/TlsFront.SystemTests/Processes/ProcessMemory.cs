using System.Globalization;
using System.Text;

namespace TlsFront.SystemTests.Processes;

/// <summary>What stands in the memory of a process, as whoever gets a dump of it sees it.</summary>
public static class ProcessMemory
{
    private const int Chunk = 1 << 20;

    /// <summary>Where <paramref name="text"/> stands in memory that the process may write to: address and mapping, one line each.</summary>
    public static IReadOnlyList<string> Find(int process, string text) => Find(process, [Encoding.ASCII.GetBytes(text)]);

    /// <summary>Where any of these octets stand.</summary>
    public static IReadOnlyList<string> Find(int process, IReadOnlyList<byte[]> wanted)
    {
        var overlap = wanted.Max(static octets => octets.Length);
        var found = new List<string>();
        using var memory = File.OpenHandle($"/proc/{process}/mem");
        foreach (var line in File.ReadAllLines($"/proc/{process}/maps"))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!fields[1].StartsWith("rw", StringComparison.Ordinal))
            {
                continue;
            }

            var ends = fields[0].Split('-');
            var (start, end) = (Parse(ends[0]), Parse(ends[1]));
            var buffer = new byte[Chunk + overlap];
            for (var at = start; at < end; at += Chunk)
            {
                int length;
                try
                {
                    length = RandomAccess.Read(memory, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at)), at);
                }
                catch (IOException)
                {
                    // A guard page, or gone meanwhile.
                    continue;
                }

                foreach (var octets in wanted)
                {
                    for (var from = 0; buffer.AsSpan(from, Math.Max(length - from, 0)).IndexOf(octets) is >= 0 and var hit; from += hit + 1)
                    {
                        found.Add(string.Create(CultureInfo.InvariantCulture, $"{at + from + hit:x} in {line}"));
                    }
                }
            }
        }

        return found;
    }

    private static long Parse(string address) => long.Parse(address, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
