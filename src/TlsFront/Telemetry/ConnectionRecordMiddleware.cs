using System.Net;
using Microsoft.AspNetCore.Connections;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Telemetry.Recent;

namespace TlsFront.Telemetry;

/// <summary>Begins a connection's record at accept and accounts for it at the end, whatever happened in between.</summary>
internal sealed partial class ConnectionRecordMiddleware(
    ConnectionDelegate next, ListenerSettings listener, SettingsStore settings, IConnectionEvents events,
    TlsFrontMetrics metrics, ConnectionSpans spans, AccessLog log, RefusalLog refusals, RecentActivity recent, TimeProvider time, ILogger<ConnectionRecordMiddleware> logger)
{
    private readonly ListenerTraffic _traffic = metrics.Watch(listener.Name, listener.Protocol.ToString().ToLowerInvariant());

    public async Task OnConnectionAsync(ConnectionContext context)
    {
        var started = time.GetTimestamp();
        var facts = new SessionFacts
        {
            Id = ConnectionId.Next(time.GetUtcNow()),
            HostName = settings.Current.HostName,
            Client = Normalise(context.RemoteEndPoint),
            Local = Normalise(context.LocalEndPoint),
        };
        context.ConnectionId = facts.Id;
        var record = new ConnectionRecord(facts, listener.Name, _traffic.Protocol, events);
        context.Features.Set(record);
        _traffic.Add(record);
        spans.Begin(record);
        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            record.Close(CloseReason.InternalError);
            Log.Failed(logger, exception, facts.Id);
        }
        finally
        {
            var lifetime = time.GetElapsedTime(started);
            _traffic.Remove(record);
            metrics.ConnectionEnded(record, lifetime);
            spans.Ended(record);
            recent.Ended(record, lifetime);
            if (record.CloseReason.IsRefusal())
            {
                refusals.Add(record);
            }
            else
            {
                log.Ended(record, lifetime);
            }
        }
    }

    /// <summary>IPv4 clients of a dual-stack socket are IPv4 clients, everywhere from here on.</summary>
    private static IPEndPoint Normalise(EndPoint? endpoint)
    {
        var address = endpoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);
        return address.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(address.Address.MapToIPv4(), address.Port) : address;
    }

    private static partial class Log
    {
        [LoggerMessage(410, LogLevel.Error, "{Id}: a connection failed unexpectedly", EventName = "ConnectionFailed")]
        public static partial void Failed(ILogger logger, Exception exception, string id);
    }
}
