using System.Net;

namespace TlsFront.Connections;

/// <summary>
/// The one record of a connection: every stage adds what it learned, and log, metrics and traces are made from it alone.
/// </summary>
/// <param name="facts">What is known at accept.</param>
/// <param name="listener">Name of the listener.</param>
/// <param name="protocol">What is spoken there: smtp, imap, pop3, sieve or tcp.</param>
/// <param name="events">Told of what must not wait for the end.</param>
internal sealed partial class ConnectionRecord(SessionFacts facts, string listener, string protocol, IConnectionEvents events) : ISessionObserver
{
    /// <summary>Plaintext bytes taken from the client. Only the engine adds.</summary>
    public long BytesFromClient;

    /// <summary>Plaintext bytes sent to the client. Only the engine adds.</summary>
    public long BytesToClient;

    /// <summary>Whether the client said anything, be it half a line that nobody takes. Only the engine sets it.</summary>
    public bool HasSpoken;

    private string? _refusedJa4;

    /// <summary>The trace of a sampled connection; null for all others.</summary>
    public ConnectionTrace? Trace { get; set; }

    /// <summary>What the machines see of this.</summary>
    public SessionFacts Facts => facts;

    /// <summary>Name of the listener.</summary>
    public string Listener => listener;

    /// <summary>What is spoken there.</summary>
    public string Protocol => protocol;

    /// <summary>Whether TLS begins with the first octet. Defaults to yes.</summary>
    public bool HasImplicitTls { get; init; } = true;

    /// <summary>What a login comes by now: behind STARTTLS another transport than before.</summary>
    public LoginTransport Transport => HasImplicitTls ? LoginTransport.Implicit
        : facts.Tls is null ? LoginTransport.Cleartext
        : LoginTransport.StartTls;

    /// <summary>When the connection was accepted.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>The load balancer that announced the client by a PROXY header; null where the client is connected itself.</summary>
    public IPEndPoint? Via { get; private set; }

    /// <summary>The load balancer's own id of the connection, printable; null if it gave none.</summary>
    public string? ViaId { get; private set; }

    /// <summary>The host name the client asked the load balancer for, valid and in lower case; null if it gave none.</summary>
    public string? ViaServerName { get; private set; }

    /// <summary>Whether a load balancer connected and announced nobody but itself: for itself, or for a client that it does not know.</summary>
    public bool IsUnannounced { get; private set; }

    /// <summary>
    /// Whether a load balancer only looked whether the port is open, perhaps with a TLS handshake: it announced nobody, said nothing and left.
    /// </summary>
    public bool IsBalancerCheck => IsUnannounced && !HasSpoken
        && CloseReason is CloseReason.ClientClosed or CloseReason.ClientReset or CloseReason.TlsClientLeft or CloseReason.QueueClientLeft;

    /// <summary>
    /// The routed name or wildcard that covers the one the client asked for, as it is configured; null for the listener's own terms and backend.
    /// </summary>
    public string? Route { get; private set; }

    /// <summary>Whether the client sent a password or a token before TLS: it is known to whoever listened, and to be changed.</summary>
    public bool HasExposedCredentials { get; private set; }

    /// <summary>Whose they were, as the client gave the name; null where that does not show.</summary>
    public string? ExposedUser { get; private set; }

    /// <summary>Name the client logged in with, where its mechanism shows it.</summary>
    public string? User { get; private set; }

    /// <summary>
    /// Whose last login was led to a backend that has not refused it: null while a hold on its logins lasts, and wherever logins are not held.
    /// Read from other threads.
    /// </summary>
    public string? LedUser { get; set; }

    /// <summary>What decided which backend its last held login goes to.</summary>
    public RoutedBy RoutedBy { get; private set; }

    /// <summary>Whether stickiness decided among that backend's destinations as well.</summary>
    public bool IsSticky { get; private set; }

    /// <summary>Name of the policy that decided on its last login; null if none did.</summary>
    public string? Policy { get; private set; }

    /// <summary>What the policy decided.</summary>
    public PolicyAction PolicyAction { get; private set; }

    /// <summary>Logins the backend accepted: 0 or 1 in a well-behaved session.</summary>
    public int LoginsAccepted { get; private set; }

    /// <summary>Logins the backend refused.</summary>
    public int LoginsRefused { get; private set; }

    /// <summary>Messages the backend took.</summary>
    public int MessagesAccepted { get; private set; }

    /// <summary>Messages refused after their data was sent.</summary>
    public int MessagesRefused { get; private set; }

    /// <summary>Name of the backend, once one was tried.</summary>
    public string? Backend { get; private set; }

    /// <summary>The destination of it that serves the session; null while none could be connected.</summary>
    public string? Destination { get; private set; }

    /// <summary>Whether the current destination has greeted: the session is served. Reset with each destination that is tried.</summary>
    public bool BackendGreeted { get; private set; }

    /// <summary>Who is told what the session sees of its destination; null until one is looked for.</summary>
    public ISessionDestination? Server { private get; set; }

    /// <summary>The JA4 fingerprint of the client's hello, refused or not; null if there was none.</summary>
    public string? Ja4 => facts.Tls?.Ja4 ?? _refusedJa4;

    /// <summary>How long the TLS handshake took, successful or not.</summary>
    public TimeSpan HandshakeDuration { get; private set; }

