using Microsoft.Extensions.Time.Testing;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.ProxyProtocol;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Backends;

/// <summary>Sessions that have one place to go to: their user's, or the one that their login named.</summary>
public sealed class StickinessTests
{
    private const string User = "alice@example.com";
    private static readonly string[] Five = ["10.0.0.1:143", "10.0.0.2:143", "10.0.0.3:143", "10.0.0.4:143", "10.0.0.5:143"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>The user's, from the first choice to the last.</summary>
    private static readonly string[] Choices = [Five[0], Five[1], Five[3], Five[4], Five[2]];

    private readonly FakeTimeProvider _time = new();
    private readonly BackendPool _pool;

    public StickinessTests() => _pool = new BackendPool(_time);

    [Fact]
    public void When_one_leaves_its_users_alone_move_and_come_back_with_it()
    {
        var before = Places(Five);
        foreach (var gone in Five)
        {
            var without = Places([.. Five.Where(address => address != gone)]);
            var moved = Enumerable.Range(0, before.Length).Where(i => without[i] != before[i]).ToList();
            Assert.All(moved, i => Assert.Equal(gone, before[i]));
            Assert.Equal(before.Count(address => address == gone), moved.Count);
            Assert.All(
                Five.Where(address => address != gone),
                address => Assert.InRange((double)moved.Count(i => without[i] == address) / moved.Count, 0.2, 0.3));
            Assert.Equal(before, Places(Five));
        }
    }

    [Fact]
    public void Neither_the_order_of_the_settings_nor_another_gateway_s_sessions_nor_the_balancing_matter()
    {
        var other = new BackendPool(_time);
        var backend = Backend() with { Destinations = [.. Five.Reverse()], LoadBalancing = LoadBalancing.RoundRobin };
        for (var i = 0; i < 1000; i++)
        {
            // What the other has it keeps.
            var lease = Take(_pool, new(Backend(), User: Name(i)), Five);
            Assert.Equal(lease.Destination.Address, Place(other, new(backend, User: Name(i)), backend.Destinations));
        }
    }

    [Fact]
    public void Without_a_user_or_the_setting_the_balancing_decides()
    {
        foreach (var target in (SessionTarget[])[new(Backend()), new(Backend() with { Stickiness = Stickiness.None }, User: User)])
        {
            Assert.Equal(5, Enumerable.Range(0, 5).Select(_ => Take(_pool, target, Five).Destination.Address).Distinct().Count());
        }
    }

    [Fact]
    public async Task Who_finds_the_user_s_destination_full_waits_for_it_though_others_are_free()
    {
        var full = Take(_pool, Target(), Five);
        var waiting = TakeAsync(Target());
        Take(_pool, new(Full()), Five[1..]).Dispose();
        Assert.Equal(1, _pool.Waiting);
        full.Dispose();
        Assert.Equal(Choices[0], await PlaceAsync(waiting));
    }

    [Fact]
    public async Task Who_waits_for_it_waits_no_longer_than_told_and_not_where_the_queue_is_full()
    {
        using var full = Take(_pool, Target(), Five);
        var waiting = TakeAsync(Target());
        Assert.Null(await TakeAsync(Target(queue: 1)));
        _time.Advance(Limit);
        Assert.Null(await waiting);
        Assert.Equal(0, _pool.Waiting);
    }

    [Fact]
    public async Task A_place_of_it_goes_to_the_first_who_waits_for_it()
    {
        using var full = Take(_pool, Target(), Five);
        var other = Enumerable.Range(0, 100).Select(Name).First(user => Place(new(_time), Target(user), Five) != Choices[0]);
        var place = Take(_pool, Target(other), Five);
        var waiting = TakeAsync(Target());
        var second = TakeAsync(Target(other));
        place.Dispose();
        Assert.Equal(place.Destination.Address, await PlaceAsync(second));
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public void One_that_was_tried_or_drained_is_replaced_by_the_second_choice()
    {
        Assert.Equal(Choices[1], Place(_pool, Target(), [.. Choices[1..].Order()]));
        _pool.SetDrained(_pool.Get(Choices[0]), isDrained: true);
        Assert.Equal(Choices[1], Place(_pool, Target(), Five));
        _pool.SetDrained(_pool.Get(Choices[0]), isDrained: false);
        Assert.Equal(Choices[0], Place(_pool, Target(), Five));
    }

    [Fact]
    public void One_that_is_avoided_is_replaced_by_the_second_choice_unless_all_are()
    {
        SetAvoided(true, Choices[0]);
        Assert.Equal(Choices[1], Place(_pool, Target(), Five));
        Assert.Equal(Choices[0], Place(_pool, new(Full(), Choices[0], User), [Choices[0]]));
        SetAvoided(true, Five);
        Assert.Equal(Choices[0], Place(_pool, Target(), Five));
        SetAvoided(false, Choices[3]);
        Assert.Equal(Choices[3], Place(_pool, Target(), Five));
        SetAvoided(false, Five);
        Assert.Equal(Choices[0], Place(_pool, Target(), Five));
    }

    [Fact]
    public async Task Who_waits_for_one_that_is_avoided_from_now_on_goes_to_the_second_choice_and_back()
    {
        using var full = Take(_pool, Target(), Five);
        var waiting = TakeAsync(Target());
        SetAvoided(true, Choices[0]);
        Assert.Equal(Choices[1], await PlaceAsync(waiting));
        waiting = TakeAsync(Target());
        full.Dispose();
        Assert.Equal(1, _pool.Waiting);
        SetAvoided(false, Choices[0]);
        Assert.Equal(Choices[0], await PlaceAsync(waiting));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_waits_for_one_that_leaves_goes_to_the_second_choice(bool isDrained)
    {
        using var full = Take(_pool, Target(), Five);
        var waiting = TakeAsync(Target());
        if (isDrained)
        {
            _pool.SetDrained(full.Destination, isDrained: true);
        }
        else
        {
            _pool.Gone(Choices[0]);
        }

        Assert.Equal(Choices[1], await PlaceAsync(waiting));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_waits_for_the_second_choice_goes_to_the_first_when_it_comes_back(bool isDrained)
    {
        using var full = Take(_pool, Target(), Choices[1..]);
        if (isDrained)
        {
            _pool.SetDrained(_pool.Get(Choices[0]), isDrained: true);
        }

        var waiting = TakeAsync(Target(), Choices[1..]);
        Assert.Equal(1, _pool.Waiting);
        if (isDrained)
        {
            _pool.SetDrained(_pool.Get(Choices[0]), isDrained: false);
        }
        else
        {
            _pool.Recovered(Choices[0]);
        }

        Assert.Equal(Choices[0], await PlaceAsync(waiting));
    }

    [Fact]
    public async Task One_that_probes_took_away_does_not_come_back_by_the_end_of_its_drain()
    {
        using var full = Take(_pool, Target(), Choices[1..]);
        var first = _pool.Get(Choices[0]);
        first.IsAvailable = false;
        _pool.SetDrained(first, isDrained: true);
        var waiting = TakeAsync(Target(), Choices[1..]);
        _pool.SetDrained(first, isDrained: false);
        Assert.Equal(1, _pool.Waiting);
        full.Dispose();
        Assert.Equal(Choices[1], await PlaceAsync(waiting));
    }

    [Fact]
    public async Task Who_tried_it_does_not_get_it_again_when_it_comes_back()
    {
        using var full = Take(_pool, Target(), Choices[1..]);
        var waiting = _pool.TakeAsync(Choices[1..], [Choices[0]], Target(), Limit, null, CancellationToken.None).AsTask();
        _pool.Recovered(Choices[0]);
        Assert.Equal(1, _pool.Waiting);
        full.Dispose();
        Assert.Equal(Choices[1], await PlaceAsync(waiting));
    }

    [Theory]
    [InlineData(Stickiness.None)]
    [InlineData(Stickiness.User)]
    public async Task Who_waits_for_the_only_one_allowed_gets_no_other_that_comes_back(object stickiness)
    {
        var target = new SessionTarget(Full() with { Stickiness = (Stickiness)stickiness }, Five[4], User);
        var full = Take(_pool, target, Five[4..]);
        var waiting = TakeAsync(target, Five[4..]);
        _pool.Recovered(Five[0]);
        _pool.Gone(Five[4]);
        Assert.Equal(1, _pool.Waiting);

        // Not its place: it is gone.
        full.Dispose();
        Assert.Equal(1, _pool.Waiting);
        _pool.Recovered(Five[4]);
        Assert.Equal(Five[4], await PlaceAsync(waiting));
    }

    [Fact]
    public async Task Who_takes_any_place_takes_one_of_those_that_are_gone_as_well()
    {
        var full = Take(_pool, new(Full()), Five[..1]);
        var waiting = TakeAsync(new(Full()), Five[..1]);
        _pool.Gone(Five[0]);
        full.Dispose();
        Assert.Equal(Five[0], await PlaceAsync(waiting));
    }

    [Fact]
    public void The_choice_costs_no_byte_for_a_destination()
    {
        string[] many = [.. Enumerable.Range(1, 50).Select(number => $"10.0.0.{number}:143")];
        var target = Target();
        Assert.Equal(Allocated(many[..5]), Allocated(many));

        long Allocated(string[] eligible)
        {
            var allocated = long.MaxValue;
            for (var i = 0; i < 1000; i++)
            {
                // The least: the first ones compile, and make destinations.
                var before = GC.GetAllocatedBytesForCurrentThread();
                var taking = _pool.TakeAsync(eligible, [], target, Limit, null, CancellationToken.None);
                allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
                Assert.True(taking.IsCompletedSuccessfully);
                taking.Result!.Dispose();
            }

            return allocated;
        }
    }

    private static string Name(int number) => $"user{number}@example.com";

    private static BackendSettings Backend() => new()
    {
        Name = "mail",
        Kind = BackendKind.Dovecot,
        Destinations = Five,
        ProxyProtocol = ProxyHeaderVersion.None,
        Stickiness = Stickiness.User,
    };

    /// <summary>With a single place at each destination.</summary>
    private static BackendSettings Full(int queue = 10) => Backend() with { MaxSessions = 1, Queue = new QueueSettings(queue, Limit) };

    private static SessionTarget Target(string user = User, int queue = 10) => new(Full(queue), User: user);

    private static DestinationLease Take(BackendPool pool, SessionTarget target, IReadOnlyList<string> eligible)
    {
        var taking = pool.TakeAsync(eligible, [], target, Limit, null, CancellationToken.None).AsTask();
        Assert.True(taking.IsCompletedSuccessfully);
        return taking.Result!;
    }

    private static string Place(BackendPool pool, SessionTarget target, IReadOnlyList<string> eligible)
    {
        using var lease = Take(pool, target, eligible);
        return lease.Destination.Address;
    }

    private static async Task<string> PlaceAsync(Task<DestinationLease?> taking) =>
        (await taking.WaitAsync(TestClient.Patience))!.Destination.Address;

    private void SetAvoided(bool isAvoided, params string[] addresses) =>
        Array.ForEach(addresses, address => _pool.SetAvoided(_pool.Get(address), isAvoided));

    private Task<DestinationLease?> TakeAsync(SessionTarget target, IReadOnlyList<string>? eligible = null) =>
        _pool.TakeAsync(eligible ?? Five, [], target, Limit, null, CancellationToken.None).AsTask();

    /// <summary>Where ten thousand users go.</summary>
    private string[] Places(string[] eligible) => [.. Enumerable.Range(0, 10_000).Select(i => Place(_pool, Target(Name(i)), eligible))];
}
