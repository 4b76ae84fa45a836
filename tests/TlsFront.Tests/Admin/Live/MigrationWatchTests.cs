using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Admin.Live;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Inventory;

namespace TlsFront.Tests.Admin.Live;

/// <summary>When the inventory is read, and what is shown meanwhile.</summary>
public sealed class MigrationWatchTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly HeldStore _store = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly MigrationWatch _watch;

    public MigrationWatchTests() => _watch = new(_time, _lifetime, NullLogger<MigrationWatch>.Instance, _store);

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Who_looks_never_waits_and_hears_of_a_slow_database()
    {
        Assert.Equal(("reading", false), State());
        await _store.Entered.WaitAsync(TestClient.Patience);
        _time.Advance(MigrationWatch.Slow - TimeSpan.FromMilliseconds(1));
        Assert.Equal(("reading", false), State());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(("reading", true), State());
        _time.Advance(MigrationWatch.Longest + MigrationWatch.Interval);
        Assert.Equal(("reading", true), State());
        Assert.Equal(1, _store.Readings);
    }

    [Fact]
    public async Task It_is_read_once_a_minute_at_most()
    {
        _store.Release();
        await FailedAsync();
        Assert.Equal("held: it has no rows", _watch.Look(isTrusted: true).Problem);
        Assert.Equal("the inventory cannot be read", _watch.Look(isTrusted: false).Problem);
        _time.Advance(MigrationWatch.Interval - TimeSpan.FromMilliseconds(1));
        State();
        Assert.Equal(1, _store.Readings);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await ReadAsync(2);
    }

    [Fact]
    public async Task What_takes_long_is_read_less_often()
    {
        State();
        await _store.Entered.WaitAsync(TestClient.Patience);
        _time.Advance(TimeSpan.FromSeconds(12));
        _store.Release();
        await FailedAsync();

        // Twenty times as long, from its beginning.
        _time.Advance(TimeSpan.FromSeconds((12 * 20) - 13));
        State();
        Assert.Equal(1, _store.Readings);
        _time.Advance(TimeSpan.FromSeconds(1));
        await ReadAsync(2);
    }

    [Fact]
    public void Nothing_is_read_once_the_process_ends()
    {
        _lifetime.StopApplication();
        Assert.Equal(("reading", false), State());
        Assert.Equal(0, _store.Readings);
    }

    private (string State, bool IsSlow) State() => _watch.Look(isTrusted: false) is var migration ? (migration.State, migration.Slow) : default;

    private async Task FailedAsync()
    {
        while (State().State != "failed")
        {
            await Task.Delay(1);
        }
    }

    private async Task ReadAsync(int times)
    {
        State();
        while (_store.Readings < times)
        {
            await Task.Delay(1);
        }
    }
}
