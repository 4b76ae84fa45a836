using TlsFront.Inventory;

namespace TlsFront.Migration;

/// <summary>
/// Who still uses what, ordered by what to do first: those in cleartext, with TLS before 1.2, on STARTTLS; of each the last seen first. Names of
/// refused logins are not verified.
/// </summary>
internal sealed class UsageReport
{
    /// <summary>Stands for users whose mechanism does not show their name, and for clients of an engine that tells no fingerprint.</summary>
    public const string Unknown = "(unknown)";

    private static readonly TimeSpan[] Ago = [TimeSpan.Zero, TimeSpan.FromDays(7), TimeSpan.FromDays(30)];

    private readonly Dictionary<string, Usage> _rows = new(StringComparer.Ordinal);

    private UsageReport()
    {
    }

    /// <summary>The rows.</summary>
    public IReadOnlyList<Usage> Rows { get; private set; } = [];

    /// <summary>The last day, the day a week before it, and that a month before it.</summary>
    public IReadOnlyList<(string Name, Adoption Adoption)> Adoption { get; } = [("day", new()), ("week", new()), ("month", new())];

    /// <summary>Since when logins matter to a report that is about those since <paramref name="since"/>; null for all.</summary>
    public static DateTimeOffset? Begin(DateTimeOffset? since, DateTimeOffset now) =>
        since is { } moment && now - Ago[^1] - TimeSpan.FromDays(1) is var progress ? (moment < progress ? moment : progress) : null;

    /// <summary>Makes a report of <paramref name="logins"/>.</summary>
    public static UsageReport Of(IEnumerable<ObservedLogin> logins, UsageFilter filter, UsageGroup group, DateTimeOffset now)
    {
        var report = new UsageReport();
        foreach (var login in logins)
        {
            for (var i = 0; i < Ago.Length; i++)
            {
                if (login.First < now - Ago[i] && login.At >= now - Ago[i] - TimeSpan.FromDays(1))
                {
                    report.Adoption[i].Adoption.Add(login);
                }
            }

            if (filter.Matches(login))
            {
                report.Add(login, group);
            }
        }

        var rows = report._rows.Values
            .Where(row => row.Logins + row.Refused + row.Exposed > 0 && (filter.Kind is null || row.Kind == filter.Kind)).ToArray();
        Array.Sort(rows, static (one, other) =>
            other.Urgency.CompareTo(one.Urgency) is var byUrgency and not 0 ? byUrgency
            : other.Last.CompareTo(one.Last) is var byTime and not 0 ? byTime
            : string.CompareOrdinal(one.Name, other.Name));
        report.Rows = rows;
        return report;
    }

    private void Add(ObservedLogin login, UsageGroup group)
    {
        var name = group switch
        {
            UsageGroup.User => login.User ?? Unknown,
            UsageGroup.Network => login.Network,
            UsageGroup.Ja4 => login.Ja4 ?? Unknown,
            UsageGroup.Program => login.Program ?? Unknown,
            _ => login.Listener,
        };
        if (!_rows.TryGetValue(name, out var row))
        {
            _rows.Add(name, row = new Usage(name));
        }

        row.Add(login);
    }
}
