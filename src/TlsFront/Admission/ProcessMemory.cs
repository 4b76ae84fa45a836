using System.Buffers.Text;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace TlsFront.Admission;

/// <summary>
/// How much memory the process may use and does: that of its control group where one of them is limited, as in a container or a unit with
/// <c>MemoryMax</c>, with the kernel's buffers for its sockets and without files that are merely cached; else its own part of the machine's.
/// </summary>
/// <remarks>
/// What the runtime says of it is about the managed heap, the smaller part here. The kernel's files stay open: a process that can open no more has
/// to know as well.
/// </remarks>
internal sealed class ProcessMemory : IDisposable
{
    private readonly List<(SafeFileHandle Limit, SafeFileHandle? Usage, SafeFileHandle? Statistics)> _groups = [];
    private readonly byte[] _cached;
    private readonly long _machine;
    private readonly SafeFileHandle? _own;

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
        var path = (old ?? lines.Find(static parts => parts[0] == "0"))?[2];
        var root = old is null ? mount : Path.Combine(mount, "memory");
        _cached = Encoding.ASCII.GetBytes(old is null ? "inactive_file " : "total_inactive_file ");
        var (limits, usages) = old is null ? ("memory.max", "memory.current") : ("memory.limit_in_bytes", "memory.usage_in_bytes");
        foreach (var folder in Upwards(path?.TrimEnd('/') ?? "").Select(folder => root + folder))
        {
            if (TryOpen($"{folder}/{limits}") is { } limit)
            {
                _groups.Add((limit, TryOpen($"{folder}/{usages}"), TryOpen($"{folder}/memory.stat")));
            }
        }

        using var machine = TryOpen("/proc/meminfo");
        _machine = TryRead(machine, "MemTotal:"u8) * 1024 ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        _own = TryOpen("/proc/self/status");
    }

    /// <summary>The limit now, in bytes: the lowest of its groups, which may change, or the machine's.</summary>
    public long Limit => Narrowest().Limit;

    /// <summary>What is in use now, in bytes.</summary>
    public long Used
    {
        get
        {
            var (_, usage, statistics) = Narrowest();
            return TryRead(usage, default) is { } used ? used - (TryRead(statistics, _cached) ?? 0)
                : TryRead(_own, "VmRSS:"u8) * 1024 ?? Environment.WorkingSet;
        }
    }

    public void Dispose()
    {
        foreach (var (limit, usage, statistics) in _groups)
        {
            limit.Dispose();
            usage?.Dispose();
            statistics?.Dispose();
        }

        _own?.Dispose();
    }

    /// <summary>The folder itself and those above it: what limits them limits it.</summary>
    private static IEnumerable<string> Upwards(string folder)
    {
        for (; folder.Length > 0; folder = folder[..folder.LastIndexOf('/')])
        {
            yield return folder;
        }

        yield return "";
    }

    private (long Limit, SafeFileHandle? Usage, SafeFileHandle? Statistics) Narrowest()
    {
        (long Limit, SafeFileHandle? Usage, SafeFileHandle? Statistics) narrowest = (_machine, null, null);
        foreach (var (limit, usage, statistics) in _groups)
        {
            // "max" is no number, and version 1 has as large a one as there is.
            if (TryRead(limit, default) is { } bytes && bytes < narrowest.Limit)
            {
                narrowest = (bytes, usage, statistics);
            }
        }

        return narrowest;
    }

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
}
