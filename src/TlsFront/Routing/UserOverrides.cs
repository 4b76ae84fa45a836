using TlsFront.Configuration.Users;
using TlsFront.Connections;

namespace TlsFront.Routing;

/// <summary>
/// Users whose logins wait, and users whose sessions go elsewhere than routes and maps say, by an operator's command: what moving a mailbox takes.
/// Kept in memory, over reloads, until a restart.
/// </summary>
internal sealed partial class UserOverrides(TimeProvider time, ILogger<UserOverrides> logger) : IDisposable
{
    /// <summary>Most users with a hold or a move. More than an operator moves at a time; whole domains are for the map.</summary>
    public const int MaxUsers = 10_000;

    /// <summary>Most logins that wait for the end of holds, all together. Each has a connection, which others may need.</summary>
    public const int MaxWaiting = 4096;

    /// <summary>
    /// Most logins of one user that wait. Nobody checked their passwords yet: without this bound, one stranger who knows a name could take the
    /// places of all. The devices of one user take fewer.
    /// </summary>
    public const int MaxWaitingOfUser = 100;

    /// <summary>How long a hold lasts unless something else is said: mail programs wait for about as long.</summary>
    public static readonly TimeSpan DefaultHold = TimeSpan.FromSeconds(60);

    /// <summary>Shortest hold.</summary>
    public static readonly TimeSpan ShortestHold = TimeSpan.FromSeconds(1);

