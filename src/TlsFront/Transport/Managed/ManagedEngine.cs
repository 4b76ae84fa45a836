using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace TlsFront.Transport.Managed;

/// <summary>The engine that runs wherever .NET does: Kestrel's sockets, <c>SslStream</c>, Pipelines.Sockets.Unofficial.</summary>
internal static class ManagedEngine
{
    /// <summary>Bound of each of a connection's two pipes, in bytes; enough for a record on its way while the next is made.</summary>
    private const int PipeBytes = 64 * 1024;

    /// <summary>Connections the kernel may queue for accept; a reconnect storm after a restart should wait there, not be refused.</summary>
    private const int Backlog = 4096;

    public static TransportEngine Create(IMemoryPoolFactory<byte> pools, ILoggerFactory loggers)
    {
        var options = new SocketTransportOptions
        {
            Backlog = Backlog,
            MaxReadBufferSize = PipeBytes,
            MaxWriteBufferSize = PipeBytes,
        };
        return new TransportEngine(
            "managed", "SslStream", new SocketTransportFactory(Options.Create(options), loggers), new SocketConnectionFactory(pools));
    }
}