    /// <summary>How long connecting a backend took, all tries together.</summary>
    public TimeSpan ConnectDuration { get; private set; }

    /// <summary>
    /// How long neither side had sent anything when the session ended or was frozen. A session that was taken over starts with what it brought; while
    /// one runs it is zero.
    /// </summary>
    public TimeSpan Idle { get; private set; }

    /// <summary>Why the connection ended.</summary>
    public CloseReason CloseReason { get; private set; }

    /// <summary>More about the end in an operator's words, or null.</summary>
    public string? Detail { get; private set; }

    /// <summary>A trusted load balancer told who the client is. Before any other stage looks at the client.</summary>
    public void Proxied(IPEndPoint client, IPEndPoint local, string? id, string? serverName)
    {
        (Via, ViaId, ViaServerName) = (facts.Client, id, serverName);
        (facts.Client, facts.Local) = (client, local);
    }

    /// <summary>A trusted load balancer announces nobody but itself: its connection counts as its own check until it says something.</summary>
    public void Unannounced() => IsUnannounced = true;

    /// <summary>The client's hello led to a route. Before the handshake's end is told.</summary>
    public void Routed(string route) => Route = route;

    /// <summary>The PROXY header was read, or waited for in vain, which the reason of the end says.</summary>
    public void HeaderEnded(TimeSpan elapsed) => events.HeaderEnded(this, elapsed);

    /// <summary>TLS is up.</summary>
    public void Secured(TlsFacts tls, TimeSpan elapsed)
    {
        facts.Tls = tls;
        HandshakeDuration = elapsed;
        events.HandshakeEnded(this, CloseReason.None, elapsed);
    }

    /// <summary>The handshake failed, and with it the connection.</summary>
    public void HandshakeFailed(CloseReason reason, string? detail, TimeSpan elapsed, string? ja4 = null)
    {
        _refusedJa4 = ja4;
        HandshakeDuration = elapsed;
        Close(reason, detail);
        events.HandshakeEnded(this, reason, elapsed);
    }

    /// <summary>The policies were asked about a login; null for <paramref name="policy"/> if none matches.</summary>
    public void PolicyDecided(string? policy, PolicyAction action)
    {
        (Policy, PolicyAction) = (policy, action);
        if (action != PolicyAction.None)
        {
            events.PolicyDecided(this);
        }
    }

    /// <summary>Somebody was asked where the user's sessions go; <paramref name="isCached"/> if an earlier answer counted.</summary>
    public void LookedUp(LookupResult result, TimeSpan elapsed, bool isCached) => events.LookedUp(this, result, elapsed, isCached);

    /// <summary>It is decided where a held login goes. Before a destination is looked for.</summary>
    public void LoginRouted(RoutedBy by, bool isSticky)
    {
        (RoutedBy, IsSticky) = (by, isSticky);
        events.LoginRouted(this);
    }

    /// <summary>A destination was looked for; null if there is none to try.</summary>
    public void DestinationPicked(string backend, string? destination, TimeSpan elapsed) =>
        events.DestinationPicked(this, backend, destination, elapsed);

    /// <summary>A destination was tried. <paramref name="failure"/> is null for success, otherwise a word for the metric.</summary>
    public void BackendTried(string backend, string destination, TimeSpan elapsed, string? failure)
    {
        Backend = backend;
        Destination = failure is null ? destination : null;
        BackendGreeted = false;
        ConnectDuration += elapsed;

        events.BackendTried(this, backend, destination, elapsed, failure);
    }

    /// <summary>The session has no destination any more, until its next login.</summary>
    public void BackendLeft() => Destination = null;

    /// <summary>The destination greeted, and what it said went to the client.</summary>
    public void Greeted()
    {
        BackendGreeted = true;
        Server?.Greeted();
        events.Greeted(this);
    }

    /// <summary>Sets <see cref="Idle"/>.</summary>
    public void SetIdle(TimeSpan idle) => Idle = idle;

    /// <summary>Notes the end; the first reason counts.</summary>
    public void Close(CloseReason reason, string? detail = null)
    {
        if (CloseReason == CloseReason.None)
        {
            CloseReason = reason;
            Detail = detail;
        }
    }

    void ISessionObserver.LoginOffered(bool isOffered) => Server?.LoginOffered(isOffered);

    /// <inheritdoc/>
    public void CredentialsExposed(string? user)
    {
        if (!HasExposedCredentials)
        {
            HasExposedCredentials = true;
            ExposedUser = user;
            events.CredentialsExposed(this);
        }
    }

    void ISessionObserver.LoginSucceeded(string? user)
    {
        User = user ?? (facts.IsLoginByCertificate ? facts.User : null);
        LoginsAccepted++;
        events.LoginEnded(this, accepted: true);
    }

    void ISessionObserver.LoginFailed()
    {
        LedUser = null;
        if (facts.User is null)
        {
            // It ended before it was known whose it is, and so before any policy.
            (Policy, PolicyAction) = (null, PolicyAction.None);
        }

        LoginsRefused++;
        events.LoginEnded(this, accepted: false);
    }

    void ISessionObserver.MessageAccepted()
    {
        MessagesAccepted++;
        events.MessageEnded(this, accepted: true);
    }

    void ISessionObserver.MessageRefused()
    {
        MessagesRefused++;
        events.MessageEnded(this, accepted: false);
    }
}
