namespace TlsFront.Connections;

/// <summary>What happens to a connection, at the time it happens. Called on engine threads: must be cheap and never throw.</summary>
internal interface IConnectionEvents
{
    /// <summary>A load balancer's PROXY header was waited for; the record knows whether in vain.</summary>
    void HeaderEnded(ConnectionRecord record, TimeSpan elapsed);

    /// <summary>A TLS handshake ended; <paramref name="failure"/> is <see cref="CloseReason.None"/> on success.</summary>
    void HandshakeEnded(ConnectionRecord record, CloseReason failure, TimeSpan elapsed);

    /// <summary>A destination of <paramref name="backend"/> was looked for, and a place there waited for; null if there is none.</summary>
    void DestinationPicked(ConnectionRecord record, string backend, string? destination, TimeSpan elapsed);

    /// <summary>A <paramref name="destination"/> of <paramref name="backend"/> was tried; <paramref name="failure"/> is null for success.</summary>
    void BackendTried(ConnectionRecord record, string backend, string destination, TimeSpan elapsed, string? failure);

    /// <summary>The destination greeted: the session is served.</summary>
    void Greeted(ConnectionRecord record);

    /// <summary>The backend accepted or refused a login.</summary>
    void LoginEnded(ConnectionRecord record, bool accepted);

    /// <summary>A message was taken or refused.</summary>
    void MessageEnded(ConnectionRecord record, bool accepted);
}
