using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Handover;
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
{
    /// <summary>Binds a listener's address.</summary>
    /// <exception cref="GatewayStartException">It cannot be bound.</exception>
    public async ValueTask<MailListener> BindAsync(ListenerSettings settings, CancellationToken stop)
    {
        var address = BoundAddress.Of(settings.Address);
        var socket = inherited.Find(address);
        EndPoint place = socket is not null ? new FileHandleEndPoint((ulong)socket.Descriptor, FileHandleType.Tcp)
            : sockets.Take(settings.Name, address) is { } handed ? new HandedEndPoint(handed.Address, handed.Descriptors)
            : address;
        try
        {
            var listener = new MailListener(
                await engine.Listeners.BindAsync(place, stop), connections, budget, budgets.Of(settings.Name), succession,
                time);
            listeners.Add(settings.Name, listener);
            if (listener.Adopting is { } adopting)
            {
                sockets.Add(settings.Name, listener.EndPoint, () => adopting.Descriptors);
            }

            if (socket is not null)
            {
                Log.TookOver(logger, settings.Name, socket);
            }

            return listener;
        }
        catch (Exception exception) when (exception is AddressInUseException or SocketException)
        {
            throw new GatewayStartException(BindFailure.Describe($"listener {settings.Name}", settings.Address, exception), exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(104, LogLevel.Information, "Listener {Listener} takes over {Socket}", EventName = "SocketTakenOver")]
        public static partial void TookOver(ILogger logger, string listener, InheritedSocket socket);
    }
}
