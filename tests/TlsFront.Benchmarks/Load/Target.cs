using TlsFront.Benchmarks.Load.Tls;

namespace TlsFront.Benchmarks.Load;

/// <summary>Where a client connects to.</summary>
/// <param name="Port">On 127.0.0.1.</param>
/// <param name="ServerName">Sent as SNI; null for a connection without TLS.</param>
internal sealed record Target(int Port, string? ServerName) : IDisposable
{
    private readonly TlsContext? _context = ServerName is null ? null : new TlsContext();

    /// <summary>A connection that has shaken hands.</summary>
    public Wire Connect() => ServerName is null ? new PlainWire(Port) : ConnectTls();

    /// <summary>A connection that tried to resume <paramref name="session"/>.</summary>
    public TlsWire ConnectTls(TlsSession? session = null) => new(_context!, Port, ServerName!, session);

    /// <summary>A connection on which <paramref name="opening"/> asked for TLS.</summary>
    public TlsWire ConnectStartTls(Action<Wire> opening) => new(_context!, Port, ServerName!, session: null, opening);

    public void Dispose() => _context?.Dispose();
}
