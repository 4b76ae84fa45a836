using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.Migration;

namespace TlsFront.Admin.Live;

/// <summary>
/// Reads the inventory while somebody looks: on a thread of its own, once in <see cref="Interval"/>, and less often where that takes long. Who looks
/// never waits, and gets what was read last.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="lifetime">A reading ends with the process.</param>
/// <param name="turn">Without it nothing is read.</param>
/// <param name="logger">Told of faults that are not the database's.</param>
/// <param name="store">The inventory; null where none is kept.</param>
internal sealed partial class MigrationWatch(
    TimeProvider time, IHostApplicationLifetime lifetime, InventoryTurn turn, ILogger<MigrationWatch> logger, InventoryStore? store = null)
{
    /// <summary>Shortest time between two readings.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>After this a reading is called slow.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);

    /// <summary>After this it is given up.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>How many times as long as a reading took there is none: it costs 5 % of a processor at most.</summary>
    private const int Rest = 20;

    /// <summary>Rows of a group that are shown.</summary>
    private const int MostRows = 10;

    /// <summary>Rows of a group that are told apart, some 50 MB of them: with more it is not shown.</summary>
    private const int MostNames = 100_000;

    /// <summary>Users of a day that are told apart, some 100 MB of them.</summary>
    private const int MostUsers = 1_000_000;

    /// <summary>Days of the plots, a year with this one.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromDays(364);

    private static readonly UsageGroup[] Groups = [UsageGroup.Listener, UsageGroup.Program, UsageGroup.Network, UsageGroup.User];

    /// <summary>Time that the groups are about.</summary>
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly Lock _gate = new();
    private LiveMigration _last = new(store is null ? "off" : "reading", false, null, null, null, [], [], []);
    private bool _isReading;
    private bool _isForTrusted;
    private bool _wasForTrusted;
    private long _began;
    private TimeSpan _pause;

    /// <summary>What is known of the migration. Names of users, programs and networks are for the trusted alone.</summary>
    public LiveMigration Look(bool isTrusted)
    {
        LiveMigration last;
        lock (_gate)
        {
            var elapsed = time.GetElapsedTime(_began);
            _isForTrusted |= isTrusted;
            if (store is not null && !_isReading && (elapsed >= _pause || (isTrusted && !_wasForTrusted))
                && !lifetime.ApplicationStopping.IsCancellationRequested && turn.TryTake())
            {
                Begin(store);
                elapsed = TimeSpan.Zero;
            }

            last = _last with { Slow = _isReading && elapsed >= Slow };
        }

        return isTrusted ? last : last with
        {
            Problem = last.Problem is null ? null : "the inventory cannot be read",
            Groups = [.. last.Groups.Where(static group => group.By == NameOf(UsageGroup.Listener))],
        };
    }

    private static string NameOf(UsageGroup group) => group.ToString().ToLowerInvariant();

    /// <summary>Begins to read. What only the trusted see is read if one of them has looked since the last time.</summary>
    private void Begin(InventoryStore inventory)
    {
        (_isReading, _began, _wasForTrusted, _isForTrusted) = (true, time.GetTimestamp(), _isForTrusted, false);
        UsageGroup[] groups = _wasForTrusted ? Groups : [UsageGroup.Listener];
        try
        {
            _ = Task.Factory.StartNew(
                () => Read(inventory, groups), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch
        {
            // There is no thread to be had; the next who looks tries again.
            _isReading = false;
            turn.Return();
            throw;
        }
    }

    private void Read(InventoryStore inventory, UsageGroup[] groups)
    {
        LiveMigration? read = null;
        string? problem = null;
        using var deadline = new CancellationTokenSource(Longest, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, lifetime.ApplicationStopping);
        try
        {
            read = Read(new InventoryReader(inventory, stop.Token), groups, time.GetUtcNow());
        }
        catch (Exception exception) when (InventoryStore.IsOfStore(exception))
        {
            problem = $"{inventory.Name}: {inventory.WordsOf(exception)}";
        }
        catch (OperationCanceledException)
        {
            problem = $"{inventory.Name}: reading it takes longer than {Longest.TotalSeconds:0} s";
        }
        catch (Exception exception)
        {
            // A page is not worth a gateway.
            Log.Failed(logger, exception);
            problem = "see the log for event LiveMigrationFailed";
        }

        lock (_gate)
        {
            _isReading = false;
            _pause = time.GetElapsedTime(_began) * Rest;
            _pause = _pause > Interval ? _pause : Interval;
            _last = read ?? _last with { State = "failed", Problem = problem };
            turn.Return();
        }
    }

    private static LiveMigration Read(InventoryReader reader, UsageGroup[] groups, DateTimeOffset now)
    {
        var totals = reader.Totals(now - Window, now).ToList();
        var progress = new Progress(now, MostUsers);
        var filter = new UsageFilter(now - Week, null, null, null, null);
        var reports = groups.Select(group => (Group: group, Report: new UsageReport(filter, group) { Bound = MostNames })).ToList();

        // The days between say nothing that is shown. Names of refused logins are anybody's: those count for rows that are there.
        var begin = now - Week - TimeSpan.FromDays(1);
        var last = reader.Logins(begin, now).Where(static login => login.IsAccepted);
        var month = reader.Logins(Progress.Begin(now), Progress.Begin(now) + TimeSpan.FromDays(1)).Where(static login => login.IsAccepted);
        var refused = reader.Logins(begin, now).Where(static login => !login.IsAccepted);
        foreach (var login in last.Concat(month).Concat(refused))
        {
            progress.Add(login);
            if (!login.MeetsRfc8314)
            {
                reports.ForEach(entry => entry.Report.Add(login));
            }
        }

        return new(
            "read", Slow: false, Problem: null, now,
            totals.Count == 0 ? null : DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(totals[0].Day)), Days(totals, now),
            [.. progress.Days.Select(static day => new LiveMigration.Share(day.Name, day.Adoption.Logins, day.Adoption.Users))],
            [.. reports.Select(static entry => new LiveMigration.Group(
                NameOf(entry.Group), entry.Report.Rows.Count, entry.Report.IsBeyondBound, [.. entry.Report.Rows.Take(MostRows).Select(Row)]))]);
    }

    /// <summary>The totals as one figure a day, from the first day to this one.</summary>
    private static List<LiveLogins> Days(List<DayTotal> totals, DateTimeOffset now)
    {
        var series = new List<LiveLogins>();
        foreach (var kind in totals.GroupBy(static total => (total.Transport, total.Tls)).OrderBy(static kind => kind.Key))
        {
            var counts = new long[InventoryBatch.DayOf(now) - totals[0].Day + 1];
            foreach (var total in kind)
            {
                counts[total.Day - totals[0].Day] += total.Logins;
            }

            series.Add(new(kind.Key.Transport.Tag(), kind.Key.Tls?.Words(), counts.Sum(), counts));
        }

        return series;
    }

    private static LiveMigration.Row Row(Usage usage) => new(
        usage.Name, usage.Logins, usage.Cleartext, usage.StartTls, usage.Refused, usage.Exposed, [.. usage.Versions], usage.Last);

    private static partial class Log
    {
        [LoggerMessage(224, LogLevel.Error, "The migration part of the live page could not be computed", EventName = "LiveMigrationFailed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
