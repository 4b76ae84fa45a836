using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace TlsFront.Admission;

/// <summary>
/// How much memory the process may use and does: that of its control group where one of them is limited, as in a container or a unit with
/// <c>MemoryMax</c>, with the kernel's buffers for its sockets and without cached files; else its own part of the machine's.
/// </summary>
/// <remarks>
/// What the runtime says of it is about the managed heap, the smaller part here. The kernel's files stay open: a process that can open no more has
/// to know as well.
/// </remarks>
internal sealed partial class ProcessMemory : IDisposable
{
    private readonly List<Group> _groups = [];
    private readonly byte[][] _reclaimable;
    private readonly long _machine = Machine();
    private readonly SafeFileHandle? _own = TryOpen("/proc/self/status");

    public ProcessMemory()
        : this("/proc/self/cgroup", "/sys/fs/cgroup")
    {
    }

    /// <param name="membership">The file that says which groups the process is in.</param>
    /// <param name="mount">Where control groups are mounted.</param>
    public ProcessMemory(string membership, string mount)
    {
        // "4:memory:/path" of version 1, also beside version 2, whose line is "0::/path".
        using var memberships = TryOpen(membership);
        var lines = Text(memberships).Split('\n').Select(static line => line.Split(':', 3)).ToList();
        lines.RemoveAll(static parts => parts.Length < 3);
        var old = lines.Find(static parts => parts[1].Split(',').Contains("memory"));
        var path = (old ?? lines.Find(static parts => parts[0] == "0"))?[2].TrimEnd('/') ?? "";
        var root = old is null ? mount : Path.Combine(mount, "memory");

        // All that the kernel takes back before it ends anybody.
        _reclaimable = old is null
            ? ["inactive_file "u8.ToArray(), "active_file "u8.ToArray(), "slab_reclaimable "u8.ToArray()]
            : ["total_inactive_file "u8.ToArray(), "total_active_file "u8.ToArray()];
        _groups.AddRange(Upwards(path).Select(folder => old is null
            ? new Group(
                TryOpen($"{root}{folder}/memory.max"), TryOpen($"{root}{folder}/memory.high"), TryOpen($"{root}{folder}/memory.current"),
                TryOpen($"{root}{folder}/memory.stat"))
            : new Group(
                TryOpen($"{root}{folder}/memory.limit_in_bytes"), null, TryOpen($"{root}{folder}/memory.usage_in_bytes"),
                TryOpen($"{root}{folder}/memory.stat"))));
    }

    /// <summary>
    /// The limit and what is in use now, in bytes, where there is least left: what limits a slice or a pod limits everything in it, and what else is
    /// in it counts.
    /// </summary>
    public (long Limit, long Used) Now
    {
        get
        {
            (long Limit, long Used)? tightest = null;
            foreach (var group in _groups)
            {
                // "max" is no number, and version 1 has as large a one as there is. At "high" the kernel slows the process down.
                var limit = Math.Min(TryRead(group.Limit, default) ?? long.MaxValue, TryRead(group.High, default) ?? long.MaxValue);
                if (limit < _machine && TryRead(group.Usage, default) is { } usage)
                {
                    var used = usage - _reclaimable.Sum(name => TryRead(group.Statistics, name) ?? 0);
                    tightest = tightest is { } other && other.Limit - other.Used <= limit - used ? other : (limit, used);
                }
            }

            return tightest ?? (_machine, TryRead(_own, "VmRSS:"u8) * 1024 ?? Environment.WorkingSet);
        }
    }

    /// <summary>Gives back what the process holds and does not use.</summary>
    public static void Release()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (OperatingSystem.IsLinux())
        {
            try
            {
                _ = TrimHeap(0);
            }
            catch (EntryPointNotFoundException)
            {
                // Another C library than GNU's.
            }
        }
    }

    public void Dispose()
    {
        foreach (var group in _groups)
        {
            group.Limit?.Dispose();
            group.High?.Dispose();
            group.Usage?.Dispose();
            group.Statistics?.Dispose();
        }

        _own?.Dispose();
    }

    /// <summary>The folder itself and those above it.</summary>
    private static IEnumerable<string> Upwards(string folder)
    {
        for (; folder.Length > 0; folder = folder[..folder.LastIndexOf('/')])
        {
            yield return folder;
        }

        yield return "";
    }

    /// <summary>Asked of the kernel: a sandbox may hide /proc/meminfo, and the runtime speaks of its heap.</summary>
    private static long Machine() =>
        OperatingSystem.IsLinux() && SystemFigure(PhysicalPages) is > 0 and var pages
            ? pages * Environment.SystemPageSize
            : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private static SafeFileHandle? TryOpen(string file)
    {
        try
        {
            return File.OpenHandle(file, share: FileShare.ReadWrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Text(SafeFileHandle? file)
    {
        Span<byte> buffer = stackalloc byte[4096];
        return Encoding.UTF8.GetString(buffer[..Read(file, buffer)]);
    }

    /// <summary>The number behind <paramref name="name"/> at the beginning of a line; null where there is none.</summary>
    private static long? TryRead(SafeFileHandle? file, ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[4096];
        ReadOnlySpan<byte> rest = buffer[..Read(file, buffer)];
        while (!rest.StartsWith(name) && rest.IndexOf((byte)'\n') is >= 0 and var end)
        {
            rest = rest[(end + 1)..];
        }

        return rest.StartsWith(name) && Utf8Parser.TryParse(rest[name.Length..].TrimStart(" \t"u8), out long number, out _) ? number : null;
    }

    private static int Read(SafeFileHandle? file, Span<byte> buffer)
    {
        try
        {
            return file is null ? 0 : RandomAccess.Read(file, buffer, fileOffset: 0);
        }
        catch (IOException)
        {
            // A group that is gone.
            return 0;
        }
    }

    /// <summary><c>_SC_PHYS_PAGES</c> on Linux.</summary>
    private const int PhysicalPages = 85;

    [LibraryImport("libc", EntryPoint = "sysconf")]
    private static partial nint SystemFigure(int name);

    /// <summary>OpenSSL's memory that was freed stays with the C library until then.</summary>
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint keep);

    /// <summary>The files of a control group.</summary>
    private sealed record Group(SafeFileHandle? Limit, SafeFileHandle? High, SafeFileHandle? Usage, SafeFileHandle? Statistics);
}
