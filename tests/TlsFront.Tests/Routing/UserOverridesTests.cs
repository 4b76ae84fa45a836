using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Connections;
using TlsFront.Routing;

namespace TlsFront.Tests.Routing;

/// <summary>Holds and moves of users, without a session.</summary>
public sealed class UserOverridesTests : IDisposable
{
    private static readonly UserMove Imap = new("imap", "second", null);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger<UserOverrides> _logger = new();
    private readonly UserOverrides _overrides;

    public UserOverridesTests() => _overrides = new(_time, _logger);

    public void Dispose() => _overrides.Dispose();

    [Fact]
    public async Task A_release_lets_all_go_on_who_wait()
    {
        Hold("Bob@Example.org");
        var first = WaitAsync("bob@example.org");
        var second = WaitAsync("bob@example.org");
        Assert.False(first.IsCompleted || second.IsCompleted);
        Assert.Equal(CloseReason.None, await WaitAsync("alice@example.org"));

        Assert.Equal(2, Assert.Single(_overrides.All).Waiting);
        Assert.Equal(2, _overrides.Release("BOB@example.org")!.Waiting);
        Assert.Equal([CloseReason.None, CloseReason.None], await Task.WhenAll(first, second));
        Assert.False(_overrides.IsHeld("bob@example.org"));
        Assert.Empty(_overrides.All);
        Assert.Null(_overrides.Release("bob@example.org"));
        Assert.Equal(0, _logger.Collector.Count);
    }

    [Fact]
    public async Task A_hold_ends_by_itself_and_says_so()
    {
        Hold("bob");
        Assert.Equal(_time.GetUtcNow() + UserOverrides.DefaultHold, Assert.Single(_overrides.All).HeldUntil);
        var waiting = WaitAsync("bob");
        _time.Advance(UserOverrides.DefaultHold - TimeSpan.FromSeconds(1));
        Assert.True(_overrides.IsHeld("bob"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(CloseReason.None, await waiting);
        Assert.Empty(_overrides.All);
        Assert.Equal(
            "The hold on logins of user bob expired before it was released; 1 of them go on", Assert.Single(_logger.Collector.GetSnapshot()).Message);
    }

    [Fact]
    public async Task A_second_hold_sets_the_end_anew_for_those_who_wait_as_well()
    {
        Hold("bob");
        var waiting = WaitAsync("bob");
        _overrides.Hold("bob", TimeSpan.FromMinutes(5));
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.False(waiting.IsCompleted);
        _overrides.Hold("bob", TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(CloseReason.None, await waiting);
    }

    [Fact]
    public void The_end_of_a_hold_that_was_released_is_not_that_of_the_next()
    {
        Hold("bob");
        _time.Advance(TimeSpan.FromSeconds(30));
        _overrides.Release("bob");
        Hold("bob");
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.True(_overrides.IsHeld("bob"));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(_overrides.IsHeld("bob"));
    }

    [Theory]
    [InlineData("client", CloseReason.QueueClientLeft)]
    [InlineData("drain", CloseReason.Drained)]
    [InlineData("stop", CloseReason.Aborted)]
    public async Task Who_leaves_or_must_end_waits_no_longer(string what, object reason)
    {
        using var source = new CancellationTokenSource();
        var (client, drain, stop) = (new Watch(), CancellationToken.None, CancellationToken.None);
        _ = what switch
        {
            "client" => client.Left = source.Token,
            "drain" => drain = source.Token,
            _ => stop = source.Token,
        };
        Hold("bob");
        var waiting = _overrides.WaitAsync("bob", client, drain, stop).AsTask();
        Assert.False(waiting.IsCompleted);
        await source.CancelAsync();
        Assert.Equal((CloseReason)reason, await waiting);
        Assert.Equal(0, Assert.Single(_overrides.All).Waiting);
    }

    [Fact]
    public async Task One_user_cannot_take_the_places_of_all()
    {
        Hold("bob");
        Hold("alice");
        var waiting = Enumerable.Range(0, UserOverrides.MaxWaitingOfUser).Select(_ => WaitAsync("bob")).ToList();
        Assert.Equal(CloseReason.BackendBusy, await WaitAsync("bob"));
        var alice = WaitAsync("alice");
        Assert.False(alice.IsCompleted);

        _overrides.Release("bob");
        await Task.WhenAll(waiting);
        Hold("bob");
        Assert.False(WaitAsync("bob").IsCompleted);
    }

    [Fact]
    public async Task Only_so_many_logins_wait_in_total()
    {
        for (var i = 0; i < UserOverrides.MaxWaiting; i++)
        {
            var user = $"user{i / UserOverrides.MaxWaitingOfUser}";
            Hold(user);
            Assert.False(WaitAsync(user).IsCompleted);
        }

        Hold("bob");
        Assert.Equal(CloseReason.BackendBusy, await WaitAsync("bob"));
    }

    [Fact]
    public void Only_so_many_users_are_held_or_moved_and_one_that_is_known_may_change()
    {
        for (var i = 0; i < UserOverrides.MaxUsers; i++)
        {
            Assert.NotNull(_overrides.Move($"user{i}", Imap));
        }

        Assert.Null(_overrides.Move("bob", Imap));
        Assert.Null(_overrides.Hold("bob", UserOverrides.DefaultHold));
        Assert.NotNull(_overrides.Hold("user7", UserOverrides.DefaultHold));
        _overrides.Unmove("user8");
        Assert.NotNull(_overrides.Move("bob", Imap));
    }

    [Fact]
    public void A_user_has_one_move_for_each_protocol_until_all_are_taken_back()
    {
        _overrides.Move("Bob", new UserMove("pop3", "second-pop3", "192.0.2.1:110"));
        _overrides.Move("bob", new UserMove("imap", "first", null));
        var moved = _overrides.Move("BOB", Imap)!;
        Assert.Equal("bob", moved.User);
        Assert.Equal(["second", "second-pop3:192.0.2.1:110"], moved.Moves.Select(static move => move.Target));
        Assert.Equal(Imap, _overrides.FindMove("bob", "imap"));
        Assert.Null(_overrides.FindMove("bob", "smtp"));
        Assert.Null(_overrides.FindMove("alice", "imap"));

        Hold("bob");
        _overrides.Release("bob");
        Assert.Equal(Imap, _overrides.FindMove("bob", "imap"));
        Assert.Empty(_overrides.Unmove("bob")!.Moves);
        Assert.Null(_overrides.FindMove("bob", "imap"));
        Assert.Null(_overrides.Unmove("bob"));
        Assert.Empty(_overrides.All);
    }

    [Theory]
    [InlineData("bob", null)]
    [InlineData("DOMAIN\\bob smith", null)]
    [InlineData("", "is empty")]
    [InlineData("*", "stands for several users")]
    [InlineData("*@example.org", "stands for several users")]
    [InlineData("@example.org", "stands for several users")]
    [InlineData("bob\r\n", "control character")]
    public void One_user_is_meant(string user, string? problem)
    {
        if (problem is null)
        {
            Assert.Null(UserOverrides.Check(user));
        }
        else
        {
            Assert.Contains(problem, UserOverrides.Check(user), StringComparison.Ordinal);
        }
    }

    private void Hold(string user) => Assert.NotNull(_overrides.Hold(user, UserOverrides.DefaultHold));

    private Task<CloseReason> WaitAsync(string key) => _overrides.WaitAsync(key, new Watch(), default, default).AsTask();

    private sealed class Watch : IClientWatch
    {
        public CancellationToken Left { get; set; }

        public CancellationToken ClientLeft => Left;
    }
}
