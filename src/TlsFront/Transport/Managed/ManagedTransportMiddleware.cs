using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Transport.Managed;

/// <summary>
/// Puts the managed engine behind <see cref="IMailTransport"/> on a connection whose transport is an ordinary pipe;
/// those of the native engine have one.
/// </summary>
internal sealed class ManagedTransportMiddleware(ConnectionDelegate next, TimeProvider time)
{
    public Task OnConnectionAsync(ConnectionContext context) =>
        context.Features.Get<IMailTransport>() is null ? WrapAsync(context) : next(context);

    private async Task WrapAsync(ConnectionContext context)
    {
        await using var transport = new ManagedMailTransport(
            context, context.Features.GetRequiredFeature<ConnectionRecord>(), context.Features.GetRequiredFeature<TimeoutSettings>(), time);
        context.Features.Set<IMailTransport>(transport);
        await next(context);
    }
}
