using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Pipelines.Sockets.Unofficial;

namespace TlsFront.Transport.Managed;

/// <summary>
/// Connections to backends for the managed engine. The socket is connected here, because the library's own connect takes no
/// cancellation and resolves names to IPv4 only.
/// </summary>
internal sealed class SocketConnectionFactory(IMemoryPoolFactory<byte> pools) : IConnectionFactory
{
    // Kestrel's pool: with the default options a relayed GiB costs 400 MiB of allocations, with pooled segments a few.
    private readonly PipeOptions _options = new(pools.Create(), minimumSegmentSize: 16 * 1024, pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false);

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        // Dual mode, so that a name may resolve to either family; every address of it is tried.
        var socket = endpoint is IPEndPoint address
            ? new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new BackendConnection(SocketConnection.Create(socket, _options), socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class BackendConnection(SocketConnection connection, Socket socket) : ConnectionContext
    {
        public override string ConnectionId { get; set; } = string.Empty;

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public override IDuplexPipe Transport { get; set; } = connection;

        public override EndPoint? LocalEndPoint { get; set; } = socket.LocalEndPoint;

        public override EndPoint? RemoteEndPoint { get; set; } = socket.RemoteEndPoint;

        public override ValueTask DisposeAsync()
        {
            // Both ends here, or the pipes keep their memory from the pool: the library ends only those of its own loops.
            connection.Output.Complete();
            connection.Input.Complete();
            connection.Dispose();
            return base.DisposeAsync();
        }
    }
}
