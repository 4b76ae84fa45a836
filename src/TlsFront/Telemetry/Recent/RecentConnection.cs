using System.Net;
using TlsFront.Connections;

namespace TlsFront.Telemetry.Recent;

/// <summary>A connection that ended, without the name its user has and anything it carried.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Id">Its id, as in the log.</param>
/// <param name="Listener">Name of the listener.</param>
/// <param name="Protocol">What is spoken there.</param>
/// <param name="Client">Where it came from.</param>
/// <param name="Tls">What TLS established; null if it did not.</param>
/// <param name="Route">The routed name as configured; null for the listener's own terms.</param>
/// <param name="RoutedBy">What decided which backend its held login goes to.</param>
/// <param name="Backend">Name of the backend, once one was tried.</param>
/// <param name="Destination">The destination that served it; null if none did.</param>
/// <param name="BytesFromClient">Plaintext taken from the client.</param>
/// <param name="BytesToClient">Plaintext sent to it.</param>
/// <param name="Lifetime">From accept to the end.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="Detail">More about that; what the client offered may be in it.</param>
internal sealed record RecentConnection(
    DateTimeOffset At, string Id, string Listener, string Protocol, IPEndPoint Client, TlsFacts? Tls, string? Route, RoutedBy RoutedBy,
    string? Backend, string? Destination,
    long BytesFromClient, long BytesToClient, TimeSpan Lifetime, CloseReason Reason, string? Detail);
