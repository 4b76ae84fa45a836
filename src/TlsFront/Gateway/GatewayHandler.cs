using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Transport;

namespace TlsFront.Gateway;

/// <summary>The end of the pipeline: drives the machine and gives it what it asks for, backends and TLS.</summary>
internal sealed class GatewayHandler(BackendConnector connector, SessionRegistry sessions)
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
            record.Close(await DriveAsync(transport, machine, listener, attempt, session.Aborted));
        }
        finally
        {
            sessions.Remove(session);
        }
    }

    private static async ValueTask<CloseReason> DriveAsync(
        IMailTransport transport, MailMachine machine, ListenerSnapshot listener, BackendAttempt attempt, CancellationToken aborted)
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
                        using (var deadline = new CancellationTokenSource(listener.Timeouts.Handshake))
                        {
                            var secured = await transport.SecureAsync(listener.Tls, deadline.Token);
                            if (secured.Facts is null)
                            {
                                return secured.Failure;
                            }
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
