namespace TlsFront.Connections;

/// <summary>
/// Why a connection ended: the one vocabulary of access log, metrics and protocol replies.
/// <see cref="CloseReasons"/> gives each its tag and its words.
/// </summary>
internal enum CloseReason : byte
{
    /// <summary>Not ended, or nothing to tell.</summary>
    None,

    /// <summary>The session ended by the protocol's own goodbye (QUIT, LOGOUT), or the backend closed a transparent session in order.</summary>
    Completed,

    /// <summary>The client ended the connection without a goodbye.</summary>
    ClientClosed,

    /// <summary>The client reset the connection.</summary>
    ClientReset,

    /// <summary>The client took nothing of what was sent to it until the deadline passed.</summary>
    ClientStalled,

    /// <summary>The client said nothing until the deadline of its phase passed.</summary>
    ClientIdle,

    /// <summary>
    /// The client is not admitted: its address is denied, is not among those allowed, or is no load balancer's on a listener for those alone.
    /// </summary>
    Denied,

    /// <summary>The gateway has as many connections as it may have.</summary>
    LimitConnections,

    /// <summary>The listener has as many connections as it may have.</summary>
    LimitListenerConnections,

    /// <summary>The gateway uses as much memory as it may use.</summary>
    LimitMemory,

    /// <summary>The client's address has as many connections as one may have.</summary>
    LimitClientConnections,

    /// <summary>The client's address opens connections faster than one may.</summary>
    LimitConnectionRate,

    /// <summary>The client's address begins TLS handshakes faster than one may.</summary>
    LimitHandshakeRate,

    /// <summary>A PROXY header came from an address that is not trusted with one.</summary>
    ProxyHeaderUntrusted,

    /// <summary>A load balancer's connection does not begin with a PROXY header.</summary>
    ProxyHeaderMissing,

    /// <summary>A load balancer's PROXY header is broken or too long.</summary>
    ProxyHeaderInvalid,

    /// <summary>A load balancer's PROXY header was not complete when its deadline passed.</summary>
    ProxyHeaderTimeout,

    /// <summary>
    /// Octets followed STARTTLS before TLS: somebody on the way, or the client itself, tried to have them taken for what comes behind TLS
    /// (CVE-2011-0411).
    /// </summary>
    StartTlsInjection,

    /// <summary>The client began TLS on a listener where it has to ask for it.</summary>
    TlsUnasked,

    /// <summary>The client's first bytes are not TLS.</summary>
    NotTls,

    /// <summary>The ClientHello breaks the syntax of TLS or is larger than 64 KB.</summary>
    TlsMalformedHello,

    /// <summary>The client's best TLS version is below the minimum.</summary>
    TlsVersionTooOld,

    /// <summary>Client and gateway have no cipher suite in common.</summary>
    TlsNoSharedCipher,

    /// <summary>The client's ALPN list has no protocol of this listener.</summary>
    TlsNoSharedProtocol,

    /// <summary>The client asked for a server name that no certificate covers, and the listener is strict.</summary>
    TlsUnknownName,

    /// <summary>No certificate is loaded that the listener could present.</summary>
    TlsNoCertificate,

    /// <summary>The client has no certificate where one is required, or one that is not good.</summary>
    TlsClientCertificate,

    /// <summary>The handshake failed otherwise, commonly because the client rejected the certificate.</summary>
    TlsHandshakeFailed,

    /// <summary>The handshake was not complete when its deadline passed.</summary>
    TlsHandshakeTimeout,

    /// <summary>The client left during the handshake.</summary>
    TlsClientLeft,

    /// <summary>No destination could be reached.</summary>
    BackendUnavailable,

    /// <summary>
    /// All permitted destinations are at <c>maxSessions</c>, and the queue is full or took too long; or too many logins of held users wait.
    /// </summary>
    BackendBusy,

    /// <summary>The client left while its session waited for a place at one of them, for a lookup, or for the end of a hold on its logins.</summary>
    QueueClientLeft,

    /// <summary>The gateway has no local port left to connect from.</summary>
    NoLocalPort,

    /// <summary>The backend's greeting was a refusal.</summary>
    BackendRefused,

    /// <summary>The backend does not take the client's address from the gateway, as its <c>identity</c> says it does.</summary>
    IdentityRefused,

    /// <summary>The backend ended the connection in the middle of the dialogue.</summary>
    BackendClosed,

    /// <summary>The backend reset the connection.</summary>
    BackendReset,

    /// <summary>The backend did not answer in time.</summary>
    BackendTimeout,

    /// <summary>The backend answered something that is not its protocol.</summary>
    BackendProtocolError,

    /// <summary>A line exceeded its maximum.</summary>
    LineTooLong,

    /// <summary>A bare CR, bare LF or NUL where the protocol allows none.</summary>
    BareNewline,

    /// <summary>The client broke the protocol in a way that leaves the two sides out of step.</summary>
    ProtocolError,

    /// <summary>More logins failed than a session may try, or it had more commands without one than it may have. Where logins are held.</summary>
    TooManyLogins,

    /// <summary>The service of <c>lookup</c> refused a login and grants the session no other.</summary>
    LoginRefused,

    /// <summary>The service of <c>lookup</c> could not be asked, or its answer is of no use.</summary>
    LookupFailed,

    /// <summary>A message that smuggles an end of data was refused.</summary>
    SmugglingRefused,

    /// <summary>
    /// A key of TLS 1.2, which has no other, protected as many records as it should (RFC 9325 section 4.4); the client may connect again.
    /// </summary>
    KeyLimit,

    /// <summary>The session goes on in the process that took this one's place: no end of the connection.</summary>
    HandedOver,

    /// <summary>The gateway is shutting down.</summary>
    Drained,

    /// <summary>The gateway was told to stop at once, or its drain timeout passed.</summary>
    Aborted,

    /// <summary>A bug or an exhausted resource of the gateway itself; the error log has details.</summary>
    InternalError,
}
