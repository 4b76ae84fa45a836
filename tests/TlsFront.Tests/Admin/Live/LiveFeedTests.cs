using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Admin.Live;
using TlsFront.Backends;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Admin.Live;

/// <summary>When the gateway is looked at, and who is told what.</summary>
public sealed class LiveFeedTests : IAsyncLifetime, IDisposable
{
    private readonly HandTime _time = new();
    private TestGateway _gateway = null!;
    private LiveFeed _feed = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _feed = new LiveFeed(_gateway.Host.Services.GetRequiredService<LiveDocuments>(), _time, NullLogger<LiveFeed>.Instance);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose()
    {
        _feed.Dispose();
        _time.Dispose();
    }

    [Fact]
    public void Nothing_runs_while_nobody_watches()
    {
        Assert.False(_time.IsArmed);
        using (_feed.TryWatch(isTrusted: false))
        {
            Assert.True(_time.IsArmed);
            _time.Fire();
            Assert.True(_time.IsArmed);
        }

        _time.Fire();
        Assert.False(_time.IsArmed);
        using var again = _feed.TryWatch(isTrusted: true);
        Assert.True(_time.IsArmed);
    }

    [Fact]
    public void What_did_not_change_is_not_told_again()
    {
        using var watch = _feed.TryWatch(isTrusted: false)!;
        var first = watch.Frame;
        Drain(isDrained: true);
        _time.Fire();
        var second = watch.Frame;
        Assert.True(first.Next.IsCompletedSuccessfully);

        // The others change by themselves.
        Assert.Equal(
            ["status"],
            second.Parts.Where(part => part.Number > first.Number).Select(part => part.Name).Except(["handshakes", "clients"]));
        Assert.False(second.Next.IsCompleted);
    }

    [Fact]
    public void Who_is_slow_gets_the_last_look_and_not_all_of_them()
    {
        using var watch = _feed.TryWatch(isTrusted: false)!;
        for (var round = 0; round < 10; round++)
        {
            Drain(isDrained: round % 2 == 0);
            _time.Fire();
        }

        Assert.Equal(9, watch.Frame.Parts.Length);
        Assert.InRange(watch.Frame.Number, 11, 11);
    }

    [Fact]
    public void There_are_so_many_watchers_and_no_more()
    {
        var watches = Enumerable.Range(0, LiveFeed.MaximumWatchers).Select(number => _feed.TryWatch(number % 2 == 0)!).ToList();
        Assert.All(watches, Assert.NotNull);
        Assert.Null(_feed.TryWatch(isTrusted: false));
        Assert.Null(_feed.TryWatch(isTrusted: true));
        watches[3].Dispose();
        watches[3].Dispose();
        using var one = _feed.TryWatch(isTrusted: true);
        Assert.NotNull(one);
        Assert.Null(_feed.TryWatch(isTrusted: false));
        watches.ForEach(watch => watch.Dispose());
        Assert.Equal(1, _feed.Watchers);
    }

    private void Drain(bool isDrained) =>
        _gateway.Host.Services.GetRequiredService<DestinationStates>().SetDrained("postfix", "192.0.2.1:10465", isDrained);
}
