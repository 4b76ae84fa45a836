using TlsFront.Inventory;

namespace TlsFront.Migration;

/// <summary>
/// Who still uses what, ordered by what to do first: those in cleartext, with TLS before 1.2, with a weak cipher suite, on STARTTLS; of each the
/// last seen first. Names of refused logins are not verified.
/// </summary>
/// <param name="filter">Which logins it is about.</param>
/// <param name="group">What its rows are.</param>
internal sealed class UsageReport(UsageFilter filter, UsageGroup group)
{
    /// <summary>Stands for users whose mechanism does not show their name, and for clients of an engine that tells no fingerprint.</summary>
    public const string Unknown = "(unknown)";

    private readonly Dictionary<string, Usage> _rows = new(StringComparer.Ordinal);

    /// <summary>
    /// Most rows, for a report whose memory has a bound; null for none. Its rows begin with an accepted login, so that names which strangers make up
    /// take no place: those are to be added first. They have figures, and no lists.
    /// </summary>
    public int? Bound { get; init; }

    /// <summary>Whether there would be more rows than <see cref="Bound"/>; then there are none.</summary>
    public bool IsBeyondBound { get; private set; }

    /// <summary>Whether there is no such login, of whichever <see cref="UsageFilter.Kind"/> its row may be.</summary>
    public bool IsEmpty => !_rows.Values.Any(HasLogins);

    /// <summary>The rows.</summary>
    public IReadOnlyList<Usage> Rows => field ??= InOrder();

    /// <summary>The last day, the day a week before it, and that a month before it.</summary>
    public IReadOnlyList<(string Name, Adoption Adoption)> Adoption { get; private init; } = [];

    /// <summary>Since when logins matter to a report that is about those since <paramref name="since"/>; null for all.</summary>
    public static DateTimeOffset? Begin(DateTimeOffset? since, DateTimeOffset now) =>
        since is { } moment && Progress.Begin(now) is var progress ? (moment < progress ? moment : progress) : null;

    /// <summary>Makes a report of <paramref name="logins"/>, with how far the migration is.</summary>
    public static UsageReport Of(IEnumerable<ObservedLogin> logins, UsageFilter filter, UsageGroup group, DateTimeOffset now)
    {
        var progress = new Progress(now);
        var report = new UsageReport(filter, group) { Adoption = progress.Days };
        foreach (var login in logins)
        {
            progress.Add(login);
            report.Add(login);
        }

        return report;
    }

    /// <summary>Adds a login, or several of a kind, before the rows are asked for.</summary>
    public void Add(ObservedLogin login)
    {
        if (IsBeyondBound || !filter.Matches(login))
        {
            return;
        }

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
            if (Bound is not null && !login.IsAccepted)
            {
                return;
            }

            if (_rows.Count == Bound)
            {
                IsBeyondBound = true;
                _rows.Clear();
                return;
            }

            _rows.Add(name, row = new Usage(name));
        }

        row.Add(Bound is null ? login : login with { Network = "", Ja4 = null, Program = null, Offer = null, Policy = null });
    }

    private static bool HasLogins(Usage row) => row.Logins + row.Refused + row.Exposed > 0;

    private Usage[] InOrder()
    {
        var rows = _rows.Values
            .Where(row => HasLogins(row) && (filter.Kind is null || row.Kind == filter.Kind)).ToArray();
        Array.Sort(rows, static (one, other) =>
            other.Urgency.CompareTo(one.Urgency) is var byUrgency and not 0 ? byUrgency
            : other.Last.CompareTo(one.Last) is var byTime and not 0 ? byTime
            : string.CompareOrdinal(one.Name, other.Name));
        return rows;
    }
}
