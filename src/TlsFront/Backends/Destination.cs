using TlsFront.Backends.Probes;
using TlsFront.Configuration;
using TlsFront.Protocols;

namespace TlsFront.Backends;

/// <summary>One destination as the gateway itself knows it, over every reload. Its health is YARP's; what led to it is noted here.</summary>
/// <param name="address">Its <c>host:port</c> as configured: the id of YARP's destination and the <c>tlsfront.destination</c> tag.</param>
internal sealed class Destination(string address)
{
    /// <summary>Probes that are remembered: half an hour of them unless <c>health.interval</c> is changed.</summary>
    public const int RememberedProbes = 60;

    // Host names are the same in any case.
    private readonly ulong _addressKey = Rendezvous.Key(address.ToLowerInvariant());
    private readonly ulong _hostKey = Rendezvous.Key(DestinationHost.Of(address));

    private int _sessions;
    private int _failedSessions;
    private int _unservedSessions;
    private int _isTroubleTold;
    private int _loginsNotOffered;
    private long _ejectedUntil;
    private long _servedAt;
    private volatile bool _drained;
    private volatile bool _avoided;
    private volatile string? _trouble;
    private volatile ProbeNote[] _probes = [];
    private volatile IReadOnlyList<Capability>? _capabilities;

    /// <summary><c>host:port</c> as configured.</summary>
    public string Address => address;

    /// <summary>
    /// Sessions it has now, those that are still connecting included. Written by its <see cref="BackendPool"/> alone, under its lock.
    /// </summary>
    public int Sessions
    {
        get => Volatile.Read(ref _sessions);
        set => Volatile.Write(ref _sessions, value);
    }

    /// <summary>Whether it was probed yet. Probes of one destination never overlap, so they need no lock.</summary>
    public bool IsProbed => _probes.Length > 0;

    /// <summary>
    /// What it offered before a login when it was last asked; null as long as it was not. The same list stands for as long as it offers the same.
    /// </summary>
    public IReadOnlyList<Capability>? Capabilities => _capabilities;

    /// <summary>Good probes in a row.</summary>
    public int GoodProbes { get; private set; }

    /// <summary>Failed probes in a row.</summary>
    public int FailedProbes { get; private set; }

    /// <summary>What was wrong the last time something was, in words.</summary>
    public string Trouble => _trouble ?? "nothing is known of it";

    /// <summary>
    /// What was last told of it: whether it gets sessions. Written by <see cref="AvailabilityPolicy"/> alone, one at a time for a backend.
    /// </summary>
    public bool IsAvailable { get; set; } = true;

    /// <summary>Whether an operator wants it to get no more sessions. Written by its <see cref="BackendPool"/> alone, under its lock.</summary>
    public bool IsDrained
    {
        get => _drained;
        set => _drained = value;
    }

    /// <summary>
    /// Whether users go elsewhere where they can, because its host is out in another backend of the group. Written by its <see cref="BackendPool"/>
    /// alone, under its lock.
    /// </summary>
    public bool IsAvoided
    {
        get => _avoided;
        set => _avoided = value;
    }

    /// <summary>The last probe; null before the first.</summary>
    public ProbeNote? LastProbe => _probes is [.., var last] ? last : null;

    /// <summary>The last <see cref="RememberedProbes"/> probes, oldest first.</summary>
    public IReadOnlyList<ProbeNote> Probes => _probes;

    /// <summary>How long connecting took the sessions that were connected, PROXY header and TLS included.</summary>
    public RecentTimes ConnectTimes { get; } = new();

    /// <summary>How long it let sessions wait for its greeting once they were connected.</summary>
    public RecentTimes GreetingTimes { get; } = new();

    /// <summary>When failed sessions took it away, the time it comes back; null if they never did.</summary>
    public DateTimeOffset? EjectedUntil => Volatile.Read(ref _ejectedUntil) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>
    /// Its weight for the user of that key. The host decides and the port only between servers of one host: what shares storage are hosts, and a
    /// user's sessions of IMAP, POP3 and ManageSieve, which are different backends, belong to the same one.
    /// </summary>
    public UInt128 Weight(ulong user) => new(Rendezvous.Weight(user, _hostKey), Rendezvous.Weight(user, _addressKey));

    /// <summary>A probe ended; one that says nothing of the destination changes nothing.</summary>
    public void Probed(ProbeNote probe)
    {
        var result = probe.Result;

        // Without what it said, of which only the words are shown: the array is small, and replaced so that it needs no lock.
        _probes = [.. _probes.TakeLast(RememberedProbes - 1), probe with { Result = result with { Greeting = default, Capabilities = null } }];
        if (result.IsGood)
        {
            (GoodProbes, FailedProbes) = (GoodProbes + 1, 0);
            if (result.Capabilities is { } offer && !Capability.AreSame(offer, _capabilities))
            {
                _capabilities = offer;
            }
        }
        else if (!result.IsOurs)
        {
            (GoodProbes, FailedProbes) = (0, FailedProbes + 1);
            _trouble = result.Words;
        }
    }

    /// <summary>Whether it greeted a session after <paramref name="timestamp"/>.</summary>
    public bool ServedSince(long timestamp) => Volatile.Read(ref _servedAt) > timestamp;

    /// <summary>It greeted a session at <paramref name="timestamp"/>, <paramref name="elapsed"/> after it was connected.</summary>
    public void Served(long timestamp, TimeSpan elapsed)
    {
        Volatile.Write(ref _servedAt, timestamp);
        GreetingTimes.Add(elapsed);
        Volatile.Write(ref _failedSessions, 0);
        if (Volatile.Read(ref _unservedSessions) > 0)
        {
            Volatile.Write(ref _unservedSessions, 0);
            Volatile.Write(ref _isTroubleTold, 0);
        }
    }

    /// <summary>It failed or refused a session; how many in a row, though its probes are good and it was not told yet, or 0.</summary>
    public int Unserved(int worthTelling) =>
        Interlocked.Increment(ref _unservedSessions) is var count
            && count >= worthTelling
            && GoodProbes > 0
            && Interlocked.Exchange(ref _isTroubleTold, 1) == 0
            ? count
            : 0;

    /// <summary>
    /// It offered a session a login, or none; whether it is now the time to tell that it does not:
    /// the <paramref name="worthTelling"/>th time in a row.
    /// </summary>
    public bool LoginOffered(bool isOffered, int worthTelling)
    {
        if (!isOffered)
        {
            return Interlocked.Increment(ref _loginsNotOffered) == worthTelling;
        }

        if (Volatile.Read(ref _loginsNotOffered) != 0)
        {
            Volatile.Write(ref _loginsNotOffered, 0);
        }

        return false;
    }

    /// <summary>It gets no sessions until then, because it failed too many. As many again eject it again.</summary>
    public void Ejected(DateTimeOffset until)
    {
        Volatile.Write(ref _ejectedUntil, until.UtcTicks);
        Volatile.Write(ref _failedSessions, 0);
    }

    /// <summary>It failed a session; how many in a row.</summary>
    public int Failed(string words)
    {
        _trouble = words;
        return Interlocked.Increment(ref _failedSessions);
    }
}
