using System.Net;

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

    /// <summary>Begins the drain that ends the process, as SIGTERM does.</summary>
    void Drain();
}
