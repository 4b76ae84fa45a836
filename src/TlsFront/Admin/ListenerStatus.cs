namespace TlsFront.Admin;

/// <summary>A listener.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where it listens, as bound.</param>
/// <param name="Protocol">What is spoken behind TLS.</param>
/// <param name="Security">When TLS begins: implicit, starttls or optional.</param>
/// <param name="Backend">Where its sessions go.</param>
/// <param name="Connections">Connections open now.</param>
/// <param name="Accepted">Connections accepted since the start.</param>
/// <param name="Limit">Most connections at once; null if it has no limit of its own.</param>
internal sealed record ListenerStatus(
    string Name, string? Address, string Protocol, string Security, string Backend, int Connections, long Accepted, int? Limit = null);
