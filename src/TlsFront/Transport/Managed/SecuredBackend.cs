using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace TlsFront.Transport.Managed;

/// <summary>A backend's connection under TLS: its pipes carry plaintext.</summary>
internal sealed class SecuredBackend : ConnectionContext, IDuplexPipe
{
    private readonly ConnectionContext _inner;
    private readonly SslStream _tls;
    private readonly StreamDuplexPipe _plain;
    private readonly SecuredOutput _output;

    public SecuredBackend(ConnectionContext inner, SslStream tls)
    {
        (_inner, _tls) = (inner, tls);
        _plain = new StreamDuplexPipe(tls);
        _output = new SecuredOutput(_plain.Output, tls, inner.Transport.Output);
        Transport = this;
    }

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

    public override IDuplexPipe Transport { get; set; }

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

    PipeReader IDuplexPipe.Input => _plain.Input;

    PipeWriter IDuplexPipe.Output => _output;

    public override async ValueTask DisposeAsync()
    {
        await _tls.DisposeAsync();
        await _inner.DisposeAsync();
        await base.DisposeAsync();
    }
}
