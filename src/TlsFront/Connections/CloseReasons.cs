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
        CloseReason.Denied => "denied",
        CloseReason.LimitConnections => "limit_connections",
        CloseReason.LimitListenerConnections => "limit_listener_connections",
        CloseReason.LimitMemory => "limit_memory",
        CloseReason.LimitClientConnections => "limit_client_connections",
        CloseReason.LimitConnectionRate => "limit_connection_rate",
        CloseReason.LimitHandshakeRate => "limit_handshake_rate",
        CloseReason.ProxyHeaderUntrusted => "proxy_header_untrusted",
        CloseReason.ProxyHeaderMissing => "proxy_header_missing",
        CloseReason.ProxyHeaderInvalid => "proxy_header_invalid",
        CloseReason.ProxyHeaderTimeout => "proxy_header_timeout",
        CloseReason.StartTlsInjection => "starttls_injection",
        CloseReason.TlsUnasked => "tls_unasked",
        CloseReason.NotTls => "not_tls",
        CloseReason.TlsMalformedHello => "tls_malformed_hello",
        CloseReason.TlsVersionTooOld => "tls_version_too_old",
        CloseReason.TlsNoSharedCipher => "tls_no_shared_cipher",
        CloseReason.TlsNoSharedProtocol => "tls_no_shared_protocol",
        CloseReason.TlsUnknownName => "tls_unknown_name",
        CloseReason.TlsNoCertificate => "tls_no_certificate",
        CloseReason.TlsClientCertificate => "tls_client_certificate",
        CloseReason.TlsHandshakeFailed => "tls_handshake_failed",
        CloseReason.TlsHandshakeTimeout => "tls_handshake_timeout",
        CloseReason.TlsClientLeft => "tls_client_left",
        CloseReason.BackendUnavailable => "backend_unavailable",
        CloseReason.BackendBusy => "backend_busy",
        CloseReason.QueueClientLeft => "queue_client_left",
        CloseReason.NoLocalPort => "no_local_port",
        CloseReason.BackendRefused => "backend_refused",
        CloseReason.IdentityRefused => "identity_refused",
        CloseReason.BackendClosed => "backend_closed",
        CloseReason.BackendReset => "backend_reset",
        CloseReason.BackendTimeout => "backend_timeout",
        CloseReason.BackendProtocolError => "backend_protocol_error",
        CloseReason.LineTooLong => "line_too_long",
        CloseReason.BareNewline => "bare_newline",
        CloseReason.ProtocolError => "protocol_error",
        CloseReason.TooManyLogins => "too_many_logins",
        CloseReason.LoginRefused => "login_refused",
        CloseReason.LookupFailed => "lookup_failed",
        CloseReason.SmugglingRefused => "smuggling_refused",
        CloseReason.KeyLimit => "tls_key_limit",
        CloseReason.HandedOver => "handed_over",
        CloseReason.Drained => "drained",
        CloseReason.Aborted => "aborted",
        CloseReason.InternalError => "internal_error",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    /// <summary>The value in an operator's words, for the log.</summary>
    public static string Words(this CloseReason reason) => reason switch
    {
        CloseReason.None => "nothing was noted",
        CloseReason.Completed => "session completed",
        CloseReason.ClientClosed => "client closed the connection without a goodbye",
        CloseReason.ClientReset => "client reset the connection",
        CloseReason.ClientStalled => "client took nothing of what was sent to it in time",
        CloseReason.ClientIdle => "client said nothing in time",
        CloseReason.Denied => "client's address is not admitted",
        CloseReason.LimitConnections => "gateway has as many connections as it may have",
        CloseReason.LimitListenerConnections => "listener has as many connections as it may have",
        CloseReason.LimitMemory => "gateway uses as much memory as it may use",
        CloseReason.LimitClientConnections => "client has as many connections as one may have",
        CloseReason.LimitConnectionRate => "client opens connections too fast",
        CloseReason.LimitHandshakeRate => "client begins TLS handshakes too fast",
        CloseReason.ProxyHeaderUntrusted => "a PROXY header came from an untrusted address",
        CloseReason.ProxyHeaderMissing => "load balancer sent no PROXY header",
        CloseReason.ProxyHeaderInvalid => "load balancer's PROXY header is broken",
        CloseReason.ProxyHeaderTimeout => "load balancer's PROXY header took too long",
        CloseReason.StartTlsInjection => "something was sent behind STARTTLS, before TLS",
        CloseReason.TlsUnasked => "client began TLS without STARTTLS",
        CloseReason.NotTls => "client does not speak TLS",
        CloseReason.TlsMalformedHello => "client's TLS hello is malformed",
        CloseReason.TlsVersionTooOld => "client's TLS version is too old",
        CloseReason.TlsNoSharedCipher => "no TLS cipher suite in common with the client",
        CloseReason.TlsNoSharedProtocol => "no ALPN protocol in common with the client",
        CloseReason.TlsUnknownName => "no certificate for the name the client asked for",
        CloseReason.TlsNoCertificate => "no certificate is loaded",
        CloseReason.TlsClientCertificate => "client's certificate is missing or refused",
        CloseReason.TlsHandshakeFailed => "TLS handshake failed",
        CloseReason.TlsHandshakeTimeout => "TLS handshake took too long",
        CloseReason.TlsClientLeft => "client left during the TLS handshake",
        CloseReason.BackendUnavailable => "no destination of the backend could be reached",
        CloseReason.BackendBusy => "all permitted destinations are at maxSessions, or too many logins of a held user wait",
        CloseReason.QueueClientLeft => "client left while it waited for a place at the backend, a lookup, or its user to be released",
        CloseReason.NoLocalPort => "gateway has no local port left to connect from",
        CloseReason.BackendRefused => "backend's greeting was a refusal",
        CloseReason.IdentityRefused => "backend does not take the client's address from the gateway",
        CloseReason.BackendClosed => "backend closed the connection in mid-dialogue",
        CloseReason.BackendReset => "backend reset the connection",
        CloseReason.BackendTimeout => "backend did not answer in time",
        CloseReason.BackendProtocolError => "backend does not speak the listener's protocol",
        CloseReason.LineTooLong => "a line was too long",
        CloseReason.BareNewline => "a bare CR, bare LF or NUL was sent",
        CloseReason.ProtocolError => "client broke the protocol",
        CloseReason.TooManyLogins => "too many failed logins, or commands without one",
        CloseReason.LoginRefused => "lookup refused the login and grants no other try",
        CloseReason.LookupFailed => "lookup of the user's backend failed",
        CloseReason.SmugglingRefused => "client tried to smuggle an end of data",
        CloseReason.KeyLimit => "a TLS 1.2 key reached its limit of records; the client may connect again",
        CloseReason.HandedOver => "session continues in the new process",
        CloseReason.Drained => "gateway is shutting down",
        CloseReason.Aborted => "gateway was told to stop at once",
        CloseReason.InternalError => "gateway failed; the error log has details",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    /// <summary>
    /// Whether the connection was refused for who its client is, before anything of it was looked at: a flood of such must not flood the log.
    /// </summary>
    public static bool IsRefusal(this CloseReason reason) => reason is >= CloseReason.Denied and <= CloseReason.LimitHandshakeRate;

    /// <summary>Whether the connection did what it was opened for, so that metrics carry no <c>error.type</c>.</summary>
    public static bool IsSuccess(this CloseReason reason) =>
        reason is CloseReason.None or CloseReason.Completed or CloseReason.ClientClosed or CloseReason.Drained
            or CloseReason.KeyLimit or CloseReason.HandedOver;

    /// <summary>
    /// Which peer ended the session and how, as the labels of the idle histogram say it; null where the gateway did for reasons of its own.
    /// </summary>
    public static (string Side, string Cause)? EndedBy(this CloseReason reason) => reason switch
    {
        CloseReason.ClientClosed => ("client", "closed"),
        CloseReason.ClientReset => ("client", "reset"),
        CloseReason.ClientIdle or CloseReason.ClientStalled => ("client", "timeout"),
        // After a goodbye of the protocol, or at the end of its patience: Dovecot ends idle sessions in order.
        CloseReason.Completed or CloseReason.BackendClosed => ("backend", "closed"),
        CloseReason.BackendReset => ("backend", "reset"),
        CloseReason.BackendTimeout => ("backend", "timeout"),
        _ => null,
    };
}
