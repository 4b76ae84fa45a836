using TlsFront.Configuration;
using TlsFront.Configuration.Schema;

namespace TlsFront.Policies;

/// <summary>
/// Says once a day which exceptions end in the next 30 days, and which have ended: those whom they let in are refused from that day on, whether
/// anybody remembers it or not.
/// </summary>
internal sealed partial class PolicyEndings(SettingsStore settings, TimeProvider time, ILogger<PolicyEndings> logger) : BackgroundService
{
    private static readonly TimeSpan Notice = TimeSpan.FromDays(30);
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            Tell();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Tell()
    {
        var now = time.GetUtcNow();
        foreach (var policy in settings.Current.Policies.Where(static policy => policy is { IsException: true, Until: not null }))
        {
            var (left, until) = (policy.Until!.Value - now, new InstantType().Format(policy.Until.Value));
            if (left <= TimeSpan.Zero)
            {
                Log.Ended(logger, policy.Name, until);
            }
            else if (left <= Notice)
            {
                Log.Ends(logger, policy.Name, until, (int)Math.Ceiling(left.TotalDays));
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            350, LogLevel.Warning, "Policy {Policy} ends at {Until}, within {Days} days; logins it lets in are refused from then on",
            EventName = "PolicyEnds")]
        public static partial void Ends(ILogger logger, string policy, string until, int days);

        [LoggerMessage(
            351, LogLevel.Warning, "Policy {Policy} ended at {Until}: logins it let in are refused; remove it", EventName = "PolicyEnded")]
        public static partial void Ended(ILogger logger, string policy, string until);
    }
}
