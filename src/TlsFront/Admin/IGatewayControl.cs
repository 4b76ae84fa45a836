using System.Net;
using TlsFront.Backends;

namespace TlsFront.Admin;

/// <summary>The process as operators see it and end it.</summary>
internal interface IGatewayControl
{
    /// <summary>Addresses of the mail listeners as bound, by listener name.</summary>
    IReadOnlyDictionary<string, EndPoint> Addresses { get; }

    /// <summary>Connections of clients now.</summary>
    int Connections { get; }

    /// <summary>Those of them that are sessions, past the TLS handshake.</summary>
    int Sessions { get; }

    /// <summary>The drain that is on its way; null before.</summary>
    DrainProgress? Progress { get; }

    /// <summary>What the gateway found when it looked at its own listeners: whether one presents a certificate as its file has it.</summary>
    IEnumerable<(string Listener, string Certificate, bool IsServed)> Presented { get; }

    /// <summary>Sessions now that <paramref name="filter"/> is for.</summary>
    IReadOnlyList<SessionStatus> Find(SessionFilter filter);

    /// <summary>
    /// Ends those sessions as a drain does: SMTP with a goodbye and not inside a message, the others with one before the login. Returns what they
    /// were.
    /// </summary>
    IReadOnlyList<SessionStatus> End(SessionFilter filter);

    /// <summary>
    /// Ends the sessions of a destination of <paramref name="backend"/>, which gets no new ones, spread evenly over <paramref name="over"/>; null
    /// lets them stay, also if they were to end.
    /// </summary>
    void Evacuate(string backend, Destination destination, TimeSpan? over);

    /// <summary>Replaces this process by a new one that takes over listeners and sessions, and ends this one once nothing is left in it.</summary>
    /// <exception cref="Handover.HandoverException">It did not work; this process goes on.</exception>
    Task<UpgradeStatus> UpgradeAsync();

    /// <summary>Begins the drain that ends the process, as SIGTERM does.</summary>
    void Drain();
}
