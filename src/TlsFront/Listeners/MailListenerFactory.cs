using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using TlsFront.Policies;
using TlsFront.Transport;

namespace TlsFront.Listeners;

/// <summary>
/// Wraps the engine's listeners of mail endpoints so that they can stop accepting while the host, the admin endpoint and all sessions
/// go on: stopping through the host would cut sessions at its timeout and take the metrics away with them.
/// </summary>
internal sealed class MailListenerFactory(
    TransportEngine engine, MailListeners listeners, MailConnections connections, ConnectionBudget budget, TimeProvider time)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is MailEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var mail = (MailEndPoint)endpoint;
        var address = mail.Address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6 ? IPAddress.Any : mail.Address;
        try
        {
            var listener = new MailListener(await engine.Listeners.BindAsync(new IPEndPoint(address, mail.Port), cancellationToken), connections, budget, time);
            listeners.Add(mail.Listener, listener);
            return listener;
        }
        catch (Exception exception) when (exception is AddressInUseException or SocketException)
        {
            throw new GatewayStartException(BindFailure.Describe($"listener {mail.Listener}", mail, exception), exception);
        }
    }
}
