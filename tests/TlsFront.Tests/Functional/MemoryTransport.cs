using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using TlsFront.Connections;
using TlsFront.Transport;

namespace TlsFront.Tests.Functional;

/// <summary>A network in memory: the gateway's listeners and its backends, without sockets or ports.</summary>
internal sealed class MemoryTransport : IConnectionListenerFactory, IConnectionFactory
{
    private readonly ConcurrentDictionary<int, Listener> _listeners = new();
    private readonly ConcurrentDictionary<string, Func<IDuplexPipe, Task>> _backends = new();
    private readonly ConcurrentDictionary<string, bool> _hanging = new();
    private readonly ConcurrentDictionary<IPAddress, SocketError> _exhausted = new();
    private int _nextPort = 40000;

    public TransportEngine Engine => new("memory", "none", this, this);

    /// <summary>Tasks of all backend conversations so far; a failed assertion in one surfaces here.</summary>
    public ConcurrentBag<Task> Conversations { get; } = [];

    /// <summary>Destinations tried, in order.</summary>
    public ConcurrentQueue<string> Connects { get; } = [];

    /// <summary>Source addresses asked for, in order.</summary>
    public ConcurrentQueue<string> Sources { get; } = [];

    /// <summary>Lets connects from <paramref name="source"/> fail.</summary>
    public void Exhaust(IPAddress source, SocketError error) => _exhausted[source] = error;

    /// <summary>Lets <paramref name="destination"/> answer connects with <paramref name="serve"/>; without one it refuses.</summary>
    public void Serve(string destination, Func<IDuplexPipe, Task> serve) => _backends[destination] = serve;

    /// <summary>Lets <paramref name="destination"/> refuse connects from now on.</summary>
    public void Refuse(string destination) => _backends.TryRemove(destination, out _);

    /// <summary>Lets connects to <paramref name="destination"/> hang, as those to a host that is switched off do.</summary>
    public void Hang(string destination) => _hanging[destination] = true;

    /// <summary>A client's connection to a listener.</summary>
    public async Task<IDuplexPipe> ConnectClientAsync(EndPoint listener, IPEndPoint? from = null)
    {
        var (client, server) = DuplexPipes.CreatePair();
        var accepted = new MemoryConnection(server)
        {
            LocalEndPoint = listener,
            RemoteEndPoint = from ?? new IPEndPoint(IPAddress.Parse("203.0.113.5"), 51000),
        };
        await OfferAsync(listener, accepted);
        return client;
    }

    /// <summary>Has a listener accept a connection.</summary>
    public ValueTask OfferAsync(EndPoint listener, ConnectionContext connection) =>
        _listeners[((IPEndPoint)listener).Port].Accepts.Writer.WriteAsync(connection);

    ValueTask<IConnectionListener> IConnectionListenerFactory.BindAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        var asked = (IPEndPoint)endpoint;
        var port = asked.Port == 0 ? Interlocked.Increment(ref _nextPort) : asked.Port;
        var listener = new Listener(new IPEndPoint(asked.Address, port));
        return _listeners.TryAdd(port, listener)
            ? new ValueTask<IConnectionListener>(listener)
            : throw new AddressInUseException("in use");
    }

    async ValueTask<ConnectionContext> IConnectionFactory.ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        var destination = endpoint is DnsEndPoint name ? $"{name.Host}:{name.Port}" : endpoint.ToString()!;
        Connects.Enqueue(destination);
        if (endpoint is OutboundEndPoint outbound)
        {
            Sources.Enqueue(outbound.Source.ToString());
            if (_exhausted.TryGetValue(outbound.Source, out var error))
            {
                throw new SocketException((int)error);
            }
        }

        if (_hanging.ContainsKey(destination))
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (!_backends.TryGetValue(destination, out var serve))
        {
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        var (gateway, backend) = DuplexPipes.CreatePair();
        Conversations.Add(Task.Run(async () =>
        {
            try
            {
                await serve(backend);
            }
            finally
            {
                await backend.Output.CompleteAsync();
                await backend.Input.CompleteAsync();
            }
        }, CancellationToken.None));
        return new MemoryConnection(gateway);
    }

    /// <summary>The gateway's end of a connection: disposing closes it.</summary>
    private sealed class MemoryConnection : DefaultConnectionContext
    {
        public MemoryConnection(IDuplexPipe transport)
            : base(Guid.NewGuid().ToString("N"), transport, transport)
        {
        }

        /// <summary>Not the base's: that cancels its token on a pool thread, which may find it disposed and ends the process.</summary>
        public override void Abort(ConnectionAbortedException abortReason)
        {
            Transport.Output.CancelPendingFlush();
            Transport.Input.CancelPendingRead();
        }

        public override async ValueTask DisposeAsync()
        {
            await Transport.Output.CompleteAsync();
            await Transport.Input.CompleteAsync();
            await base.DisposeAsync();
        }
    }

    private sealed class Listener(IPEndPoint endpoint) : IConnectionListener
    {
        public Channel<ConnectionContext> Accepts { get; } = Channel.CreateUnbounded<ConnectionContext>();

        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await Accepts.Reader.WaitToReadAsync(cancellationToken) && Accepts.Reader.TryRead(out var connection) ? connection : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            Accepts.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
