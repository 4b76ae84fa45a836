using Microsoft.AspNetCore.Connections;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Gateway;
using TlsFront.Listeners.SelfCheck;
using TlsFront.Listeners.Upgrade;
using TlsFront.Telemetry;
using TlsFront.Transport.Managed;

namespace TlsFront.Listeners;

/// <summary>
/// The stages a mail connection passes; nothing else decides their order. A session of the process before this one has most of them behind it, and
/// passes three of its own.
/// </summary>
internal static class MailPipeline
{
    public static IConnectionBuilder UseMail(this IConnectionBuilder endpoint, ListenerSettings listener)
    {
        var services = endpoint.ApplicationServices;
        var time = services.GetRequiredService<TimeProvider>();
        var listeners = services.GetRequiredService<ListenerTable>();
        var termination = services.GetRequiredService<TlsTermination>();
        var gateway = services.GetRequiredService<GatewayHandler>();
        var aborted = services.GetRequiredService<SessionRegistry>().Aborted;
        var settings = services.GetRequiredService<SettingsStore>();
        var name = listener.Name;
        services.GetRequiredService<TlsFrontMetrics>().Watch(name, listener.ProtocolName);
        ConnectionDelegate handshake = new ManagedTransportMiddleware(
            new TlsMiddleware(static _ => Task.CompletedTask, termination).OnConnectionAsync, time).OnConnectionAsync;

        endpoint.Use(next => new AdoptionMiddleware(next, Adopted(services, name)).OnConnectionAsync);
        endpoint.Use(next => new SnapshotMiddleware(next, listeners, name).OnConnectionAsync);
        endpoint.Use(next => new OwnConnectionMiddleware(next, handshake, listener, settings).OnConnectionAsync);
        endpoint.Use(next => ActivatorUtilities.CreateInstance<ConnectionRecordMiddleware>(services, next, listener).OnConnectionAsync);
        endpoint.Use(next => new ManagedTransportMiddleware(next, time).OnConnectionAsync);
        endpoint.Use(next => new ProxyHeaderMiddleware(next, time, aborted).OnConnectionAsync);
        endpoint.Use(next => ActivatorUtilities.CreateInstance<AdmissionMiddleware>(services, next, name).OnConnectionAsync);
        if (listener.Security == ListenerSecurity.Implicit)
        {
            // Elsewhere the machine asks for it.
            endpoint.Use(next => new TlsMiddleware(next, termination).OnConnectionAsync);
        }

        return endpoint.Use(_ => gateway.OnConnectionAsync);
    }

    /// <summary>The stages of a session of the process before this one.</summary>
    private static ConnectionDelegate Adopted(IServiceProvider services, string name)
    {
        ConnectionDelegate relay = services.GetRequiredService<GatewayHandler>().OnAdoptedAsync;
        ConnectionDelegate count = ActivatorUtilities.CreateInstance<AdoptedClientMiddleware>(services, relay).OnConnectionAsync;
        ConnectionDelegate record = ActivatorUtilities.CreateInstance<AdoptedRecordMiddleware>(services, count).OnConnectionAsync;
        return new SnapshotMiddleware(record, services.GetRequiredService<ListenerTable>(), name).OnConnectionAsync;
    }
}
