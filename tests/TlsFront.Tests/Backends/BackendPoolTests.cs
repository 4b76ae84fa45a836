using Microsoft.Extensions.Time.Testing;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Backends;

public sealed class BackendPoolTests
{
    private static readonly string[] Three = ["192.0.2.1:25", "192.0.2.2:25", "192.0.2.3:25"];
    private readonly FakeTimeProvider _time = new();
    private readonly BackendPool _pool;

    public BackendPoolTests() => _pool = new BackendPool(_time);

    [Fact]
    public void Held_sessions_are_shared_equally()
    {
        TakeMany(300, LoadBalancing.LeastSessions);
        Assert.Equal([100, 100, 100], Sessions());
    }

    [Fact]
    public void Sessions_that_arrive_at_once_are_shared_equally_too()
    {
        Parallel.For(0, 300, _ => Take(Three, LoadBalancing.LeastSessions));
        Assert.Equal([100, 100, 100], Sessions());
    }

    [Fact]
    public void A_destination_that_lost_its_sessions_gets_the_next_ones()
    {
        var leases = TakeMany(30, LoadBalancing.LeastSessions);
        foreach (var lease in leases.Where(lease => lease.Destination.Address == Three[1]))
        {
            lease.Dispose();
        }

        Assert.All(TakeMany(10, LoadBalancing.LeastSessions), lease => Assert.Equal(Three[1], lease.Destination.Address));
    }

    [Fact]
    public void Sessions_too_short_to_overlap_go_in_turn()
    {
        var chosen = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            using var lease = Take(Three, LoadBalancing.LeastSessions);
            chosen.Add(lease.Destination.Address);
        }

