namespace TlsFront.Configuration;

/// <summary>
/// How much of the gateway there is, and how much of it one client may take. A client is an address, or all addresses with its first bits. The
/// limits of clients are off by default: behind one address may be a provider's whole customers, or the webmail of all users.
/// </summary>
internal sealed record LimitSettings
{
    /// <summary>
    /// Most connections at once, all listeners together; null for what the limit of open files allows, which is the least of the two anyway.
    /// </summary>
    public int? Connections { get; init; }

    /// <summary>
    /// The part of the memory that the process may use from which on nobody is let in, above 0 up to 1 for no limit. Defaults to 0.9: what the kernel
    /// would need it for is the buffers of the sessions that are there.
    /// </summary>
    public double Memory { get; init; } = 0.9;

    /// <summary>Most connections of one client at once; null for no limit.</summary>
    public int? ConnectionsPerClient { get; init; }

    /// <summary>How fast one client may connect; null for no limit.</summary>
    public Rate? ConnectionRate { get; init; }

    /// <summary>How fast one client may begin TLS handshakes; null for no limit.</summary>
    public Rate? HandshakeRate { get; init; }

    /// <summary>Bits that make an IPv4 client. Defaults to 32: an address.</summary>
    public int V4Prefix { get; init; } = 32;

    /// <summary>Bits that make an IPv6 client. Defaults to 64: a subnet, all of whose addresses any host in it may use.</summary>
    public int V6Prefix { get; init; } = 64;

    /// <summary>Clients without limits of their own.</summary>
    public NetworkSet Exempt { get; init; } = NetworkSet.Empty;
}
