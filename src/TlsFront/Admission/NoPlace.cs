using TlsFront.Connections;

namespace TlsFront.Admission;

/// <summary>
/// The feature of a connection for which there is no place. That is decided once, when it is accepted: whoever counted later would count everybody
/// who came in the meantime, and refuse all of a burst.
/// </summary>
internal sealed class NoPlace
{
    /// <summary>There are as many connections as there may be at all.</summary>
    public static readonly NoPlace InGateway = new(CloseReason.LimitConnections);

    /// <summary>The listener has as many as it may have.</summary>
    public static readonly NoPlace OnListener = new(CloseReason.LimitListenerConnections);

    /// <summary>There is no memory for another one.</summary>
    public static readonly NoPlace InMemory = new(CloseReason.LimitMemory);

    private NoPlace(CloseReason reason) => Reason = reason;

    /// <summary>Which limit was reached.</summary>
    public CloseReason Reason { get; }
}
