namespace TlsFront.Connections;

/// <summary>Names and words for <see cref="CloseReason"/>.</summary>
internal static class CloseReasons
{
    /// <summary>The value as a metric tag and log field: low cardinality, snake_case, never renamed once released.</summary>
    public static string Tag(this CloseReason reason) => reason switch
    {
        CloseReason.None => "none",
        CloseReason.Completed => "completed",
        CloseReason.ClientClosed => "client_closed",
        CloseReason.ClientReset => "client_reset",
        CloseReason.ClientStalled => "client_stalled",
        CloseReason.ClientIdle => "client_idle",
        CloseReason.NotTls => "not_tls",
        CloseReason.TlsMalformedHello => "tls_malformed_hello",
        CloseReason.TlsVersionTooOld => "tls_version_too_old",
        CloseReason.TlsNoSharedCipher => "tls_no_shared_cipher",
        CloseReason.TlsNoSharedProtocol => "tls_no_shared_protocol",
        CloseReason.TlsUnknownName => "tls_unknown_name",
        CloseReason.TlsNoCertificate => "tls_no_certificate",
        CloseReason.TlsHandshakeFailed => "tls_handshake_failed",
        CloseReason.TlsHandshakeTimeout => "tls_handshake_timeout",
        CloseReason.TlsClientLeft => "tls_client_left",
        CloseReason.BackendUnavailable => "backend_unavailable",
        CloseReason.BackendRefused => "backend_refused",
        CloseReason.BackendClosed => "backend_closed",
        CloseReason.BackendReset => "backend_reset",
        CloseReason.BackendTimeout => "backend_timeout",
        CloseReason.BackendProtocolError => "backend_protocol_error",
        CloseReason.LineTooLong => "line_too_long",
        CloseReason.BareNewline => "bare_newline",
        CloseReason.ProtocolError => "protocol_error",
        CloseReason.SmugglingRefused => "smuggling_refused",
        CloseReason.Drained => "drained",
        CloseReason.Aborted => "aborted",
        CloseReason.InternalError => "internal_error",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    /// <summary>Whether the connection did what it was opened for, so that metrics carry no <c>error.type</c>.</summary>
    public static bool IsSuccess(this CloseReason reason) => reason is CloseReason.None or CloseReason.Completed or CloseReason.ClientClosed or CloseReason.Drained;
}
