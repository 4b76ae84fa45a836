using System.Net;
using Microsoft.AspNetCore.Connections;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Telemetry;

/// <summary>Begins a connection's record at accept and tells of its end, whatever happened in between.</summary>
internal sealed class ConnectionRecordMiddleware(
    ConnectionDelegate next, ListenerSettings listener, SettingsStore settings, ConnectionEvents events, RecordEnd end, TimeProvider time)
{
    private readonly string _protocol = listener.ProtocolName;

    public Task OnConnectionAsync(ConnectionContext context)
    {
        var (started, now) = (time.GetTimestamp(), time.GetUtcNow());
        var facts = new SessionFacts
        {
            Id = ConnectionId.Next(now),
            HostName = settings.Current.HostName,
            Client = Normalise(context.RemoteEndPoint),
            Local = Normalise(context.LocalEndPoint),
        };
        context.ConnectionId = facts.Id;
        var record = new ConnectionRecord(facts, listener.Name, _protocol, events)
        {
            HasImplicitTls = listener.Security == ListenerSecurity.Implicit,
            Started = now,
        };
        context.Features.Set(record);
        events.Started(record);
        return end.RunAsync(next, context, record, started, TimeSpan.Zero);
    }

    /// <summary>
    /// The address as it means the same to a backend, everywhere from here on: an IPv4 client of a dual-stack socket is one, and the zone of a
    /// link-local address is this machine's own.
    /// </summary>
    private static IPEndPoint Normalise(EndPoint? endpoint)
    {
        var place = endpoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);
        var address = place.Address;
        return address.IsIPv4MappedToIPv6 ? new IPEndPoint(address.MapToIPv4(), place.Port)
            : address.IsIPv6LinkLocal && address.ScopeId != 0 ? new IPEndPoint(new IPAddress(address.GetAddressBytes()), place.Port)
            : place;
    }
}
