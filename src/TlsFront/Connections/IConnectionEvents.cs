namespace TlsFront.Connections;

/// <summary>
/// What happens to a connection, at the time it happens; a subscriber implements what concerns it. Called on engine threads, so it must be cheap: no
/// wait, no I/O, no lock that is held for long. The calls for one connection come one after the other, those for different ones at the same time.
/// </summary>
internal interface IConnectionEvents
{
    /// <summary>
    /// A connection was accepted; nothing is known of it but its addresses. <see cref="Ended"/> or <see cref="HandedOver"/> follows, whatever
    /// happens.
    /// </summary>
    void Started(ConnectionRecord record)
    {
    }

    /// <summary>A session was taken over from another process, in place of <see cref="Started"/>; the record has its history.</summary>
    void TakenOver(ConnectionRecord record)
    {
    }

    /// <summary>A session goes on in another process, in place of <see cref="Ended"/>; the record does not change any more.</summary>
    void HandedOver(ConnectionRecord record)
    {
    }

    /// <summary>A load balancer's PROXY header was waited for; the record knows whether in vain.</summary>
    void HeaderEnded(ConnectionRecord record, TimeSpan elapsed)
    {
    }

    /// <summary>A TLS handshake ended; <paramref name="failure"/> is <see cref="CloseReason.None"/> on success.</summary>
    void HandshakeEnded(ConnectionRecord record, CloseReason failure, TimeSpan elapsed)
    {
    }

    /// <summary>The client sent a password or a token before TLS, for the first time.</summary>
    void CredentialsExposed(ConnectionRecord record)
    {
    }

    /// <summary>A held login was decided on, by a policy or because none lets it in in cleartext; the record knows which, and what.</summary>
    void PolicyDecided(ConnectionRecord record)
    {
    }

    /// <summary>It is decided where a held login goes; the record knows by what.</summary>
    void LoginRouted(ConnectionRecord record)
    {
    }

    /// <summary>Somebody was asked where the user's sessions go; <paramref name="isCached"/> if an earlier answer counted.</summary>
    void LookedUp(ConnectionRecord record, LookupResult result, TimeSpan elapsed, bool isCached)
    {
    }

    /// <summary>A destination of <paramref name="backend"/> was looked for, and a place there waited for; null if there is none.</summary>
    void DestinationPicked(ConnectionRecord record, string backend, string? destination, TimeSpan elapsed)
    {
    }

    /// <summary>A <paramref name="destination"/> of <paramref name="backend"/> was tried; <paramref name="failure"/> is null for success.</summary>
    void BackendTried(ConnectionRecord record, string backend, string destination, TimeSpan elapsed, string? failure)
    {
    }

    /// <summary>The destination greeted: the session is served.</summary>
    void Greeted(ConnectionRecord record)
    {
    }

    /// <summary>The backend accepted or refused a login.</summary>
    void LoginEnded(ConnectionRecord record, bool accepted)
    {
    }

    /// <summary>A message was taken or refused.</summary>
    void MessageEnded(ConnectionRecord record, bool accepted)
    {
    }

    /// <summary>The connection ended, <paramref name="lifetime"/> after accept; the record does not change any more.</summary>
    void Ended(ConnectionRecord record, TimeSpan lifetime)
    {
    }
}
