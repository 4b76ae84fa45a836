using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Admission;

public sealed class MemoryBudgetTests : IDisposable
{
    private const long Limit = 1000L * MemoryBudget.PerConnection;

    private readonly string _folder = Directory.CreateTempSubdirectory("tlsfront-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger<MemoryBudget> _logger = new();
    private readonly SettingsStore _settings = new(TestGateway.Settings("/nowhere"));
    private readonly ProcessMemory _memory;
    private readonly ConnectionBudget _connections;
    private readonly MemoryBudget _budget;

    public MemoryBudgetTests()
    {
        File.WriteAllText(Path.Combine(_folder, "membership"), "0::/\n");
        File.WriteAllText(Path.Combine(_folder, "memory.max"), Limit.ToString(CultureInfo.InvariantCulture));
        File.WriteAllText(Path.Combine(_folder, "memory.current"), "0");
        _memory = new(Path.Combine(_folder, "membership"), _folder);
        _connections = new(_settings, null, NullLogger.Instance);
        _budget = new(_settings, _connections, _memory, _time, _logger);
    }

    public void Dispose()
    {
        _budget.Dispose();
        _connections.Dispose();
        _memory.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Between_two_looks_as_many_enter_as_there_is_memory_for()
    {
        Look(used: Limit * 9 / 10 - 30 * MemoryBudget.PerConnection);

        Assert.Equal(30, Enumerable.Range(0, 40).TakeWhile(_ => Enter()).Count());

        // Whoever is refused, or leaves, takes none.
        _connections.Leave();
        Assert.True(_budget.IsEnough);
        Assert.False(Enter());
        _connections.Leave();
        _connections.Leave();
        Assert.True(Enter());
        Assert.Equal(0, _logger.Collector.Count);
    }

    [Fact]
    public void Who_is_refused_is_told_once_and_so_is_the_end()
    {
        Look(used: Limit * 95 / 100);
        Assert.False(Enter());
        Look(used: Limit * 96 / 100);
        Assert.Equal(
            "Refusing new connections: 59 MB of memory in use, limits.memory allows 90 % of 62 MB; give the gateway more memory, or add a replica",
            Assert.Single(_logger.Collector.GetSnapshot()).Message);

        // A little is not enough, or the next client would begin it anew.
        Look(used: Limit * 89 / 100);
        Assert.False(Enter());
        Assert.Equal(1, _logger.Collector.Count);
        Look(used: Limit / 2);
        Assert.True(Enter());
        Assert.Equal("Resumed accepting connections: 31 MB of memory in use", _logger.LatestRecord.Message);
    }

    [Fact]
    public void A_reload_changes_the_share_and_all_of_it_is_no_limit()
    {
        Look(used: Limit * 95 / 100);
        Assert.False(Enter());
        _settings.Replace(_settings.Current with { Limits = new LimitSettings { Memory = 1 } });
        Look(used: Limit * 99 / 100);
        Assert.True(Enter());
        _settings.Replace(_settings.Current with { Limits = new LimitSettings { Memory = 0.5 } });
        Look(used: Limit * 60 / 100);
        Assert.False(Enter());
    }

    private bool Enter()
    {
        _connections.TryEnter();
        return _budget.IsEnough;
    }

    private void Look(long used)
    {
        File.WriteAllText(Path.Combine(_folder, "memory.current"), used.ToString(CultureInfo.InvariantCulture));
        _budget.Look();
    }
}
