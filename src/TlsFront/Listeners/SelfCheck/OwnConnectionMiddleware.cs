using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Tls;

namespace TlsFront.Listeners.SelfCheck;

/// <summary>
/// Takes the gateway's own connections past everything that is for clients: they have no line in the log, are in no figure, need no PROXY header and
/// no admission, use up no limit and no backend. They get a handshake as any client does, and nothing after it.
/// </summary>
/// <param name="next">The next stage, for clients.</param>
/// <param name="handshake">The stages that secure a connection.</param>
/// <param name="listener">The listener.</param>
/// <param name="settings">Settings.</param>
internal sealed class OwnConnectionMiddleware(
    ConnectionDelegate next, ConnectionDelegate handshake, ListenerSettings listener, SettingsStore settings)
{
    public Task OnConnectionAsync(ConnectionContext context)
    {
        if (context.Features.Get<OwnConnection>() is null)
        {
            return next(context);
        }

        var facts = new SessionFacts
        {
            Id = context.ConnectionId,
            HostName = settings.Current.HostName,
            Client = (IPEndPoint)context.RemoteEndPoint!,
            Local = (IPEndPoint)context.LocalEndPoint!,
        };
        context.Features.Set(new ConnectionRecord(facts, listener.Name, listener.ProtocolName, NullConnectionEvents.Instance));
        context.Features.Set(context.Features.GetRequiredFeature<TlsPolicy>().WithoutClientCertificates());
        return handshake(context);
    }
}
