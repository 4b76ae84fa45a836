using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Transport;

namespace TlsFront.Tls;

/// <summary>Terminates TLS under the listener's policy and publishes what was negotiated.</summary>
internal sealed class TlsMiddleware(ConnectionDelegate next, TimeProvider time)
{
    public async Task OnConnectionAsync(ConnectionContext context)
    {
        var record = context.Features.GetRequiredFeature<ConnectionRecord>();
        var transport = context.Features.GetRequiredFeature<IMailTransport>();
        var policy = context.Features.GetRequiredFeature<TlsPolicy>();
        var timeouts = context.Features.GetRequiredFeature<TimeoutSettings>();
        var started = time.GetTimestamp();
        TlsOutcome outcome;
        using (var deadline = new CancellationTokenSource(timeouts.Handshake, time))
        {
            outcome = await transport.SecureAsync(policy, deadline.Token);
        }

        if (outcome.Facts is null)
        {
            record.HandshakeFailed(outcome.Failure, outcome.Detail, time.GetElapsedTime(started));
            return;
        }

        record.Secured(outcome.Facts, time.GetElapsedTime(started));
        await next(context);
    }
}
