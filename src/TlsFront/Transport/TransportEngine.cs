using Microsoft.AspNetCore.Connections;
using TlsFront.Handover;

namespace TlsFront.Transport;

/// <summary>An engine: how clients are accepted and backends are connected.</summary>
/// <param name="Name">Name in the start line.</param>
/// <param name="TlsLibrary">The TLS library, for the native engine with its version.</param>
/// <param name="Listeners">Accepts clients.</param>
/// <param name="Backends">Connects backends.</param>
/// <param name="Resources">What it holds beyond its connections.</param>
/// <param name="Figures">What it tells of itself; null if it has nothing to tell.</param>
/// <param name="TicketKeys">Its own keys for session tickets; null if it makes none.</param>
internal sealed record TransportEngine(
    string Name, string TlsLibrary, IConnectionListenerFactory Listeners, IConnectionFactory Backends, IDisposable? Resources = null,
    IEngineFigures? Figures = null, IHandedState? TicketKeys = null) : IDisposable
{
    /// <summary>Gives back what it holds; every connection must have ended before.</summary>
    public void Dispose() => Resources?.Dispose();
}
