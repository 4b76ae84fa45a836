using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tls;
using TlsFront.Transport;

namespace TlsFront.Gateway;

/// <summary>The end of the pipeline: drives the machine and gives it what it asks for, backends and TLS.</summary>
internal sealed class GatewayHandler(BackendConnector connector, TlsTermination termination, SessionRegistry sessions)
{
    public async Task OnConnectionAsync(ConnectionContext context)
    {
        var listener = context.Features.GetRequiredFeature<ListenerSnapshot>();
        var record = context.Features.GetRequiredFeature<ConnectionRecord>();
        var transport = context.Features.GetRequiredFeature<IMailTransport>();
        var machine = MachineFactory.Create(listener.Settings, record);
        var session = new Session(transport, machine);
        sessions.Add(session);
        try
        {
            record.Close(await DriveAsync(context, transport, machine, listener, record));
        }
        finally
        {
            sessions.Remove(session);
        }
    }

    private async ValueTask<CloseReason> DriveAsync(
        ConnectionContext context, IMailTransport transport, MailMachine machine, ListenerSnapshot listener, ConnectionRecord record)
    {
        BackendAttempt? attempt = null;
        ConnectionContext? backend = null;
        try
        {
            while (true)
            {
                var outcome = await transport.RunAsync(machine, backend, sessions.Aborted);
                switch (outcome.Next)
                {
                    case Next.Connect:
                        if (backend is not null)
                        {
                            await backend.DisposeAsync();
                            backend = null;
                        }

                        // Where TLS begins within the dialogue, only now it is known which name the client asked for.
                        attempt ??= connector.Begin(
                            context.Features.Get<TlsRoute>()?.Backend ?? listener.Backend, listener.Settings.Protocol, context, record, listener.Timeouts.Connect);
                        backend = await attempt.ConnectAsync(outcome.Reason, sessions.Aborted);
                        if (backend is null && attempt.Shortage is { } shortage)
                        {
                            // Before the machine ends it as unavailable: the first reason counts.
                            record.Close(shortage);
                        }

                        transport.Post(backend is null ? Signal.BackendLost : Signal.BackendReady);
                        break;
                    case Next.Secure:
                        if (!await termination.SecureAsync(context))
                        {
                            return record.CloseReason;
                        }

                        transport.Post(Signal.Secured);
                        break;
                    default:
                        if (backend is not null)
                        {
                            attempt?.End(outcome.Reason);
                        }

                        return outcome.Reason;
                }
            }
        }
        finally
        {
            if (backend is not null)
            {
                await backend.DisposeAsync();
            }

            attempt?.Dispose();
        }
    }
}
