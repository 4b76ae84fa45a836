using Microsoft.AspNetCore.Connections;
using TlsFront.Connections;

namespace TlsFront.Listeners.Upgrade;

/// <summary>Sends a session of the process before this one through stages of its own, and closes its backend's connection in the end.</summary>
internal sealed class AdoptionMiddleware(ConnectionDelegate next, ConnectionDelegate adopted)
{
    public Task OnConnectionAsync(ConnectionContext context) =>
        context.Features.Get<AdoptedSession>() is { } session ? AdoptAsync(context, session) : next(context);

    private async Task AdoptAsync(ConnectionContext context, AdoptedSession session)
    {
        try
        {
            await adopted(context);
        }
        finally
        {
            await session.Backend.DisposeAsync();
        }
    }
}
