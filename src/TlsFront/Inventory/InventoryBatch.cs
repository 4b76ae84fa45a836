using System.Runtime.InteropServices;
using TlsFront.Connections;

namespace TlsFront.Inventory;

/// <summary>
/// What one write adds: single logins, and those of a day added up. Rejected logins are added up only, because nobody's name is on them, and they
/// are mostly those of strangers that guess passwords.
/// </summary>
internal sealed class InventoryBatch
{
    private readonly Dictionary<LoginManner, MannerUse> _manners = [];

    private InventoryBatch()
    {
    }

    /// <summary>Single logins.</summary>
    public List<(long At, string User, string Network, long Manner)> Logins { get; } = [];

    /// <summary>The logins of a day of a user from a network in a manner.</summary>
    public Dictionary<(long Day, string User, string Network, long Manner), (long Count, long First, long Last)> Usage { get; } = [];

    /// <summary>
    /// The logins of a day in a manner, without what clients choose: such rows are kept for ever, and nobody outside may decide how many there are.
    /// </summary>
    public Dictionary<(long Day, LoginManner Closed), long> Totals { get; } = [];

    /// <summary>
    /// The manners it refers to, with the last day. Of two with one number, which somebody has looked for, one: no row may come twice.
    /// </summary>
    public IEnumerable<(LoginManner Manner, MannerUse Use)> Manners =>
        _manners.DistinctBy(static entry => entry.Value.Number).Select(static entry => (entry.Key, entry.Value));

    /// <summary>Adds up <paramref name="logins"/>.</summary>
    public static InventoryBatch Of(ReadOnlySpan<RecordedLogin> logins, UserNames names, bool truncatesAddresses)
    {
        var batch = new InventoryBatch();
        foreach (ref readonly var login in logins)
        {
            var closed = new LoginManner(login).Closed;

            // Whoever is not let in may be anybody, and must not decide how much there is to keep.
            var manner = login.Outcome is LoginOutcome.Accepted or LoginOutcome.Refused ? new LoginManner(login) : closed;
            var at = login.At.ToUnixTimeMilliseconds();
            var day = DayOf(login.At);
            var number = batch.NumberOf(manner, day);
            var user = login.User is { } name ? names.Of(name) : "";
            var network = truncatesAddresses ? ClientNetwork.Of(login.Client) : login.Client.ToString();
            if (login.Outcome != LoginOutcome.Rejected)
            {
                batch.Logins.Add((at, user, network, number));
            }

            ref var usage = ref CollectionsMarshal.GetValueRefOrAddDefault(batch.Usage, (day, user, network, number), out var isKnown);
            usage = isKnown ? (usage.Count + 1, Math.Min(usage.First, at), Math.Max(usage.Last, at)) : (1, at, at);
            CollectionsMarshal.GetValueRefOrAddDefault(batch.Totals, (day, closed), out _)++;
        }

        return batch;
    }

    /// <summary>The day of a moment, in days since 1970, UTC.</summary>
    public static long DayOf(DateTimeOffset moment) => moment.ToUnixTimeSeconds() / (24 * 60 * 60);

    private long NumberOf(in LoginManner manner, long day)
    {
        ref var use = ref CollectionsMarshal.GetValueRefOrAddDefault(_manners, manner, out var isKnown);
        use = isKnown ? use with { LastDay = Math.Max(use.LastDay, day) } : new(manner.Number, day);
        return use.Number;
    }
}
