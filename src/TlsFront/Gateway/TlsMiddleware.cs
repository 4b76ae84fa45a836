using Microsoft.AspNetCore.Connections;

namespace TlsFront.Gateway;

/// <summary>The stage of implicit TLS: nothing of a connection reaches the next one before it is secured.</summary>
internal sealed class TlsMiddleware(ConnectionDelegate next, TlsTermination termination)
{
    public async Task OnConnectionAsync(ConnectionContext context)
    {
        if (await termination.SecureAsync(context))
        {
            await next(context);
        }
    }
}
