using TlsFront.Connections;

namespace TlsFront.Admin.Live;

/// <summary>What a failure means and what to do about it, for an operator who does not know the gateway by heart.</summary>
internal static class FailureAdvice
{
    public static string For(CloseReason reason) => reason switch
    {
        CloseReason.None or CloseReason.Completed or CloseReason.ClientClosed or CloseReason.Drained
            or CloseReason.HandedOver => "Nothing to do.",
        CloseReason.KeyLimit =>
            "A session of TLS 1.2 with 2^24 records in one direction: its key has done its work, and the client connects again. With TLS 1.3 "
            + "keys are changed instead.",
        CloseReason.ClientReset =>
            "Common on phones and behind address translators. Many after the same silence: something between forgets idle connections; "
            + "tlsfront.session.idle_at_close in the metrics shows it.",
        CloseReason.ClientStalled => "A client on a bad line, or one that hangs. If many: look for packet loss and MTU trouble towards clients.",
        CloseReason.ClientIdle => "Scanners that connect and wait, or clients left open. Deadlines are under timeouts.",
        CloseReason.Denied => "What admission asks for. If your users are among them, look at admission.allow and admission.deny.",
        CloseReason.LimitConnections => "Clients are turned away. Raise limits.connections or the limit of open files, or add a replica.",
        CloseReason.LimitListenerConnections =>
            "Clients of one listener are turned away. Its backend may be slow or hang; otherwise raise listeners[].limits.connections.",
        CloseReason.LimitMemory => "Clients are turned away. Give the gateway more memory, or add a replica.",
        CloseReason.LimitClientConnections =>
            "One address has too many connections: a proxy or office of many users (add it to limits.exempt), or abuse.",
        CloseReason.LimitConnectionRate =>
            "One address connects too fast: a monitor or an office (add it to limits.exempt), or somebody guessing passwords.",
        CloseReason.LimitHandshakeRate =>
            "One address begins handshakes too fast: a broken client in a loop, or an attack on the processor. The limit keeps it off the others.",
        CloseReason.ProxyHeaderUntrusted =>
            "PROXY headers arrive from an address that is not trusted. "
            + "If it is your load balancer, add its address to proxyProtocol.trustedNetworks.",
        CloseReason.ProxyHeaderMissing =>
            "Your load balancer connects without a PROXY header. Switch it on there (send-proxy-v2), its health checks included.",
        CloseReason.ProxyHeaderInvalid => "What your load balancer sends is no PROXY header of version 1 or 2. Look at its configuration.",
        CloseReason.ProxyHeaderTimeout =>
            "Your load balancer connects and sends nothing, as a plain TCP health check does. Have it check with a PROXY header.",
        CloseReason.StartTlsInjection =>
            "An attacker between client and gateway, or a client that does not wait for TLS: commands came with STARTTLS. They were dropped.",
        CloseReason.TlsUnasked =>
            "Clients set to SSL/TLS on a STARTTLS port. Users choose SSL/TLS for 465, 993 and 995, and STARTTLS for 587, 143 and 110.",
        CloseReason.NotTls =>
            "Clients set to STARTTLS or to no encryption on a port of implicit TLS, or scanners. "
            + "Users choose SSL/TLS, not STARTTLS, for 465, 993 and 995.",
        CloseReason.TlsMalformedHello => "Scanners and broken software; mail clients do not send this.",
        CloseReason.TlsVersionTooOld =>
            "Old clients that cannot do what tls.minimumVersion asks. They need an update, or a listener or route of their own with a lower minimum.",
        CloseReason.TlsNoSharedCipher => "Scanners that offer only weak suites; or old clients whose suites need a certificate of the other type. "
            + "The log says which: add an ECDSA certificate beside the RSA one (Windows 7 and 8.1), or an RSA one beside the ECDSA one.",
        CloseReason.TlsNoSharedProtocol =>
            "A web browser, scanner or monitor on a mail port: its ALPN list has no mail protocol. tls.alpn: ignore serves it all the same.",
        CloseReason.TlsUnknownName =>
            "Clients ask for a name that no certificate is for. Add the name to a certificate, or tell users the right server name.",
        CloseReason.TlsNoCertificate =>
            "No client can be served. Look at the log for why the certificate could not be read: tlsfront certificates shows them all.",
        CloseReason.TlsClientCertificate =>
            "Clients without the certificate that tls.clientCertificates requires, or with one that has expired, was revoked or is of another "
            + "authority. "
            + "The log says which: renew it, or let users without one log in by password (required: off).",
        CloseReason.TlsHandshakeFailed =>
            "Most often the client does not trust the certificate: expired, of another name, "
            + "or without its intermediates. The log has the alert it sent.",
        CloseReason.TlsHandshakeTimeout => "Clients that open a connection and do not go on: scanners, or packets that get lost on the way (MTU).",
        CloseReason.TlsClientLeft => "Port scanners, monitors that only connect, or users who closed a warning about the certificate.",
        CloseReason.BackendUnavailable =>
            "Clients are not served: no server of the backend answers. Look at Backends above, then run tlsfront doctor.",
        CloseReason.BackendBusy =>
            "All permitted servers are at maxSessions. Raise it if the servers can take more, or add one; "
            + "backends[].queue says how long sessions wait.",
        CloseReason.QueueClientLeft =>
            "Clients gave up while they waited for a place: see backend_busy. Shorten backends[].queue or raise maxSessions.",
        CloseReason.NoLocalPort => "All ports towards the backend are in use. Give the backend several sourceAddresses, or several destinations.",
        CloseReason.BackendRefused =>
            "The server greets with a refusal: its own limits, access lists or maintenance. Its log says which; tlsfront doctor tries.",
        CloseReason.IdentityRefused =>
            "The server does not trust the gateway's address: smtpd_authorized_xclient_hosts of Postfix, login_trusted_networks of Dovecot.",
        CloseReason.BackendClosed => "The server ended connections: restarted, out of processes, or its own timeout. Look at its log at that time.",
        CloseReason.BackendReset => "The server, or a firewall before it, cut connections. Look for crashes in its log.",
        CloseReason.BackendTimeout => "The server takes too long: overloaded, or its lookups (DNS, user database) are slow. See Slowest servers.",
        CloseReason.BackendProtocolError =>
            "Something else answers at this address, or the PROXY header is not expected there. tlsfront doctor says which.",
        CloseReason.LineTooLong => "Abuse or broken software: the protocols bound a line's length.",
        CloseReason.BareNewline => "Broken software, or an attempt to smuggle mail. The listener's bareNewlines says what becomes of it.",
        CloseReason.ProtocolError => "Scanners and broken software that do not follow the protocol.",
        CloseReason.TooManyLogins =>
            "Guessing, or a program with a wrong password that does not stop. tlsfront.logins counts them; the log has the addresses.",
        CloseReason.LoginRefused =>
            "The service of listeners[].lookup refused logins and named no Auth-Wait. Its own log says why; that of the gateway has the users.",
        CloseReason.LookupFailed =>
            "The service of listeners[].lookup did not answer, or named a server that is not configured. The log says which; "
            + "tlsfront.lookup.duration counts them.",
        CloseReason.SmugglingRefused => "An attempt to smuggle mail past the server, refused. The log has the address.",
        CloseReason.Aborted => "The gateway was told to stop at once, or sessions outlived drain.timeout.",
        CloseReason.InternalError => "A bug, or memory or files ran out. The error log has the details; please report it.",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
