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

    /// <summary>Names that no login proved: anybody may have made them up, to have somebody else written to.</summary>
    public long Unproven { get; private set; }

    /// <summary>Users who are kept under pseudonyms.</summary>
    public long Hidden { get; private set; }

    /// <summary>
    /// Chooses from <paramref name="report"/>. Who was told is told again after <paramref name="againAfter"/>; never if that is zero.
    /// </summary>
    public static NoticeRun Of(UsageReport report, InventoryReader reader, TimeSpan againAfter, DateTimeOffset now)
    {
        var run = new NoticeRun();
        var told = reader.Told();
        foreach (var row in report.Rows.Where(static row => row.Urgency > Urgency.None && row.Name != UsageReport.Unknown))
        {
            var isTold = told.TryGetValue(row.Name, out var last);
            if (isTold && (againAfter == TimeSpan.Zero || last.At + againAfter > now || row.LastToMove <= last.At))
            {
                run.Waiting++;
            }
            else if (row.Name.StartsWith(UserNames.Prefix, StringComparison.Ordinal))
            {
                run.Hidden++;
            }
            else if (row.Logins == 0 && !reader.HasAccepted(row.Name))
            {
                run.Unproven++;
            }
            else
            {
                run.Notices.Add(Notice.Of(row, isTold ? last.At : null, last.Times));
            }
        }

        return run;
    }

    /// <summary>Those who are not told, in words; empty if there are none.</summary>
    public string WordsOfOthers()
    {
        (long Count, string Words)[] others =
        [
            (Waiting, "told before, and to wait or not seen since"),
            (Unproven, "without a login that was ever accepted: nobody proved the name"),
            (Hidden, "kept under pseudonyms"),
        ];
        return string.Concat(others.Where(static other => other.Count > 0)
            .Select(static other => string.Create(CultureInfo.InvariantCulture, $"; {other.Count} {other.Words}")));
    }
}
