using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Connections;

namespace TlsFront.Admission;

/// <summary>
/// Counts the client of a session that the process before this one gave away. It was admitted there, and is never refused: a limit that was tightened
/// is for those who come.
/// </summary>
internal sealed class AdoptedClientMiddleware(ConnectionDelegate next, ClientLimits limits)
{
    public async Task OnConnectionAsync(ConnectionContext context)
    {
        var record = context.Features.GetRequiredFeature<ConnectionRecord>();
        var entry = record.IsUnannounced ? null : limits.Enter(record.Facts.Client.Address);
        try
        {
            await next(context);
        }
        finally
        {
            limits.Leave(entry);
        }
    }
}
