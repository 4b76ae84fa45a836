using CsCheck;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Admission;

namespace TlsFront.Tests.Admission;

public sealed class ClientRateLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void All_may_come_at_once_and_are_earned_back_evenly()
    {
        var limiter = new ClientRateLimiter(new(60, TimeSpan.FromMinutes(1)), _time);
        Assert.Equal(60, Enumerable.Range(0, 100).Count(_ => Acquire(limiter, 1)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Acquire(limiter, 1));
        Assert.False(Acquire(limiter, 1));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => Acquire(limiter, 1)));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(60, Enumerable.Range(0, 100).Count(_ => Acquire(limiter, 1)));
    }

    [Fact]
    public void Clients_do_not_pay_for_each_other()
    {
        var limiter = new ClientRateLimiter(new(1, TimeSpan.FromMinutes(1)), _time);
        Assert.True(Acquire(limiter, 1));
        Assert.True(Acquire(limiter, 2));
        Assert.False(Acquire(limiter, 1));
    }

    /// <summary>Whatever is forgotten, nobody below the capacity gets more or less than the model, which forgets nothing.</summary>
    [Fact]
    public void It_grants_what_a_plain_bucket_grants() =>
        Gen.Select(Gen.Int[1, 5], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 40]).List[1, 200]).Sample((count, events) =>
        {
            var time = new FakeTimeProvider();
            var limiter = new ClientRateLimiter(new(count, TimeSpan.FromSeconds(count * 2)), time);
            var model = new Dictionary<int, (double Tokens, long At)>();
            var now = 0L;
            foreach (var (client, tenths) in events)
            {
                now += tenths;
                time.Advance(TimeSpan.FromMilliseconds(100 * tenths));
                var (tokens, at) = model.GetValueOrDefault(client, (count, now));
                tokens = Math.Min(count, tokens + ((now - at) / 20.0));
                var expected = tokens >= 0.9999;
                model[client] = (expected ? tokens - 1 : tokens, now);
                if (Acquire(limiter, client) != expected)
                {
                    return false;
                }
            }

            return true;
        });

    [Fact]
    public void No_more_than_two_generations_are_remembered()
    {
        var limiter = new ClientRateLimiter(new(1, TimeSpan.FromHours(1)), _time);
        for (var client = 0; client <= 2 * ClientRateLimiter.Capacity; client++)
        {
            Assert.True(Acquire(limiter, client));
        }

        Assert.False(Acquire(limiter, ClientRateLimiter.Capacity));
        Assert.True(Acquire(limiter, 0));
    }

    [Fact]
    public void A_flood_of_others_frees_nobody_who_keeps_coming()
    {
        var limiter = new ClientRateLimiter(new(1, TimeSpan.FromHours(1)), _time, capacity: 100);
        Assert.True(Acquire(limiter, -1));
        for (var client = 0; client < 10_000; client++)
        {
            Acquire(limiter, client);
            Assert.False(client % 50 == 0 && Acquire(limiter, -1));
        }
    }

    [Fact]
    public void Idle_clients_take_no_room_from_those_who_come_later()
    {
        var limiter = new ClientRateLimiter(new(1, TimeSpan.FromMinutes(1)), _time, capacity: 100);
        for (var client = 0; client < 90; client++)
        {
            Acquire(limiter, client);
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Acquire(limiter, -1));
        for (var client = 100; client < 250; client++)
        {
            Acquire(limiter, client);
        }

        Assert.False(Acquire(limiter, -1));
    }

    private static bool Acquire(ClientRateLimiter limiter, int client)
    {
        using var lease = limiter.AttemptAcquire((UInt128)(uint)client);
        return lease.IsAcquired;
    }
}
