using System.Globalization;
using TlsFront.Inventory;
using TlsFront.Migration;

namespace TlsFront.Cli;

/// <summary>Who of a report is to be told now, and who is not.</summary>
internal sealed class NoticeRun
{
    private NoticeRun()
    {
    }

    /// <summary>Whom to tell.</summary>
    public List<Notice> Notices { get; } = [];

    /// <summary>Users who were told not long ago, or not seen since.</summary>
    public long Waiting { get; private set; }

    /// <summary>
    /// Users of whom only tries tell that failed where they never logged in: anybody may have typed their names, to have them written to.
    /// </summary>
    public long Unproven { get; private set; }

    /// <summary>Users who are kept under pseudonyms.</summary>
    public long Hidden { get; private set; }

    /// <summary>
    /// Chooses from the logins of <paramref name="filter"/>. Who was told is told again after <paramref name="againAfter"/>; never if that is zero.
    /// </summary>
    public static NoticeRun Of(InventoryReader reader, UsageFilter filter, TimeSpan againAfter, DateTimeOffset now)
    {
        var run = new NoticeRun();
        var (told, homes, unproven) = (reader.Told(), reader.HomesOfRefused(), new HashSet<string>(StringComparer.Ordinal));
        bool IsProven(ObservedLogin login)
        {
            if (login.IsAccepted || login.User is not { } user || homes.Contains((user, login.Network)))
            {
                return true;
            }

            if (filter.Matches(login) && Urgencies.Of(login) > Urgency.None)
            {
                unproven.Add(user);
            }

            return false;
        }

        var report = UsageReport.Of(reader.Logins(filter.Since).Where(IsProven), filter, UsageGroup.User, now);
        foreach (var row in report.Rows.Where(static row => row.Urgency > Urgency.None && row.Name != UsageReport.Unknown))
        {
            unproven.Remove(row.Name);
            var isTold = told.TryGetValue(row.Name, out var last);
            if (isTold && (againAfter == TimeSpan.Zero || last.At + againAfter > now || row.LastToMove <= last.At))
            {
                run.Waiting++;
            }
            else if (row.Name.StartsWith(UserNames.Prefix, StringComparison.Ordinal))
            {
                run.Hidden++;
            }
            else
            {
                run.Notices.Add(Notice.Of(row, isTold ? last.At : null, last.Times));
            }
        }

        run.Unproven = unproven.Count;
        return run;
    }

    /// <summary>Those who are not told, in words; empty if there are none.</summary>
    public string WordsOfOthers()
    {
        (long Count, string Words)[] others =
        [
            (Waiting, "already told: too recently, or not seen the old way since"),
            (Unproven, "named only by failed tries from networks where they never logged in"),
            (Hidden, "kept under pseudonyms"),
        ];
        return string.Concat(others.Where(static other => other.Count > 0)
            .Select(static other => string.Create(CultureInfo.InvariantCulture, $"; {other.Count} {other.Words}")));
    }
}
