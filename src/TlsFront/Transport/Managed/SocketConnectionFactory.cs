using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Pipelines.Sockets.Unofficial;
using TlsFront.Connections;

namespace TlsFront.Transport.Managed;

/// <summary>
/// Connections to backends for the managed engine. The socket is connected here, because the library's own connect takes no cancellation.
/// </summary>
internal sealed class SocketConnectionFactory(IMemoryPoolFactory<byte> pools) : IConnectionFactory
{
    // Kestrel's pool: with the default options a relayed GiB costs 400 MiB of allocations, with pooled segments a few.
    private readonly PipeOptions _options = new(
        pools.Create(), minimumSegmentSize: 16 * 1024, pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024,
        useSynchronizationContext: false);

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            if (endpoint is OutboundEndPoint outbound)
            {
                Bind(socket, outbound.Source);
            }

            await socket.ConnectAsync(endpoint, cancellationToken);
            return new BackendConnection(SocketConnection.Create(socket, _options), socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The port is left to the connect, which may share it among destinations; chosen here, it would be taken for all of them.</summary>
    private static void Bind(Socket socket, IPAddress source)
    {
        if (OperatingSystem.IsLinux())
        {
            const int LevelIp = 0;
            const int BindAddressNoPort = 24;
            socket.SetRawSocketOption(LevelIp, BindAddressNoPort, BitConverter.GetBytes(1));
        }

        socket.Bind(new IPEndPoint(source, 0));
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
