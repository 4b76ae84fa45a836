namespace TlsFront.Connections;

/// <summary>What happens to a connection, at the time it happens. Called on engine threads: must be cheap and never throw.</summary>
internal interface IConnectionEvents
{
    /// <summary>A TLS handshake ended; <paramref name="failure"/> is <see cref="CloseReason.None"/> on success.</summary>
    void HandshakeEnded(ConnectionRecord record, CloseReason failure, TimeSpan elapsed);

    /// <summary>A destination of <paramref name="backend"/> was tried; <paramref name="failure"/> is null for success.</summary>
    void BackendTried(ConnectionRecord record, string backend, TimeSpan elapsed, string? failure);

    /// <summary>The backend accepted or refused a login.</summary>
    void LoginEnded(ConnectionRecord record, bool accepted);

    /// <summary>A message was taken or refused.</summary>
    void MessageEnded(ConnectionRecord record, bool accepted);
}
