using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace TlsFront.Transport.Native;

/// <summary>
/// A connection to a backend. Until a session takes its socket into the loop, its output takes an introduction; nothing can be read from it
/// except by the session.
/// </summary>
internal sealed class NativeBackend(NativeSocket socket, EndPoint remote) : ConnectionContext, IDuplexPipe, ILoopWork
{
    private IntroductionWriter? _introduction;
    private IFeatureCollection? _features;
    private IDictionary<object, object?>? _items;

    /// <summary>Its socket.</summary>
    public NativeSocket Socket => socket;

    public override string ConnectionId { get; set; } = string.Empty;

    public override IFeatureCollection Features => _features ??= new FeatureCollection();

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override EndPoint? RemoteEndPoint { get; set; } = remote;

    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException("A backend of the native engine has no other pipe.");
    }

    PipeReader IDuplexPipe.Input => throw new NotSupportedException("A backend of the native engine is read by its session only.");

    PipeWriter IDuplexPipe.Output => _introduction ??= new IntroductionWriter(socket);

    public override ValueTask DisposeAsync()
    {
        if (socket.Loop is { } loop)
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
}
