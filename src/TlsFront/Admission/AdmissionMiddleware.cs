using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Connections;

namespace TlsFront.Admission;

/// <summary>
/// The stage that refuses, before TLS has cost anything: by address lists, by the number of connections there may be, and by what one client may
/// take. A refused connection is just closed; nothing was promised to it and nothing is said.
/// </summary>
internal sealed class AdmissionMiddleware(
    ConnectionDelegate next, string listener, AddressLists lists, ClientLimits limits)
{
    public Task OnConnectionAsync(ConnectionContext context)
    {
        var record = context.Features.GetRequiredFeature<ConnectionRecord>();
        var client = record.Facts.Client.Address;
        UInt128? entry = null;
        var refusal = !lists.Admit(listener, client) ? CloseReason.Denied
            : context.Features.Get<NoPlace>() is { } full ? full.Reason
            // There is no client to limit, and a balancer that is kept from looking takes the gateway out of service.
            : record.IsUnannounced ? CloseReason.None
            : limits.TryEnter(client, out entry);
        if (refusal == CloseReason.None)
        {
            return entry is null ? next(context) : ServeAsync(context, entry);
        }

        record.Close(refusal);
        return Task.CompletedTask;
    }

    private async Task ServeAsync(ConnectionContext context, UInt128? entry)
    {
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
