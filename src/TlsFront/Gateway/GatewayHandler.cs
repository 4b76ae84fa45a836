using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tls;
using TlsFront.Transport;

namespace TlsFront.Gateway;

/// <summary>The end of the pipeline: drives the machine and gives it what it asks for, backends and TLS.</summary>
internal sealed class GatewayHandler(BackendConnector connector, SessionRegistry sessions, TimeProvider time)
{
    public async Task OnConnectionAsync(ConnectionContext context)
    {
        var listener = context.Features.GetRequiredFeature<ListenerSnapshot>();
        var record = context.Features.GetRequiredFeature<ConnectionRecord>();
        var transport = context.Features.GetRequiredFeature<IMailTransport>();
        var machine = MachineFactory.Create(listener.Settings, record);
        using var session = new Session(transport, machine, record);
        sessions.Add(session);
        try
        {
            var attempt = connector.Begin(listener.Backend, listener.Settings.Protocol, record, listener.Timeouts.Connect);
            record.Close(await DriveAsync(context, transport, machine, attempt, session.Aborted));
        }
        finally
        {
            sessions.Remove(session);
        }
    }

    private async ValueTask<CloseReason> DriveAsync(
        ConnectionContext context, IMailTransport transport, MailMachine machine, BackendAttempt attempt, CancellationToken aborted)
    {
        ConnectionContext? backend = null;
        try
        {
            while (true)
            {
                var outcome = await transport.RunAsync(machine, backend, aborted);
                switch (outcome.Next)
                {
                    case Next.Connect:
                        if (backend is not null)
                        {
                            await backend.DisposeAsync();
                        }

                        backend = await attempt.ConnectAsync(aborted);
                        transport.Post(backend is null ? Signal.BackendLost : Signal.BackendReady);
                        break;
                    case Next.Secure:
                        // The record keeps the first reason, which is the precise one.
                        if (!await TlsTermination.SecureAsync(context, time))
                        {
                            return CloseReason.TlsHandshakeFailed;
                        }

                        transport.Post(Signal.Secured);
                        break;
                    default:
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
        }
    }
}
