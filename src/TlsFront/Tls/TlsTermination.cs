using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Transport;

namespace TlsFront.Tls;

/// <summary>Terminates TLS on a connection, at its start or in the middle of its dialogue: policy, deadline, record.</summary>
internal static class TlsTermination
{
    /// <summary>Whether TLS is up; if not, the connection's record says why.</summary>
    public static async ValueTask<bool> SecureAsync(ConnectionContext context, TimeProvider time)
    {
        var record = context.Features.GetRequiredFeature<ConnectionRecord>();
        var transport = context.Features.GetRequiredFeature<IMailTransport>();
        var policy = context.Features.GetRequiredFeature<TlsPolicy>();
        var timeouts = context.Features.GetRequiredFeature<TimeoutSettings>();
        var started = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(timeouts.Handshake, time);
        var outcome = await transport.SecureAsync(policy, deadline.Token);
        if (outcome.Facts is null)
        {
            record.HandshakeFailed(outcome.Failure, outcome.Detail, time.GetElapsedTime(started));
            return false;
        }

        record.Secured(outcome.Facts, time.GetElapsedTime(started));
        return true;
    }
}
