using TlsFront.Backends;
using TlsFront.Backends.Probes;

namespace TlsFront.Tests.Backends;

public sealed class RecentTimesTests
{
    [Fact]
    public void Of_nothing_there_is_no_spread() => Assert.Null(new RecentTimes().Spread());

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 1, 2, 2)]
    [InlineData(20, 10, 19, 20)]
    [InlineData(100, 50, 95, 100)]
    public void The_spread_is_of_what_was_added(int count, int median, int percentile, int longest)
    {
        var times = new RecentTimes();
        foreach (var number in Enumerable.Range(1, count).Reverse())
        {
            times.Add(TimeSpan.FromSeconds(number));
        }

        Assert.Equal(
            new TimeSpread(count, TimeSpan.FromSeconds(median), TimeSpan.FromSeconds(percentile), TimeSpan.FromSeconds(longest)), times.Spread());
    }

    [Fact]
    public void What_is_old_is_forgotten()
    {
        var times = new RecentTimes();
        times.Add(TimeSpan.FromHours(1));
        for (var count = 0; count < RecentTimes.Capacity; count++)
        {
            times.Add(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(TimeSpan.FromSeconds(1), times.Spread()!.Longest);
    }

    [Fact]
    public void A_destination_remembers_its_last_probes_without_what_the_server_said()
    {
        var destination = new Destination("192.0.2.1:143");
        for (var probe = 0; probe < Destination.RememberedProbes + 3; probe++)
        {
            destination.Probed(
                new ProbeNote(
                    DateTimeOffset.UnixEpoch.AddSeconds(probe), TimeSpan.FromSeconds(1),
                    new ProbeResult(null) { Greeting = new Greeting(Opening.Ready, new byte[100]) }));
        }

        Assert.Equal(
            Enumerable.Range(3, Destination.RememberedProbes).Select(second => DateTimeOffset.UnixEpoch.AddSeconds(second)),
            destination.Probes.Select(probe => probe.At));
        Assert.Equal(destination.Probes[^1], destination.LastProbe);
        Assert.All(destination.Probes, probe => Assert.True(probe.Result.Greeting.Bytes.IsEmpty));
    }
}
