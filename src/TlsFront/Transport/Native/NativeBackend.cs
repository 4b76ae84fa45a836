using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Handover;
using TlsFront.Transport.Managed;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Transport.Native;

/// <summary>
/// A connection to a backend. Until a session takes its socket into the loop, its output takes an introduction. Who reads from it, as a probe
/// does, takes it away from the loops for good: .NET waits for it then.
/// </summary>
internal sealed class NativeBackend : ConnectionContext, IBackendSecurity, IDuplexPipe, ILoopWork
{
    private readonly NativeSocket _socket;
    private readonly EventLoop _loop;
    private readonly ClientContextCache _contexts;
    private IntroductionWriter? _introduction;
    private IFeatureCollection? _features;
    private IDictionary<object, object?>? _items;
    private NativeTls? _tls;
    private byte[] _cipher = [];
    private SecureBackendSide? _secured;
    private NativeSide? _restored;
    private EndPoint? _local;
    private NetworkStream? _stream;
    private StreamDuplexPipe? _detached;

    /// <param name="socket">A connected socket, owned from here on.</param>
    /// <param name="remote">What it is connected to.</param>
    /// <param name="loop">Where its handshake runs.</param>
    /// <param name="contexts">Terms of TLS with backends.</param>
    public NativeBackend(NativeSocket socket, EndPoint remote, EventLoop loop, ClientContextCache contexts)
    {
        (_socket, _loop, _contexts) = (socket, loop, contexts);
        RemoteEndPoint = remote;
    }

    public override string ConnectionId { get; set; } = string.Empty;

    public override IFeatureCollection Features => _features ??= CreateFeatures();

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    /// <summary>Asked of the kernel when it is wanted: sessions never do.</summary>
    public override EndPoint? LocalEndPoint
    {
        get => _local ??= _socket.LocalEndPoint(RemoteEndPoint!.AddressFamily);
        set => _local = value;
    }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException("A backend of the native engine has no other pipe.");
    }

    PipeReader IDuplexPipe.Input => (_detached ??= Detach()).Input;

    PipeWriter IDuplexPipe.Output => _detached?.Output ?? (_introduction ??= new IntroductionWriter(_socket));

    public async ValueTask<ConnectionContext> SecureAsync(BackendTlsParameters parameters, CancellationToken stop)
    {
        using var handshake = new BackendHandshake(_socket, _loop, parameters, await _contexts.GetAsync(parameters, stop));
        (_tls, _cipher) = await handshake.RunAsync(stop);
        return this;
    }

    /// <summary>Goes on with what another process exported. Before its session enters it.</summary>
    /// <exception cref="HandoverException">It makes no sense here.</exception>
    public void Import(ref StateReader state)
    {
        _restored = state.ReadBoolean() ? _secured = new SecureBackendSide(_socket, _loop) : new BackendSide(_socket, _loop);
        _restored.Import(ref state);
    }

    /// <summary>Enters a session, in whose loop it stays.</summary>
    public NativeSide Enter(EventLoop loop, ISocketOwner session)
    {
        NativeSide side = _restored is not null ? _restored
            : _tls is null ? new BackendSide(_socket, loop)
            : _secured = new SecureBackendSide(_socket, loop, _tls, _cipher);
        (_restored, _tls, _cipher) = (null, null, []);
        _socket.Attach(loop, session);
        return side;
    }

    public override ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            _stream.Dispose();
        }
        else if (_socket.Loop is { } loop)
        {
            loop.Post(this);
        }
        else
        {
            _socket.Close();
            _tls?.Dispose();
            (_restored as TlsSide)?.Free();
        }

        return base.DisposeAsync();
    }

    /// <summary>Takes its leave, if it had any TLS, and closes.</summary>
    public void RunOnLoop()
    {
        _secured?.EndOutput();
        _socket.Close();
        _secured?.Free();
    }

    private FeatureCollection CreateFeatures()
    {
        var features = new FeatureCollection();
        features.Set<IBackendSecurity>(this);
        return features;
    }

    private StreamDuplexPipe Detach()
    {
        var socket = new Socket(_socket.Detach());
        try
        {
            _stream = new NetworkStream(socket, ownsSocket: true);
            return new StreamDuplexPipe(_stream);
        }
        catch (IOException)
        {
            // Reset already: it is no stream any more.
            socket.Dispose();
            throw;
        }
    }
}
