using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using TlsFront.Connections;

namespace TlsFront.Migration;

/// <summary>How one user, network, client or listener logs in.</summary>
/// <param name="name">Which.</param>
internal sealed class Usage(string name)
{
    /// <summary>Most values that are listed of a kind: what is more is too much to read.</summary>
    private const int MostListed = 5;

    private readonly SortedDictionary<string, int> _networks = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _clients = new(StringComparer.Ordinal);
    private readonly SortedDictionary<TlsVersion, int> _versions = [];
    private readonly SortedSet<string> _listeners = new(StringComparer.Ordinal);

    /// <summary>Which user, network, client or listener.</summary>
    public string Name => name;

    /// <summary>Logins that were accepted.</summary>
    public int Logins { get; private set; }

    /// <summary>Those of them in cleartext.</summary>
    public int Cleartext { get; private set; }

    /// <summary>Those of them behind STARTTLS.</summary>
    public int StartTls { get; private set; }

    /// <summary>Those of them with a TLS version before 1.3.</summary>
    public int OldTls { get; private set; }

    /// <summary>Those of them that a policy warned of.</summary>
    public int Warned { get; private set; }

    /// <summary>Logins that a policy refused.</summary>
    public int Refused { get; private set; }

    /// <summary>The first login, refused ones included.</summary>
    public DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>The last login, refused ones included.</summary>
    public DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>TLS versions, the oldest first.</summary>
    public IEnumerable<string> Versions => _versions.Keys.Select(static version => version.Number());

    /// <summary>Listeners.</summary>
    public IEnumerable<string> Listeners => _listeners;

    /// <summary>Networks that logins came from, the most frequent first.</summary>
    public IEnumerable<string> Networks => MostFrequent(_networks);

    /// <summary>Fingerprints of the clients' hellos, the most frequent first.</summary>
    public IEnumerable<string> Ja4 => MostFrequent(_clients);

    /// <summary>What there is to do, the most urgent highest: to leave cleartext, versions before TLS 1.2, STARTTLS.</summary>
    [JsonIgnore]
    public int Urgency => Cleartext > 0 ? 3 : _versions.Keys.Any(static version => version < TlsVersion.Tls12) ? 2 : StartTls > 0 ? 1 : 0;

    /// <summary>Adds a login. One that a server refused says nothing of anybody.</summary>
    public void Add(ObservedLogin login)
    {
        if (!login.IsAccepted && login.Action != PolicyAction.Refuse)
        {
            return;
        }

        (First, Last) = (login.At < First ? login.At : First, login.At > Last ? login.At : Last);
        _listeners.Add(login.Listener);
        Count(_networks, NetworkOf(login.Client));
        if (login.Tls is { } version)
        {
            _versions[version] = _versions.GetValueOrDefault(version) + 1;
        }

        if (login.Ja4 is { } client)
        {
            Count(_clients, client);
        }

        if (!login.IsAccepted)
        {
            Refused++;
            return;
        }

        Logins++;
        Cleartext += login.Transport == LoginTransport.Cleartext ? 1 : 0;
        StartTls += login.Transport == LoginTransport.StartTls ? 1 : 0;
        OldTls += login.Tls < TlsVersion.Tls13 ? 1 : 0;
        Warned += login.Action == PolicyAction.Warn ? 1 : 0;
    }

    /// <summary>The network of a client, as large as single subscribers and offices have it.</summary>
    public static string NetworkOf(IPAddress client)
    {
        var (bytes, length) = (client.GetAddressBytes(), client.AddressFamily == AddressFamily.InterNetwork ? 24 : 48);
        bytes.AsSpan(length / 8).Clear();
        return $"{new IPAddress(bytes)}/{length}";
    }

    private static void Count(SortedDictionary<string, int> counts, string value) => counts[value] = counts.GetValueOrDefault(value) + 1;

    private static IEnumerable<string> MostFrequent(SortedDictionary<string, int> counts) =>
        counts.OrderByDescending(static entry => entry.Value).Select(static entry => entry.Key).Take(MostListed);
}
