using TlsFront.Backends;
using TlsFront.Configuration;

namespace TlsFront.Tests.Backends;

public sealed class BackendPoolTests
{
    private static readonly string[] Three = ["192.0.2.1:25", "192.0.2.2:25", "192.0.2.3:25"];
    private readonly BackendPool _pool = new();

    [Fact]
    public void Held_sessions_are_shared_equally()
    {
        TakeMany(300, LoadBalancing.LeastSessions);
        Assert.Equal([100, 100, 100], Sessions());
    }

    [Fact]
    public void Sessions_that_arrive_at_once_are_shared_equally_too()
    {
        Parallel.For(0, 300, _ => _pool.Take(Three, LoadBalancing.LeastSessions));
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
            using var lease = _pool.Take(Three, LoadBalancing.LeastSessions);
            chosen.Add(lease.Destination.Address);
        }

        Assert.Equal([.. Three, .. Three], chosen);
    }

    [Fact]
    public void A_session_is_given_back_once()
    {
        var lease = _pool.Take(Three, LoadBalancing.FirstAvailable);
        lease.Dispose();
        lease.Dispose();
        Assert.Equal([0, 0, 0], Sessions());
    }

    [Fact]
    public void In_turn_whatever_their_sessions_are()
    {
        _pool.Take([Three[0]], LoadBalancing.RoundRobin);
        TakeMany(30, LoadBalancing.RoundRobin);
        Assert.Equal([11, 10, 10], Sessions());
    }

    [Fact]
    public void The_first_gets_all_until_it_is_not_eligible()
    {
        TakeMany(5, LoadBalancing.FirstAvailable);
        _pool.Take(Three[1..], LoadBalancing.FirstAvailable);
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
            Assert.Equal("192.0.2.4:25", _pool.Take([Three[0], "192.0.2.4:25"], LoadBalancing.PowerOfTwoSessions).Destination.Address);
        }
    }

    [Theory]
    [InlineData(LoadBalancing.LeastSessions)]
    [InlineData(LoadBalancing.RoundRobin)]
    [InlineData(LoadBalancing.Random)]
    [InlineData(LoadBalancing.PowerOfTwoSessions)]
    [InlineData(LoadBalancing.FirstAvailable)]
    public void One_destination_needs_no_choice(object policy) =>
        Assert.Equal(Three[0], _pool.Take(Three[..1], (LoadBalancing)policy).Destination.Address);

    private List<DestinationLease> TakeMany(int count, LoadBalancing policy) => [.. Enumerable.Range(0, count).Select(_ => _pool.Take(Three, policy))];

    private IEnumerable<int> Sessions() => Three.Select(address => _pool.Get(address).Sessions);
}
