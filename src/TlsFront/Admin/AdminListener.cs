using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using TlsFront.Handover;

namespace TlsFront.Admin;

/// <summary>
/// A bound place of the admin endpoint, its Unix socket or its address. It serves while this process is the gateway: one that is to replace another
/// binds and waits, and one that was replaced stops.
/// </summary>
internal sealed class AdminListener : IConnectionListener
{
    private static readonly LingerOption NoLinger = new(enable: false, seconds: 0);

    private readonly Socket _socket;
    private readonly Succession _succession;
    private readonly ILoggerFactory _loggers;
    private readonly AdminSocketName? _name;
    private readonly TaskCompletionSource _hostStops = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _replaced;
    private readonly Lock _gate = new();
    private IConnectionListener? _inner;
    private Task? _unbound;

    /// <param name="socket">Bound, and owned from here on.</param>
    /// <param name="endPoint">Where it listens.</param>
    /// <param name="succession">When this process is the gateway.</param>
    /// <param name="loggers">For Kestrel.</param>
    /// <param name="name">The name of its file; null for one that has none.</param>
    public AdminListener(Socket socket, EndPoint endPoint, Succession succession, ILoggerFactory loggers, AdminSocketName? name)
    {
        (_socket, EndPoint, _succession, _loggers, _name) = (socket, endPoint, succession, loggers, name);
        _replaced = succession.Ended.Register(static self => _ = ((AdminListener)self!).StopAcceptingAsync(), this);
    }

    public EndPoint EndPoint { get; }

    /// <summary>
    /// Whether the file is the new gateway's by now. The runtime deletes the file of a Unix socket when it closes what it bound, whosesoever the file
    /// is: so the socket stays open until the process ends, and nobody finds it.
    /// </summary>
    private bool IsNamedByAnother => _name is not null && _succession.Ended.IsCancellationRequested;

    /// <summary>Listens, or does so when this process becomes the gateway.</summary>
    public void Start()
    {
        if (_succession.Begun.IsCompleted)
        {
            Listen();
        }
        else
        {
            _succession.BeforeBegin(Listen);
        }
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        await Task.WhenAny(_succession.Begun, _hostStops.Task).WaitAsync(cancellationToken);
        if (_inner is not null && _unbound is null)
        {
            var accepting = _inner.AcceptAsync(cancellationToken).AsTask();
            if (await Task.WhenAny(accepting, _hostStops.Task) == accepting && await accepting is { } connection)
            {
                if (_succession.HasPredecessor)
                {
                    // The runtime sets this on a socket that it closes while it accepts, and it is the same socket in both processes: what is
                    // accepted from it would end with a reset, which overtakes the answer.
                    connection.Features.Get<IConnectionSocketFeature>()?.Socket.LingerState = NoLinger;
                }

                return connection;
            }
        }

        // Kestrel takes null as the end of the endpoint and logs nothing only during its own stop.
        await _hostStops.Task.WaitAsync(cancellationToken);
        return null;
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await StopAcceptingAsync();
        _hostStops.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        await _replaced.DisposeAsync();
        if (!IsNamedByAnother)
        {
            if (_inner is not null)
            {
                await _inner.DisposeAsync();
            }

            _socket.Dispose();
        }
    }

    private void Listen()
    {
        var options = new SocketTransportOptions { CreateBoundListenSocket = _ => _socket };

        // Binding is what this does at once: the socket is bound.
        var binding = new SocketTransportFactory(Options.Create(options), _loggers).BindAsync(EndPoint);
        _inner = binding.IsCompleted ? binding.Result : binding.AsTask().GetAwaiter().GetResult();
        _name?.Publish();
    }

    private Task StopAcceptingAsync()
    {
        lock (_gate)
        {
            return _unbound ??= StopAsync();
        }
    }

    private async Task StopAsync()
    {
        if (!_succession.Ended.IsCancellationRequested)
        {
            // Before the socket closes: the file might be another gateway's afterwards.
            _name?.Remove();
        }

        if (_inner is not null && !IsNamedByAnother)
        {
            await _inner.UnbindAsync();
        }
    }
}
