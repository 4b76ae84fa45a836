using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using ConnectionIds = TlsFront.Connections.ConnectionId;

namespace TlsFront.Transport.Native;

/// <summary>What a host wants of a connection and an idle one does not own before it is asked.</summary>
internal abstract class NativeConnectionContext(TimeProvider time) : ConnectionContext
{
    private string? _id;
    private IDictionary<object, object?>? _items;

    public override string ConnectionId
    {
        get => _id ??= ConnectionIds.Next(time.GetUtcNow());
        set => _id = value;
    }

    public override IFeatureCollection Features { get; } = new FeatureCollection(8);

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    /// <summary>There is no pipe: bytes never leave the loop.</summary>
    public override IDuplexPipe Transport
    {
        get => throw new NotSupportedException("Connections of the native engine are used through IMailTransport.");
        set => throw new NotSupportedException("Connections of the native engine are used through IMailTransport.");
    }

    /// <summary>The clock.</summary>
    protected TimeProvider Time => time;
}
