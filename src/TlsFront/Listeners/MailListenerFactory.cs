using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using TlsFront.Handover;
using TlsFront.Policies;
using TlsFront.Systemd;
using TlsFront.Transport;

namespace TlsFront.Listeners;

/// <summary>
/// Wraps the engine's listeners of mail endpoints so that they can stop accepting while the host, the admin endpoint and all sessions
/// go on: stopping through the host would cut sessions at its timeout and take the metrics away with them.
/// A listener whose socket was inherited, or handed over by the process before this one, takes that.
/// </summary>
internal sealed partial class MailListenerFactory(
    TransportEngine engine, InheritedSockets inherited, MailListeners listeners, MailConnections connections, ConnectionBudget budget,
    ListenerBudgets budgets, ListeningSockets sockets, Succession succession, TimeProvider time,
    ILogger<MailListenerFactory> logger)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is MailEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var mail = (MailEndPoint)endpoint;
        var socket = inherited.Find(mail.Bound);
        EndPoint place = socket is not null ? new FileHandleEndPoint((ulong)socket.Descriptor, FileHandleType.Tcp)
            : sockets.Take(mail.Listener, mail.Bound) is { } handed ? new HandedEndPoint(handed.Address, handed.Descriptors)
            : mail.Bound;
        try
        {
            var listener = new MailListener(
                await engine.Listeners.BindAsync(place, cancellationToken), connections, budget, budgets.Of(mail.Listener), succession,
                time);
            listeners.Add(mail.Listener, listener);
            if (listener.Adopting is { } adopting)
            {
                sockets.Add(mail.Listener, listener.EndPoint, () => adopting.Descriptors);
            }

            if (socket is not null)
            {
                Log.TookOver(logger, mail.Listener, socket);
            }

            return listener;
        }
        catch (Exception exception) when (exception is AddressInUseException or SocketException)
        {
            throw new GatewayStartException(BindFailure.Describe($"listener {mail.Listener}", mail, exception), exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(104, LogLevel.Information, "Listener {Listener} takes over {Socket}", EventName = "SocketTakenOver")]
        public static partial void TookOver(ILogger logger, string listener, InheritedSocket socket);
    }
}
