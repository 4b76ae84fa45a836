using TlsFront.Admission;

namespace TlsFront.Tests.Admission;

public sealed class ProcessMemoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tlsfront-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_container_sees_its_own_group_alone()
    {
        Write("memory.max", "1000\n");
        Write("memory.current", "700\n");
        Write("memory.stat", "anon 400\nfile 150\ninactive_file 90\nactive_file 60\nslab_reclaimable 20\nslab 200\n");

        using var memory = Of("0::/\n");

        Assert.Equal((1000, 530), memory.Now);
    }

    /// <summary>What limits a pod or a slice limits everything in it, and what else is in it counts.</summary>
    [Fact]
    public void The_narrowest_of_the_groups_around_it_counts()
    {
        Write("system.slice/memory.max", "500");
        Write("system.slice/memory.current", "450");
        Write("system.slice/tlsfront.service/memory.max", "max");
        Write("system.slice/tlsfront.service/memory.current", "300");

        using var memory = Of("0::/system.slice/tlsfront.service\n");

        Assert.Equal((500, 450), memory.Now);
    }

    [Theory]
    [InlineData("4:memory:/docker/x\n0::/elsewhere\n")]
    [InlineData("9:cpuset,memory:/docker/x\n")]
    public void Version_1_counts_where_memory_is_its(string membership)
    {
        Write("memory/memory.limit_in_bytes", "9223372036854771712");
        Write("memory/docker/x/memory.limit_in_bytes", "800");
        Write("memory/docker/x/memory.usage_in_bytes", "90");
        Write("memory/docker/x/memory.stat", "inactive_file 5\ntotal_inactive_file 30\ntotal_active_file 10\n");

        using var memory = Of(membership);

        Assert.Equal((800, 50), memory.Now);
    }

    /// <summary>Where a container does not see the path that it is told, it sees its own group at the top.</summary>
    [Fact]
    public void A_path_that_is_not_there_is_that_of_the_host()
    {
        Write("memory.max", "1000");
        Write("memory.current", "10");

        using var memory = Of("0::/kubepods/pod7/c1\n");

        Assert.Equal((1000, 10), memory.Now);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0::/\n")]
    [InlineData("nonsense")]
    public void Without_a_limit_it_is_the_machine_s_and_its_own_part_of_it(string membership)
    {
        using var memory = Of(membership);

        var (limit, used) = memory.Now;
        Assert.InRange(limit, 1 << 20, long.MaxValue - 1);
        Assert.InRange(used, 1 << 20, limit);
    }

    [Fact]
    public void What_is_slowed_down_from_is_a_limit_too()
    {
        Write("memory.max", "1000");
        Write("memory.high", "600");
        Write("memory.current", "10");

        using var memory = Of("0::/\n");

        Assert.Equal((600, 10), memory.Now);
    }

    private ProcessMemory Of(string membership)
    {
        Write("membership", membership);
        return new(Path.Combine(_folder, "membership"), _folder);
    }

    private void Write(string file, string content)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
