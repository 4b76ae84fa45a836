namespace TlsFront.Connections;

/// <summary>
/// A <see cref="ConnectionRecord"/> on its way to another process, whose version may be another: what one of the two does not know is left out.
/// Nothing secret is in it.
/// </summary>
internal sealed record ConnectionSnapshot
{
    public required string Id { get; init; }

    public required string HostName { get; init; }

    /// <summary>Address and port.</summary>
    public required string Client { get; init; }

    /// <summary>Address and port.</summary>
    public required string Local { get; init; }

    public required string Listener { get; init; }

    public required string Protocol { get; init; }

    /// <summary>When TLS begins: implicit, with the first octet, or starttls.</summary>
    public required string Security { get; init; }

    public required DateTimeOffset Started { get; init; }

    public TlsFacts? Tls { get; init; }

    public string? LoginUser { get; init; }

    public bool IsLoginByCertificate { get; init; }

    public string? Program { get; init; }

    /// <summary>Address and port.</summary>
    public string? Via { get; init; }

    public string? ViaId { get; init; }

    public string? ViaServerName { get; init; }

    public bool IsUnannounced { get; init; }

    public string? Route { get; init; }

    public bool HasExposedCredentials { get; init; }

    public string? ExposedUser { get; init; }

    public string? User { get; init; }

    public string? LedUser { get; init; }

    public RoutedBy RoutedBy { get; init; }

    public bool IsSticky { get; init; }

    public string? Policy { get; init; }

    public PolicyAction PolicyAction { get; init; }

    public int LoginsAccepted { get; init; }

    public int LoginsRefused { get; init; }

    public int MessagesAccepted { get; init; }

    public int MessagesRefused { get; init; }

    public string? Backend { get; init; }

    public string? Destination { get; init; }

    public TimeSpan HandshakeDuration { get; init; }

    public TimeSpan ConnectDuration { get; init; }

    public long BytesFromClient { get; init; }

    public long BytesToClient { get; init; }

    /// <summary>How long the session had been silent, both ways.</summary>
    public TimeSpan Idle { get; init; }

    /// <summary>Trace and span of the W3C Trace Context; null for a connection that is not sampled.</summary>
    public string? TraceParent { get; init; }
}
