using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Transport.Managed;

namespace TlsFront.Transport.Native;

/// <summary>
/// A connection to a backend. Until a session takes its socket into the loop, its output takes an introduction. Who reads from it, as a probe
/// does, takes it away from the loops for good: .NET waits for it then.
/// </summary>
internal sealed class NativeBackend(NativeSocket socket, EndPoint remote) : ConnectionContext, IDuplexPipe, ILoopWork
{
    private readonly IntroductionWriter _introduction = new(socket);
    private EndPoint? _local;
    private NetworkStream? _stream;
    private StreamDuplexPipe? _detached;

    /// <summary>Its socket.</summary>
    public NativeSocket Socket => socket;

    public override string ConnectionId { get; set; } = string.Empty;

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    /// <summary>Asked of the kernel when it is wanted: sessions never do.</summary>
    public override EndPoint? LocalEndPoint
    {
        get => _local ??= socket.LocalEndPoint(RemoteEndPoint!.AddressFamily);
        set => _local = value;
    }

    public override EndPoint? RemoteEndPoint { get; set; } = remote;

    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException("A backend of the native engine has no other pipe.");
    }

    PipeReader IDuplexPipe.Input => (_detached ??= Detach()).Input;

    PipeWriter IDuplexPipe.Output => _detached?.Output ?? _introduction;

    public override ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            _stream.Dispose();
        }
        else if (socket.Loop is { } loop)
        {
            loop.Post(this);
        }
        else
        {
            socket.Close();
        }

        return base.DisposeAsync();
    }

    public void RunOnLoop() => socket.Close();

    private StreamDuplexPipe Detach()
    {
        _stream = new NetworkStream(new Socket(socket.Detach()), ownsSocket: true);
        return new StreamDuplexPipe(_stream);
    }
}
