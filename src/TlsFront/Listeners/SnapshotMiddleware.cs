using Microsoft.AspNetCore.Connections;
using TlsFront.Gateway;

namespace TlsFront.Listeners;

/// <summary>Gives the connection the settings as of now; it keeps them whatever is reloaded later.</summary>
internal sealed class SnapshotMiddleware(ConnectionDelegate next, ListenerTable listeners, string name)
{
    public Task OnConnectionAsync(ConnectionContext context)
    {
        // A listener that a reload removed stays bound until the restart that the reload asked for; it serves nobody.
        if (listeners.Find(name) is not { } snapshot)
        {
            return Task.CompletedTask;
        }

        context.Features.Set(snapshot);
        context.Features.Set(snapshot.Tls);
        context.Features.Set(snapshot.Timeouts);
        if (snapshot.Settings.ProxyProtocol is { } proxyProtocol)
        {
            context.Features.Set(proxyProtocol);
        }

        return next(context);
    }
}
