using TlsFront.Transport.Native;

namespace TlsFront.Tests.Transport.Native;

public sealed class TimerWheelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(1_000)]
    [InlineData(40_000)]
    [InlineData(2_100_000)]
    public void A_deadline_is_told_never_early_and_at_most_a_tick_late(long after)
    {
        var wheel = new TimerWheel(1_000_003);
        var timer = new Probe();
        wheel.Set(timer, 1_000_003 + after);
        for (var now = 1_000_003L; now < 1_000_003 + after; now += 13)
        {
            wheel.Advance(now);
            Assert.Equal(0, timer.Calls);
        }

        wheel.Advance(1_000_003 + after + TimerWheel.Tick);
        Assert.Equal(1, timer.Calls);
    }

    [Fact]
    public void A_deadline_moved_later_is_told_once_and_late()
    {
        var wheel = new TimerWheel(0);
        var timer = new Probe();
        wheel.Set(timer, 100);
        wheel.Set(timer, 5_000);
        wheel.Advance(4_999);
        Assert.Equal(0, timer.Calls);
        wheel.Advance(5_064);
        wheel.Advance(50_000);
        Assert.Equal(1, timer.Calls);
    }

    [Fact]
    public void A_deadline_moved_earlier_is_told_early()
    {
        var wheel = new TimerWheel(0);
        var timer = new Probe();
        wheel.Set(timer, 5_000);
        wheel.Set(timer, 100);
        wheel.Advance(200);
        Assert.Equal(1, timer.Calls);
    }

    [Fact]
    public void A_timer_may_remove_others_of_its_slot_and_set_itself()
    {
        var wheel = new TimerWheel(0);
        var timers = Enumerable.Range(0, 5).Select(static _ => new Probe()).ToArray();
        foreach (var timer in timers)
        {
            wheel.Set(timer, 100);
            timer.Action = () =>
            {
                foreach (var other in timers)
                {
                    wheel.Set(other, long.MaxValue);
                }

                wheel.Set(timer, timer.Calls == 1 ? 300 : long.MaxValue);
            };
        }

        wheel.Advance(200);
        Assert.Equal(1, timers.Sum(static timer => timer.Calls));
        wheel.Advance(400);
        Assert.Equal(2, timers.Sum(static timer => timer.Calls));
    }

    [Fact]
    public void The_next_look_is_at_the_next_slot_with_a_timer()
    {
        var wheel = new TimerWheel(0);
        Assert.Equal(-1, wheel.UntilNext(0));
        var timer = new Probe();
        wheel.Set(timer, 1_000);
        Assert.InRange(wheel.UntilNext(0), 1_000, 1_000 + TimerWheel.Tick);
        wheel.Set(timer, long.MaxValue);
        Assert.Equal(-1, wheel.UntilNext(0));
    }

    private sealed class Probe : LoopTimer
    {
        public int Calls { get; private set; }

        public Action? Action { get; set; }

        public override void OnDue()
        {
            Calls++;
            Action?.Invoke();
        }
    }
}
