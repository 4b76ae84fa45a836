using System.Globalization;

namespace TlsFront.SystemTests.Limits;

/// <summary>A control group of the kernel's, of version 1 or 2, that limits memory.</summary>
public sealed class ControlGroup : IDisposable
{
    private static readonly bool IsOld = Directory.Exists("/sys/fs/cgroup/memory");

    private readonly string _folder = $"/sys/fs/cgroup/{(IsOld ? "memory/" : "")}tlsfront-{Guid.NewGuid():n}";

    public ControlGroup() => Directory.CreateDirectory(_folder);

    /// <summary>A command that starts another in it.</summary>
    public IReadOnlyList<string> Launcher => ["sh", "-c", $"echo $$ >{_folder}/cgroup.procs && exec \"$@\"", "sh"];

    /// <summary>Bytes in use, with cached files.</summary>
    public long Used => long.Parse(File.ReadAllText(PathOf("memory.usage_in_bytes", "memory.current")), CultureInfo.InvariantCulture);

    /// <summary>Sets how many bytes it may use.</summary>
    public void Allow(long bytes) =>
        File.WriteAllText(PathOf("memory.limit_in_bytes", "memory.max"), bytes.ToString(CultureInfo.InvariantCulture));

    /// <summary>Removes it; what still runs in it goes on outside.</summary>
    public void Dispose()
    {
        foreach (var process in File.ReadAllLines(Path.Combine(_folder, "cgroup.procs")))
        {
            File.WriteAllText(Path.Combine(_folder, "..", "cgroup.procs"), process);
        }

        Directory.Delete(_folder);
    }

    private string PathOf(string old, string current) => Path.Combine(_folder, IsOld ? old : current);
}
