using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Policies;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Policies;

/// <summary>An exception that ends is told of before, day by day.</summary>
public sealed class PolicyEndingsTests
{
    private static readonly DateTimeOffset Day = new(2027, 3, 31, 0, 0, 0, TimeSpan.FromHours(2));

    [Fact]
    public async Task The_last_30_days_and_the_end_are_told_of_exceptions_alone()
    {
        var time = new FakeTimeProvider(Day.AddDays(-30));
        var log = new LogTap("PolicyEnds", "PolicyEnded");
        var printers = new PolicySettings { Name = "printers", Action = PolicyAction.Allow, TlsBelow = TlsVersion.Tls12, Until = Day };
        var settings = new SettingsStore(TestGateway.Settings(".") with
        {
            Policies = [printers, new() { Name = "other", Action = PolicyAction.Refuse, Until = Day }],
        });
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var endings = new PolicyEndings(settings, time, loggers.CreateLogger<PolicyEndings>());
        await endings.StartAsync(CancellationToken.None);
        for (var left = 30; left > 0; left--)
        {
            Assert.Equal(
                $"PolicyEnds: Policy printers ends at 2027-03-31T00:00:00+02:00, within {left} days; logins it lets in are refused from then on",
                await log.NextAsync());

            // A timer keeps one tick for whoever is not waiting yet.
            time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(
            "PolicyEnded: Policy printers ended at 2027-03-31T00:00:00+02:00: logins it let in are refused; remove it", await log.NextAsync());
        Assert.Equal(0, log.Count);
        await endings.StopAsync(CancellationToken.None);
    }
}
