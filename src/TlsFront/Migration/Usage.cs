using System.Text.Json.Serialization;
using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.Telemetry.Access;

namespace TlsFront.Migration;

/// <summary>How one user, network, client or listener logs in. There may be a hundred thousand of them.</summary>
/// <param name="name">Which.</param>
internal sealed class Usage(string name)
{
    /// <summary>Most values that are listed of a kind: what is more is too much to read.</summary>
    public const int MostListed = 5;

    private static readonly TlsVersion[] Versioned = [.. Enum.GetValues<TlsVersion>().Order()];

    private Tally<string> _networks;
    private Tally<string> _clients;
    private Tally<string> _programs;
    private Tally<string> _acceptedPrograms;
    private Tally<string> _listeners;
    private Tally<string> _offers;
    private Tally<string> _policies;
    private uint _versions;
    private bool _sends;
    private bool _reads;
    private bool _doesUnknown;
    private long _first = DateTimeOffset.MaxValue.UtcTicks;
    private long _last;
    private long _lastSuccess;
    private long _lastToMove;

    /// <summary>Which user, network, client or listener.</summary>
    public string Name => name;

    /// <summary>Logins that were accepted.</summary>
    public long Logins { get; private set; }

    /// <summary>Those of them in cleartext.</summary>
    public long Cleartext { get; private set; }

    /// <summary>Those of them behind STARTTLS.</summary>
    public long StartTls { get; private set; }

    /// <summary>Those of them with a TLS version before 1.3.</summary>
    public long OldTls { get; private set; }

    /// <summary>Those of them that a policy warned of.</summary>
    public long Warned { get; private set; }

    /// <summary>Logins that a policy refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Connections on which a password or a token crossed the network in clear.</summary>
    public long Exposed { get; private set; }

    /// <summary>The first login, refused ones included.</summary>
    public DateTimeOffset First => new(_first, TimeSpan.Zero);

    /// <summary>The last login, refused ones included.</summary>
    public DateTimeOffset Last => new(_last, TimeSpan.Zero);

    /// <summary>TLS versions, the oldest first.</summary>
    public IEnumerable<string> Versions =>
        Versioned.Where((_, index) => (_versions & (1u << index)) != 0).Select(static version => version.Number());

    /// <summary>Listeners.</summary>
    public IEnumerable<string> Listeners => _listeners.Values.Order(StringComparer.Ordinal);

    /// <summary>Networks that logins came from, the most frequent first.</summary>
    public IEnumerable<string> Networks => _networks.MostFrequent(MostListed);

    /// <summary>Fingerprints of the clients' hellos, the most frequent first.</summary>
    public IEnumerable<string> Ja4 => _clients.MostFrequent(MostListed);

    /// <summary>What the clients' programs call themselves, the most frequent first.</summary>
    public IEnumerable<string> Programs => _programs.MostFrequent(MostListed);

    /// <summary>Of logins with less than TLS 1.3 or with a weak cipher suite, what the clients offered, the most frequent first.</summary>
    public IEnumerable<string> Offers => _offers.MostFrequent(MostListed);

    /// <summary>What was refused by policies, in words; null if nothing was.</summary>
    public string? Refusal => Refused == 0 ? null
        : $"refused{ByPolicies}{(Offers.FirstOrDefault() is { } offer ? $": {offer}" : "")}; "
            + ClientWords.OfRefusals(
                Refused, string.Join(" and ", Networks), string.Join(" and ", Programs.Select(AccessLogText.Words)),
                _lastSuccess == 0 ? null : new(_lastSuccess, TimeSpan.Zero));

    /// <summary>Whether it looks like a person or a machine.</summary>
    public ClientKind Kind => Hint.Kind;

    /// <summary>Why it does, as a sentence; empty if nothing tells.</summary>
    public string KindEvidence => Hint.Words;

    /// <summary>When it was last seen to use what has to be left; the least value if never.</summary>
    [JsonIgnore]
    public DateTimeOffset LastToMove => new(_lastToMove, TimeSpan.Zero);

    /// <summary>What is most urgent of it, refused logins included.</summary>
    [JsonIgnore]
    public Urgency Urgency { get; private set; }

    /// <summary>By the logins that were accepted, which are proven to be somebody's; by the others where there is none.</summary>
    private KindHint Hint
    {
        get
        {
            var (programs, logins) = Logins > 0 ? (_acceptedPrograms, Logins) : (_programs, Refused + Exposed);
            return KindHint.Of(programs.Entries(), logins, _sends && !_reads && !_doesUnknown, _reads, _networks.Count);
        }
    }

    private string ByPolicies => _policies.MostFrequent(MostListed) is { Count: > 0 } policies
        ? $" by {string.Join(" and ", policies.Select(static policy => $"\"{policy}\""))}"
        : "";

    /// <summary>Adds a login, or several of a kind. One that a server refused says nothing of anybody.</summary>
    public void Add(ObservedLogin login)
    {
        if (!login.IsAccepted && !login.IsExposed && login.Action != PolicyAction.Refuse)
        {
            return;
        }

        var urgency = Urgencies.Of(login);
        Urgency = urgency > Urgency ? urgency : Urgency;
        (_first, _last) = (Math.Min(_first, login.First.UtcTicks), Math.Max(_last, login.At.UtcTicks));
        _lastToMove = urgency > Urgency.None ? Math.Max(_lastToMove, login.At.UtcTicks) : _lastToMove;
        _sends |= login.Protocol == "smtp";
        _reads |= login.Protocol is "imap" or "pop3" or "sieve";
        _doesUnknown |= login.Protocol is null or "tcp";
        _listeners.Add(login.Listener, login.Count);
        _networks.Add(login.Network, login.Count);
        if (login.Tls is { } version)
        {
            _versions |= 1u << Array.IndexOf(Versioned, version);
        }

        if (ClientWords.OfOffer(login.Offer, login.Tls, login.HasWeakCipher) is { } offer)
        {
            _offers.Add(offer, login.Count);
        }

        if (login.Ja4 is { } client)
        {
            _clients.Add(client, login.Count);
        }

        if (login.Program is { } program)
        {
            _programs.Add(program, login.Count);
        }

        if (login.IsExposed)
        {
            Exposed += login.Count;
            return;
        }

        if (!login.IsAccepted)
        {
            Refused += login.Count;
            if (login.Policy is { } policy)
            {
                _policies.Add(policy, login.Count);
            }

            return;
        }

        Logins += login.Count;
        if (login.Program is { } accepted)
        {
            _acceptedPrograms.Add(accepted, login.Count);
        }

        _lastSuccess = Math.Max(_lastSuccess, login.At.UtcTicks);
        Cleartext += login.Transport == LoginTransport.Cleartext ? login.Count : 0;
        StartTls += login.Transport == LoginTransport.StartTls ? login.Count : 0;
        OldTls += login.Tls < TlsVersion.Tls13 ? login.Count : 0;
        Warned += login.Action == PolicyAction.Warn ? login.Count : 0;
    }
}
