using System.Net;

namespace TlsFront.Connections;

/// <summary>What is known of a connection when its bytes are looked at. Facts are set once by the stage that learns them.</summary>
internal sealed class SessionFacts
{
    /// <summary>
    /// Connection id: in every log line, in <c>Received</c> as <c>id.n</c> and in the PROXY header's UNIQUE_ID. ASCII letters and digits.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>Name this gateway gives itself (<c>hostname</c>).</summary>
    public required string HostName { get; init; }

    /// <summary>The real client, once a load balancer's PROXY header was read; IPv4-mapped addresses are already IPv4.</summary>
    public required IPEndPoint Client { get; set; }

    /// <summary>The address the client connected to, a load balancer's if there is one; normalised like <see cref="Client"/>.</summary>
    public required IPEndPoint Local { get; set; }

    /// <summary>What TLS established; null before the handshake.</summary>
    public TlsFacts? Tls { get; set; }

    /// <summary>
    /// The user name of the last login attempt, as the client gave it and not verified: what the choice of a backend depends on. Null before a login,
    /// and where logins are not held.
    /// </summary>
    public string? User { get; set; }

    /// <summary>
    /// What the client's program calls itself before its login, in EHLO or IMAP's ID; null if it does not say. Printable, and no proof of anything.
    /// </summary>
    public string? Program { get; set; }

    /// <summary>Whether it is the client's certificate that says so, in place of a secret.</summary>
    public bool IsLoginByCertificate { get; set; }

    /// <summary>What the next backend gets in place of the client's login; null where that is handed on as it is.</summary>
    public BackendLogin? BackendLogin { get; set; }

    /// <summary>The login that waits while a backend is chosen for its user. Null before a login, and where logins are not held.</summary>
    public IHeldLogin? HeldLogin { get; set; }

    /// <summary>Why the login that waits gets no backend, for the machine that refuses it; null otherwise.</summary>
    public LoginRefusal? LoginRefusal { get; set; }

    /// <summary>What the user has to see once the login that waits is accepted; null for nothing.</summary>
    public string? LoginAlert { get; set; }

    /// <summary>Whether the backend wants to be told of the client in its own protocol, before the session begins.</summary>
    public bool IsIntroducedInDialogue { get; set; }

    /// <summary>Whether an untried destination remains, so that a machine may answer a refused greeting with <c>Connect</c>.</summary>
    public bool CanFailOver { get; set; }

    /// <summary>Longest wait for a greeting while <see cref="CanFailOver"/>: the destination's share of the time to connect.</summary>
    public TimeSpan FailOverAfter { get; set; }
}