    /// <summary>Longest hold. Programs give up long before.</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private int _waiting;

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<UserOverride> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Select(static pair => pair.Value.Describe(pair.Key)).OrderBy(static one => one.User, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Logins that wait for the end of holds, all together.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting;
            }
        }
    }

    /// <summary>The name by which a user is known here: case does not count.</summary>
    public static string KeyOf(string user) => user.ToLowerInvariant();

    /// <summary>What is wrong with the name of a user, or null. One user is meant, by the name that is used to log in.</summary>
    public static string? Check(string user) =>
        user.Length == 0 ? "is empty"
        : user.Length > UserKey.MaxLength ? UserKey.TooLong
        : user.Contains('*') || user[0] == '@' ? "stands for several users; name one, or change the routes or the map for more"
        : user.Any(char.IsControl) ? "holds a control character"
        : null;

    /// <summary>Lets the user's logins wait from now on, or for another time than before; null if there are too many users here.</summary>
    public UserOverride? Hold(string user, TimeSpan length)
    {
        var key = KeyOf(user);
        lock (_gate)
        {
            if (FindOrAdd(key) is not { } entry)
            {
                return null;
            }

            var until = time.GetUtcNow() + length;
            var timer = time.CreateTimer(_ => Expire(key, until), null, length, Timeout.InfiniteTimeSpan);
            if (entry.Hold is { } hold)
            {
                hold.Timer.Dispose();
                (hold.Until, hold.Timer) = (until, timer);
            }
            else
            {
                entry.Hold = new() { Until = until, Timer = timer };
            }

            return entry.Describe(key);
        }
    }

    /// <summary>Ends the hold: those who wait go on. Null if there is none.</summary>
    public UserOverride? Release(string user)
    {
        var key = KeyOf(user);
        lock (_gate)
        {
            return End(key);
        }
    }

    /// <summary>Sends the user's sessions there from now on; null if there are too many users here. Those that are open stay.</summary>
    public UserOverride? Move(string user, params IReadOnlyList<UserMove> moves)
    {
        var key = KeyOf(user);
        lock (_gate)
        {
            if (FindOrAdd(key) is not { } entry)
            {
                return null;
            }

            var others = entry.Moves.Where(other => moves.All(move => move.Protocol != other.Protocol));
            entry.Moves = [.. others.Concat(moves).OrderBy(static one => one.Protocol, StringComparer.Ordinal)];
            return entry.Describe(key);
        }
    }

    /// <summary>Takes the user's moves back, and returns what is left; null if there are none.</summary>
    public UserOverride? Unmove(string user)
    {
        var key = KeyOf(user);
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry) || entry.Moves.Count == 0)
            {
                return null;
            }

            entry.Moves = [];
            RemoveIfEmpty(key, entry);
            return entry.Describe(key);
        }
    }

    /// <summary>Where the user's sessions go; null if routes and maps say it.</summary>
    public UserMove? FindMove(string key, string protocol)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(key, out var entry) ? entry.Moves.FirstOrDefault(move => move.Protocol == protocol) : null;
        }
    }

    /// <summary>Whether a login of the user has to wait.</summary>
    public bool IsHeld(string key)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(key, out var entry) && entry.Hold is not null;
        }
    }

    /// <summary>
    /// Waits for the end of the hold, where there is one. <see cref="CloseReason.None"/> to go on; otherwise why the session cannot: too many wait,
    /// <paramref name="client"/> ended or was lost, the session was asked to end (<paramref name="drained"/>) or was ended (<paramref name="stop"/>).
    /// </summary>
    public async ValueTask<CloseReason> WaitAsync(string key, IClientWatch client, CancellationToken drained, CancellationToken stop)
    {
        UserHold hold;
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry) || entry.Hold is null)
            {
                return CloseReason.None;
            }

            hold = entry.Hold;
            if (_waiting >= MaxWaiting || hold.Waiting >= MaxWaitingOfUser)
            {
                return CloseReason.BackendBusy;
            }

            _waiting++;
            hold.Waiting++;
        }

        try
        {
            // Only now: engines watch a client that nobody reads for those who ask.
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, drained, client.ClientLeft);
            await hold.Ended.Task.WaitAsync(end.Token);
            return CloseReason.None;
        }
        catch (OperationCanceledException)
        {
            return stop.IsCancellationRequested ? CloseReason.Aborted
                : drained.IsCancellationRequested ? CloseReason.Drained
                : CloseReason.QueueClientLeft;
        }
        finally
        {
            lock (_gate)
            {
                _waiting--;
                hold.Waiting--;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Values)
            {
                entry.Hold?.Timer.Dispose();
            }
        }
    }

    /// <summary>The end that was set; one that was put off meanwhile, or is of another hold, is not this one.</summary>
    private void Expire(string key, DateTimeOffset until)
    {
        UserOverride? ended;
        lock (_gate)
        {
            ended = _entries.TryGetValue(key, out var entry) && entry.Hold?.Until == until ? End(key) : null;
        }

        if (ended is not null)
        {
            Log.Expired(logger, key, ended.Waiting);
        }
    }

    private UserOverride? End(string key)
    {
        if (!_entries.TryGetValue(key, out var entry) || entry.Hold is not { } hold)
        {
            return null;
        }

        hold.Timer.Dispose();
        entry.Hold = null;
        RemoveIfEmpty(key, entry);
        hold.Ended.SetResult();
        return entry.Describe(key) with { Waiting = hold.Waiting };
    }

    private Entry? FindOrAdd(string key)
    {
        if (!_entries.TryGetValue(key, out var entry) && _entries.Count < MaxUsers)
        {
            _entries[key] = entry = new();
        }

        return entry;
    }

    private void RemoveIfEmpty(string key, Entry entry)
    {
        if (entry is { Hold: null, Moves.Count: 0 })
        {
            _entries.Remove(key);
        }
    }

    /// <summary>What is decided about a user.</summary>
    private sealed class Entry
    {
        public UserHold? Hold { get; set; }

        public IReadOnlyList<UserMove> Moves { get; set; } = [];

        public UserOverride Describe(string key) => new(key, Hold?.Until, Hold?.Waiting ?? 0, Moves);
    }

    private static partial class Log
    {
        [LoggerMessage(
            823, LogLevel.Warning, "The hold on logins of user {User} expired before it was released; {Waiting} of them go on",
            EventName = "UserHoldExpired")]
        public static partial void Expired(ILogger logger, string user, int waiting);
    }
}
