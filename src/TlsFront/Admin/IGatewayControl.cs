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

    /// <summary>Begins the drain that ends the process, as SIGTERM does.</summary>
    void Drain();
}
