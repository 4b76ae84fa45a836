using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Admin;
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
    private readonly InventoryTurn _turn = new();
    private readonly MigrationWatch _watch;

    public MigrationWatchTests() => _watch = new(_time, _lifetime, _turn, NullLogger<MigrationWatch>.Instance, _store);

    public void Dispose()
    {
        _store.Dispose();
        _turn.Dispose();
    }

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
        AssertNothingIsRead();
    }

    [Fact]
    public async Task Nothing_is_read_beside_a_replay()
    {
        Assert.True(_turn.TryTake());
        AssertNothingIsRead();
        _turn.Return();
        State();
        await _store.Entered.WaitAsync(TestClient.Patience);
        Assert.False(_turn.TryTake());
        _store.Release();
        await FailedAsync();
        Assert.True(_turn.TryTake());
    }

    /// <summary>A minute is long for somebody who has just unlocked the page.</summary>
    [Fact]
    public async Task Names_are_read_at_once_for_the_first_trusted_and_then_with_the_rest()
    {
        _store.Release();
        await FailedAsync();
        Assert.Equal(1, _store.Readings);
        Assert.Equal("held: it has no rows", _watch.Look(isTrusted: true).Problem);
        await UntilAsync(() => _store.Readings == 2);
        await UntilAsync(TryTakeAndReturn);
        _watch.Look(isTrusted: true);
        AssertNothingIsRead();
        Assert.Equal(2, _store.Readings);
    }

    /// <summary>A reading that had begun would be held, and called slow.</summary>
    private void AssertNothingIsRead()
    {
        State();
        _time.Advance(MigrationWatch.Slow);
        Assert.False(State().IsSlow);
    }

    private bool TryTakeAndReturn()
    {
        var isFree = _turn.TryTake();
        if (isFree)
        {
            _turn.Return();
        }

        return isFree;
    }

    private (string State, bool IsSlow) State() => _watch.Look(isTrusted: false) is var migration ? (migration.State, migration.Slow) : default;

    private Task FailedAsync() => UntilAsync(() => State().State == "failed");

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (!condition())
        {
            await Task.Delay(1, patience.Token);
        }
    }

    private async Task ReadAsync(int times)
    {
        State();
        await UntilAsync(() => _store.Readings >= times);
    }
}