        Assert.Equal([.. Three, .. Three], chosen);
    }

    [Fact]
    public void A_session_is_given_back_once()
    {
        var lease = Take(Three, LoadBalancing.FirstAvailable);
        lease.Dispose();
        lease.Dispose();
        Assert.Equal([0, 0, 0], Sessions());
    }

    [Fact]
    public void In_turn_whatever_their_sessions_are()
    {
        Take([Three[0]], LoadBalancing.RoundRobin);
        TakeMany(30, LoadBalancing.RoundRobin);
        Assert.Equal([11, 10, 10], Sessions());
    }

    [Fact]
    public void The_first_gets_all_until_it_is_not_eligible()
    {
        TakeMany(5, LoadBalancing.FirstAvailable);
        Take(Three[1..], LoadBalancing.FirstAvailable);
        Assert.Equal([5, 1, 0], Sessions());
    }

    [Fact]
    public void By_chance_each_gets_some()
    {
        TakeMany(300, LoadBalancing.Random);
        Assert.All(Sessions(), sessions => Assert.InRange(sessions, 30, 200));
    }

    [Fact]
    public void Of_two_by_chance_the_one_with_fewer_sessions()
    {
        TakeMany(300, LoadBalancing.PowerOfTwoSessions);
        Assert.All(Sessions(), sessions => Assert.InRange(sessions, 90, 110));
        for (var i = 0; i < 20; i++)
        {
            _pool.Get("192.0.2.4:25");
            Assert.Equal("192.0.2.4:25", Take([Three[0], "192.0.2.4:25"], LoadBalancing.PowerOfTwoSessions).Destination.Address);
        }
    }

    [Theory]
    [InlineData(LoadBalancing.LeastSessions)]
    [InlineData(LoadBalancing.RoundRobin)]
    [InlineData(LoadBalancing.Random)]
    [InlineData(LoadBalancing.PowerOfTwoSessions)]
    [InlineData(LoadBalancing.FirstAvailable)]
    public void One_destination_needs_no_choice(object policy) =>
        Assert.Equal(Three[0], Take(Three[..1], (LoadBalancing)policy).Destination.Address);

    [Fact]
    public void Nobody_gets_more_sessions_than_allowed()
    {
        var backend = Full(limit: 2, queue: 0);
        Assert.All(Enumerable.Range(0, 6), _ => Assert.NotNull(Taken(backend)));
        Assert.Null(Taken(backend));
        Assert.Equal([2, 2, 2], Sessions());
    }

    [Fact]
    public async Task Who_waits_gets_the_place_that_comes_free_first_come_first_served()
    {
        var backend = Full(limit: 1, queue: 2);
        var lease = Taken(backend, Three[..1])!;
        var first = _pool.TakeAsync(Three[..1], [], new(backend), TimeSpan.FromSeconds(3), null, CancellationToken.None).AsTask();
        var second = _pool.TakeAsync(Three[..1], [], new(backend), TimeSpan.FromSeconds(3), null, CancellationToken.None).AsTask();
        Assert.Equal(2, _pool.Waiting);
        Assert.Null(Taken(backend, Three[..1]));
        lease.Dispose();
        var taken = await first;
        Assert.Equal((Three[0], 1), (taken!.Destination.Address, _pool.Waiting));
        Assert.False(second.IsCompleted);
        taken.Dispose();
        Assert.NotNull(await second);
        Assert.Equal([1, 0, 0], Sessions());
    }

    [Fact]
    public async Task A_place_goes_to_the_first_who_may_have_it()
    {
        var backend = Full(limit: 1, queue: 2);
        var zero = Taken(backend, Three[..1])!;
        var one = Taken(backend, Three[1..2])!;
        var first = _pool.TakeAsync(Three[..1], [], new(backend), TimeSpan.FromSeconds(3), null, CancellationToken.None).AsTask();
        var second = _pool.TakeAsync(Three[1..2], [], new(backend), TimeSpan.FromSeconds(3), null, CancellationToken.None).AsTask();
        one.Dispose();
        Assert.Equal(Three[1], (await second)!.Destination.Address);
        Assert.False(first.IsCompleted);
        zero.Dispose();
        Assert.Equal(Three[0], (await first)!.Destination.Address);
    }

    [Fact]
    public async Task One_that_comes_back_serves_those_in_the_queue_who_have_not_tried_it()
    {
        var backend = Full(limit: 1, queue: 2);
        using var full = Taken(backend, Three[..1]);
        var tried = _pool.TakeAsync(Three[..1], [Three[1]], new(backend), TimeSpan.FromSeconds(3), null, CancellationToken.None).AsTask();
        var other = _pool.TakeAsync(Three[..1], [], new(backend), TimeSpan.FromSeconds(3), null, CancellationToken.None).AsTask();
        _pool.Recovered("192.0.2.99:143");
        Assert.Equal(2, _pool.Waiting);
        _pool.Recovered(Three[1]);
        Assert.Equal(Three[1], (await other.WaitAsync(TestClient.Patience))!.Destination.Address);
        Assert.False(tried.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(await tried);
    }

    [Fact]
    public async Task Nobody_waits_longer_than_told()
    {
        var backend = Full(limit: 1, queue: 2);
        using var lease = Taken(backend, Three[..1]);
        var waiting = _pool.TakeAsync(Three[..1], [], new(backend), TimeSpan.FromSeconds(3), null, CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(await waiting);
        Assert.Equal(0, _pool.Waiting);
    }

    [Fact]
    public async Task Who_gives_up_takes_no_place()
    {
        var backend = Full(limit: 1, queue: 2);
        var lease = Taken(backend, Three[..1])!;
        using var stop = new CancellationTokenSource();
        var waiting = _pool.TakeAsync(Three[..1], [], new(backend), TimeSpan.FromSeconds(3), null, stop.Token).AsTask();
        await stop.CancelAsync();
        Assert.Null(await waiting);
        lease.Dispose();
        Assert.Equal([0, 0, 0], Sessions());
    }

    [Fact]
    public async Task Whose_client_left_waits_no_longer()
    {
        var backend = Full(limit: 1, queue: 1);
        var lease = Taken(backend, Three[..1])!;
        using var left = new CancellationTokenSource();
        var client = new Client(left.Token);
        var waiting = _pool.TakeAsync(Three[..1], [], new(backend), TimeSpan.FromSeconds(3), client, CancellationToken.None).AsTask();
        Assert.Equal(1, _pool.Waiting);
        await left.CancelAsync();
        Assert.Null(await waiting);
        Assert.Equal(0, _pool.Waiting);
        lease.Dispose();
        Assert.Equal([0, 0, 0], Sessions());
    }

    private static BackendSettings Backend(LoadBalancing policy) => new()
    {
        Name = "mail",
        Kind = BackendKind.Generic,
        Destinations = Three,
        ProxyProtocol = ProxyHeaderVersion.None,
        LoadBalancing = policy,
    };

    private static BackendSettings Full(int limit, int queue) =>
        Backend(LoadBalancing.LeastSessions) with { MaxSessions = limit, Queue = new QueueSettings(queue, TimeSpan.FromSeconds(3)) };

    private List<DestinationLease> TakeMany(int count, LoadBalancing policy) => [.. Enumerable.Range(0, count).Select(_ => Take(Three, policy))];

    private DestinationLease Take(IReadOnlyList<string> eligible, LoadBalancing policy) => Taken(Backend(policy), eligible)!;

    /// <summary>What is decided at once.</summary>
    private DestinationLease? Taken(BackendSettings backend, IReadOnlyList<string>? eligible = null)
    {
        var taking = _pool.TakeAsync(eligible ?? Three, [], new(backend), TimeSpan.FromSeconds(3), null, CancellationToken.None).AsTask();
        Assert.True(taking.IsCompletedSuccessfully);
        return taking.Result;
    }

    private IEnumerable<int> Sessions() => Three.Select(address => _pool.Get(address).Sessions);

    private sealed record Client(CancellationToken ClientLeft) : IClientWatch;
}
