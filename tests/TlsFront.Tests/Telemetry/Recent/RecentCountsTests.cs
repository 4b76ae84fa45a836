using TlsFront.Telemetry.Recent;

namespace TlsFront.Tests.Telemetry.Recent;

public sealed class RecentCountsTests
{
    [Fact]
    public void The_step_that_runs_is_in_the_sum_and_not_among_the_complete_ones()
    {
        var counts = new RecentCounts();
        counts.Add(7);
        counts.Add(7);
        Assert.Equal(2, counts.Sum(7));
        Assert.Equal(0, counts.Before(7).Sum());
        Assert.Equal([.. new int[RecentCounts.Steps - 1], 2], counts.Before(8));
    }

    [Theory]
    [InlineData(RecentCounts.Steps, 1)]
    [InlineData(RecentCounts.Steps + 1, 0)]
    [InlineData(RecentCounts.Steps * 3, 0)]
    [InlineData(long.MaxValue / 2, 0)]
    public void What_is_older_than_the_window_is_forgotten_and_stays_in_the_total(long later, int expected)
    {
        var counts = new RecentCounts();
        counts.Add(0);
        Assert.Equal(expected, counts.Sum(later));
        Assert.Equal(expected, counts.Before(later).Sum());
        Assert.Equal(1, counts.Total);
    }

    [Fact]
    public void Every_step_is_where_it_belongs_over_many_turns()
    {
        var counts = new RecentCounts();
        for (var step = 0L; step < RecentCounts.Steps * 5; step++)
        {
            counts.Add(step);
            if (step % 7 == 0)
            {
                counts.Add(step);
            }

            var complete = Enumerable.Range(0, RecentCounts.Steps)
                .Select(index => step - RecentCounts.Steps + index)
                .Select(number => number < 0 ? 0 : number % 7 == 0 ? 2 : 1);
            Assert.Equal(complete, counts.Before(step));
        }
    }
}
