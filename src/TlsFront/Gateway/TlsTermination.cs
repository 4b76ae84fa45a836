using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Tls;
using TlsFront.Transport;

namespace TlsFront.Gateway;

/// <summary>Terminates TLS on a connection, at its start or in the middle of its dialogue: policy, deadline, record.</summary>
/// <param name="gate">Knows who may come by old versions of TLS.</param>
/// <param name="time">Clock and timers.</param>
/// <param name="aborted">Set when the gateway ends at once; nothing then waits for a client that has not finished.</param>
internal sealed class TlsTermination(PolicyGate gate, TimeProvider time, CancellationToken aborted)
{
    /// <summary>Whether TLS is up; if not, the connection's record says why.</summary>
    public async ValueTask<bool> SecureAsync(ConnectionContext context)
    {
        var record = context.Features.GetRequiredFeature<ConnectionRecord>();
        var transport = context.Features.GetRequiredFeature<IMailTransport>();
        var policy = PolicyFor(context, transport, record);
        var timeouts = context.Features.GetRequiredFeature<TimeoutSettings>();
        var started = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(timeouts.Handshake, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, aborted);
        var outcome = await transport.SecureAsync(policy, stop.Token);
        var elapsed = time.GetElapsedTime(started);
        if (outcome.Route is { } route)
        {
            record.Routed(route.Name);
            context.Features.Set(route);
        }

        if (outcome.Facts is { } facts)
        {
            record.Secured(facts, elapsed);
            return true;
        }

        if (outcome.Failure == CloseReason.NotTls && record.BytesFromClient > 0)
        {
            // Not a client that is set wrongly: it asked for TLS. What came instead was sent before it, and not with the command.
            record.HandshakeFailed(CloseReason.StartTlsInjection, null, elapsed);
        }
        else if (outcome.Failure == CloseReason.TlsHandshakeTimeout && aborted.IsCancellationRequested)
        {
            record.HandshakeFailed(CloseReason.Aborted, null, elapsed);
        }
        else
        {
            record.HandshakeFailed(outcome.Failure, outcome.Detail, elapsed, outcome.Ja4);
        }

        return false;
    }

    /// <summary>
    /// The connection's policy, with that of TLS before 1.2 behind it. Only where logins are held: nobody else can be asked who it is.
    /// </summary>
    private TlsPolicy PolicyFor(ConnectionContext context, IMailTransport transport, ConnectionRecord record)
    {
        var policy = context.Features.GetRequiredFeature<TlsPolicy>();
        var listener = context.Features.GetRequiredFeature<ListenerSnapshot>();
        return listener is { LegacyTls: { } legacy, LoginOffer: not null } && ReferenceEquals(policy, listener.Tls) && transport.SpeaksLegacyTls
            ? policy.OrElse(legacy, hello => gate.MayHaveLegacyTls(record, listener.Settings, hello))
            : policy;
    }
}
