using System.Data.Common;
using TlsFront.Connections;

namespace TlsFront.Inventory;

/// <summary>
/// Reads how users log in. A row stands for the logins of a day, of one user, network and manner; it is read if any of them may be in the time
/// asked for, and counts with all of them.
/// </summary>
/// <param name="store">The database.</param>
/// <param name="stop">Ends a reading between two rows.</param>
internal sealed class InventoryReader(InventoryStore store, CancellationToken stop = default)
{
    /// <summary>Texts that are kept once: strangers come from any number of networks.</summary>
    private const int MostTexts = 100_000;

    private static readonly string Columns = string.Join(", ", LoginManner.Columns.Select(static column => $"manner.{column}"));

    /// <summary>Networks are shared by many users, and a report keeps them: once is enough. Of a user it keeps one name anyway.</summary>
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>
    /// The logins that were accepted, refused by a policy, or exposed, from the day of <paramref name="since"/> to that of
    /// <paramref name="until"/>; null for all.
    /// </summary>
    public IEnumerable<ObservedLogin> Logins(DateTimeOffset? since, DateTimeOffset? until = null)
    {
        var manners = Manners();
        var rows = Read(
            "SELECT username, network, manner, logins, first_at, last_at FROM usage WHERE day >= @since AND day <= @until",
            ("@since", since is { } begin ? InventoryBatch.DayOf(begin) : 0L),
            ("@until", until is { } end ? InventoryBatch.DayOf(end) : long.MaxValue));
        foreach (var row in rows)
        {
            // One that is missing is of a rejected login, or came after they were read.
            if (manners.TryGetValue(row.GetInt64(2), out var manner))
            {
                var network = Text(row, 1)!;
                var isTruncated = network.Contains('/', StringComparison.Ordinal);
                yield return manner with
                {
                    At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
                    First = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
                    Count = row.GetInt64(3),
                    Client = isTruncated ? null! : ClientNetwork.AddressIn(network),
                    IsTruncated = isTruncated,
                    Network = isTruncated ? network : null,
                    User = row.GetString(0) is { Length: > 0 } user ? user : null,
                };
            }
        }
    }

    /// <summary>How many logins were accepted, from that day to this, the oldest first.</summary>
    public IEnumerable<DayTotal> Totals(DateTimeOffset since, DateTimeOffset until) =>
        Read(
            "SELECT day, transport, tls, CAST(sum(logins) AS bigint) FROM total WHERE day >= @since AND day <= @until AND outcome = @accepted "
            + "GROUP BY day, transport, tls ORDER BY day",
            ("@since", InventoryBatch.DayOf(since)), ("@until", InventoryBatch.DayOf(until)), ("@accepted", LoginOutcome.Accepted.Tag()))
        .Select(static row => new DayTotal(
            row.GetInt64(0), LoginTransports.Parse(row.GetString(1)) ?? LoginTransport.Implicit, TlsVersions.Parse(row.GetString(2)),
            row.GetInt64(3)));

    /// <summary>All that is kept of a user, under any of <paramref name="names"/>: first single logins, then those of its days.</summary>
    public IEnumerable<UserRow> RowsOf(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            foreach (var row in Read(
                $"SELECT at, CAST(1 AS bigint), at, username, network, {Columns} FROM login JOIN manner ON id = manner "
                + "WHERE username = @user ORDER BY at",
                ("@user", name)))
            {
                yield return Row(row, "login");
            }

            foreach (var row in Read(
                $"SELECT first_at, logins, last_at, username, network, {Columns} FROM usage JOIN manner ON id = manner "
                + "WHERE username = @user ORDER BY first_at",
                ("@user", name)))
            {
                yield return Row(row, "usage");
            }

            foreach (var row in Read("SELECT told_at, times, told_at, username, '' FROM told WHERE username = @user", ("@user", name)))
            {
                yield return Row(row, UserRow.Told, columns: 0);
            }
        }
    }

    /// <summary>Who was told to move: when last, and how many times.</summary>
    public Dictionary<string, (DateTimeOffset At, long Times)> Told() => Read("SELECT username, told_at, times FROM told").ToDictionary(
        static row => row.GetString(0),
        static row => (DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetInt64(2)),
        StringComparer.Ordinal);

    /// <summary>Whether a login under this name was ever accepted: otherwise anybody may have made it up.</summary>
    public bool HasAccepted(string user) => Read(
        "SELECT 1 FROM usage JOIN manner ON id = manner WHERE username = @user AND outcome = @accepted LIMIT 1",
        ("@user", user), ("@accepted", LoginOutcome.Accepted.Tag())).Aggregate(false, static (_, _) => true);

    private static UserRow Row(DbDataReader row, string table, int? columns = null)
    {
        var manner = new string[columns ?? LoginManner.Columns.Length];
        for (var index = 0; index < manner.Length; index++)
        {
            manner[index] = row.GetString(index + 5);
        }

        return new(
            table, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
            row.GetInt64(1), row.GetString(3), row.GetString(4), manner);
    }

    private Dictionary<long, ObservedLogin> Manners()
    {
        var rows = Read(
            "SELECT id, listener, transport, tls, server_name, ja4, outcome, action, cipher, program, protocol, offered_tls, offered_cipher, policy "
                + "FROM manner "
                + "WHERE outcome IN (@accepted, @refused, @exposed)",
            ("@accepted", LoginOutcome.Accepted.Tag()), ("@refused", LoginOutcome.Refused.Tag()),
            ("@exposed", LoginOutcome.Exposed.Tag()));
        return rows.ToDictionary(static row => row.GetInt64(0), row => new ObservedLogin
        {
            At = default,
            Listener = Text(row, 1) ?? "",
            Protocol = Text(row, 10),
            User = null,
            Transport = LoginTransports.Parse(row.GetString(2)) ?? LoginTransport.Implicit,
            Tls = TlsVersions.Parse(row.GetString(3)),
            HasWeakCipher = CipherStrength.IsWeak(row.GetString(8)),
            ServerName = Text(row, 4),
            Offer = TlsVersions.Parse(row.GetString(11)) is { } offered ? new(offered, row.GetString(12) == LoginManner.StrongCipher) : null,
            Ja4 = Text(row, 5),
            Program = Text(row, 9),
            Policy = Text(row, 13),
            IsAccepted = row.GetString(6) == LoginOutcome.Accepted.Tag(),
            IsExposed = row.GetString(6) == LoginOutcome.Exposed.Tag(),
            Action = Array.Find(Enum.GetValues<PolicyAction>(), action => action.Tag() == row.GetString(7)),
        });
    }

    /// <summary>What is known; null for the empty text.</summary>
    private string? Text(DbDataReader row, int column)
    {
        var text = row.GetString(column);
        if (text.Length == 0)
        {
            return null;
        }

        if (_texts.TryGetValue(text, out var known))
        {
            return known;
        }

        if (_texts.Count < MostTexts)
        {
            _texts.Add(text, text);
        }

        return text;
    }

    private IEnumerable<DbDataReader> Read(string text, params (string Name, object Value)[] values)
    {
        foreach (var row in store.Read(text, values))
        {
            stop.ThrowIfCancellationRequested();
            yield return row;
        }
    }
}
