using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Admission;

namespace TlsFront.Listeners;

/// <summary>A client's connection as the engine made it, but for its close.</summary>
internal sealed class MailConnection : ConnectionContext
{
    private readonly ConnectionContext _inner;
    private readonly MailConnections _connections;
    private readonly ConnectionBudget? _gateway;
    private readonly ListenerBudget? _listener;

    public MailConnection(ConnectionContext inner, MailConnections connections, ConnectionBudget? gateway, ListenerBudget? listener)
    {
        (_inner, _connections, _gateway, _listener) = (inner, connections, gateway, listener);
        Place = new LinkedListNode<MailConnection>(this);
    }

    /// <summary>Its place among the open ones.</summary>
    public LinkedListNode<MailConnection> Place { get; }

    public override string ConnectionId
    {
        get => _inner.ConnectionId;
        set => _inner.ConnectionId = value;
    }

    public override IFeatureCollection Features => _inner.Features;

    public override IDictionary<object, object?> Items
    {
        get => _inner.Items;
        set => _inner.Items = value;
    }

    public override IDuplexPipe Transport
    {
        get => _inner.Transport;
        set => _inner.Transport = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => _inner.LocalEndPoint;
        set => _inner.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => _inner.RemoteEndPoint;
        set => _inner.RemoteEndPoint = value;
    }

    public override CancellationToken ConnectionClosed
    {
        get => _inner.ConnectionClosed;
        set => _inner.ConnectionClosed = value;
    }

    public override void Abort() => _inner.Abort();

    public override void Abort(ConnectionAbortedException abortReason) => _inner.Abort(abortReason);

    public override async ValueTask DisposeAsync()
    {
        await _connections.CloseAsync(Place, _inner, _gateway, _listener);
        await base.DisposeAsync();
    }
}
