using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;
using TlsFront.Transport;

namespace TlsFront.Admission;

/// <summary>
/// The stage that learns from a load balancer who the client is. Whether a connection must have a header follows from where it comes from, never
/// from its bytes: a header from anywhere else is, to the next stage, just not TLS.
/// </summary>
/// <param name="next">The next stage.</param>
/// <param name="time">Clock and timers.</param>
/// <param name="aborted">Set when the gateway ends at once.</param>
internal sealed class ProxyHeaderMiddleware(ConnectionDelegate next, TimeProvider time, CancellationToken aborted)
{
    public Task OnConnectionAsync(ConnectionContext context)
    {
        if (context.Features.Get<ProxyHeaderSettings>() is not { } settings)
        {
            return next(context);
        }

        var record = context.Features.GetRequiredFeature<ConnectionRecord>();
        if (settings.TrustedNetworks.Contains(record.Facts.Client.Address))
        {
            return ReadAsync(context, record);
        }

        if (!settings.RefusesOthers)
        {
            return next(context);
        }

        record.Close(CloseReason.Denied, "the listener is for its load balancers alone");
        return Task.CompletedTask;
    }

    private async Task ReadAsync(ConnectionContext context, ConnectionRecord record)
    {
        var began = time.GetTimestamp();
        var isRead = await TryReadAsync(context, record);
        record.HeaderEnded(time.GetElapsedTime(began));
        if (isRead)
        {
            await next(context);
        }
    }

    private async ValueTask<bool> TryReadAsync(ConnectionContext context, ConnectionRecord record)
    {
        var transport = context.Features.GetRequiredFeature<IMailTransport>();
        using var deadline = new CancellationTokenSource(context.Features.GetRequiredFeature<TimeoutSettings>().ProxyHeader, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, aborted);
        var needed = 1;
        while (true)
        {
            var bytes = await transport.PeekAsync(needed, stop.Token);
            switch (ProxyHeaderParser.Parse(bytes.Span, out var length, out var header, out var refusal))
            {
                case OperationStatus.Done:
                    transport.Skip(length);
                    ProxiedClient.Note(header!, record);
                    return true;
                case OperationStatus.InvalidData:
                    record.Close(refusal!.Reason, refusal.Detail);
                    return false;
            }

            if (bytes.Length < needed)
            {
                Close(record, bytes.Span, isLate: deadline.IsCancellationRequested);
                return false;
            }

            needed = length;
        }
    }

    private void Close(ConnectionRecord record, ReadOnlySpan<byte> part, bool isLate)
    {
        if (aborted.IsCancellationRequested)
        {
            record.Close(CloseReason.Aborted);
        }
        else if (isLate)
        {
            record.Close(CloseReason.ProxyHeaderTimeout, part.IsEmpty
                ? "load balancer sent nothing in time"
                : $"load balancer's PROXY header was not complete in time: {ProxyHeaderQuote.Of(part)}");
        }
        else if (part.IsEmpty)
        {
            record.Unannounced();
            record.Close(CloseReason.ClientClosed, "load balancer closed the connection without a byte");
        }
        else
        {
            record.Close(CloseReason.ProxyHeaderInvalid, $"load balancer closed the connection within its PROXY header: {ProxyHeaderQuote.Of(part)}");
        }
    }
}
