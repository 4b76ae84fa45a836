using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.HeldLogin;
using TlsFront.Protocols.Introduction;
using TlsFront.Protocols.StartTls;
using TlsFront.Transport;

namespace TlsFront.Gateway;

/// <summary>The end of the pipeline: drives the machine and gives it what it asks for, backends and TLS.</summary>
internal sealed partial class GatewayHandler(
    BackendConnector connector, TlsTermination termination, SessionGuide guide, PolicyGate gate, SessionRegistry sessions,
    ILogger<GatewayHandler> logger)
{
    public Task OnConnectionAsync(ConnectionContext context) =>
        ServeAsync(
            context,
            CreateMachine(context.Features.GetRequiredFeature<ListenerSnapshot>(), context.Features.GetRequiredFeature<ConnectionRecord>()),
            backend: null);

    /// <summary>A session of the process before this one: it has its backend, and a machine that knows where it stands.</summary>
    public Task OnAdoptedAsync(ConnectionContext context) =>
        ServeAsync(
            context,
            context.Features.GetRequiredFeature<MachineFactory>()(
                context.Features.GetRequiredFeature<ListenerSnapshot>().Settings.Rules, context.Features.GetRequiredFeature<ConnectionRecord>()),
            context.Features.GetRequiredFeature<AdoptedSession>().Backend);

    private async Task ServeAsync(ConnectionContext context, MailMachine machine, ConnectionContext? backend)
    {
        var listener = context.Features.GetRequiredFeature<ListenerSnapshot>();
        var record = context.Features.GetRequiredFeature<ConnectionRecord>();
        var transport = context.Features.GetRequiredFeature<IMailTransport>();
        var session = new Session(transport, machine, record);
        sessions.Add(session);
        try
        {
            record.Close(await DriveAsync(context, transport, machine, listener, session, backend));
        }
        finally
        {
            sessions.Remove(session);
            machine.Release();
        }
    }

    private MailMachine CreateMachine(ListenerSnapshot listener, ConnectionRecord record)
    {
        var settings = listener.Settings;
        var profile = ProtocolProfile.Of(settings.Protocol);
        var startsTls = settings.Security != ListenerSecurity.Implicit;
        var machine = profile.CreateMachine(settings.Rules, record, isGreeted: startsTls);
        machine = listener.LoginOffer is { } offer
            ? new HeldLoginMachine(profile, offer.CreateDialogue(), machine)
            : machine;
        machine = listener.IntroducesClients ? new IntroducingMachine(profile.CreateIntroduction, machine) : machine;
        if (!startsTls)
        {
            return machine;
        }

        var mechanisms = gate.MayLogInWithoutTls(record, settings) ? listener.LoginOffer?.Mechanisms : null;
        return new StartTlsMachine(
            profile.CreatePlaintext(listener.Tls.HasCertificate, mechanisms), machine, record, settings.Rules.BareNewlines);
    }

    private async ValueTask<CloseReason> DriveAsync(
        ConnectionContext context, IMailTransport transport, MailMachine machine, ListenerSnapshot listener, Session session,
        ConnectionContext? backend)
    {
        var record = session.Record;

        // Who has a backend has a place there.
        var attempt = backend is null ? null : connector.Resume(listener.Backends, listener.Settings.Protocol, transport, record);
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

                        if (outcome.Reason == CloseReason.None)
                        {
                            // A first try, of the session or of another login: that of the one before is over.
                            attempt?.Dispose();
                            var target = await guide.FindAsync(context, transport, listener, session);
                            attempt = target is null
                                ? null
                                : connector.Begin(target, listener.Settings.Protocol, transport, record, listener.Timeouts.Connect);
                        }

                        backend = attempt is null ? null : await attempt.ConnectAsync(outcome.Reason, sessions.Aborted);
                        if (backend is null && attempt?.Shortage is { } shortage)
                        {
                            // Before the machine ends it as unavailable: the first reason counts.
                            record.Close(shortage);
                        }

                        transport.Post(
                            backend is not null ? Signal.BackendReady
                            : record.Facts.LoginRefusal is null ? Signal.BackendLost
                            : Signal.LoginRefused);
                        break;
                    case Next.Disconnect:
                        // A wrong password of the client's own is none of the gateway's.
                        if (record.Facts.BackendLogin is { IsOfClient: false } own)
                        {
                            Log.OwnLoginRefused(logger, record.Facts.Id, record.Backend!, own.ToString());
                        }

                        if (backend is not null)
                        {
                            await backend.DisposeAsync();
                            backend = null;
                        }

                        attempt?.Dispose();
                        attempt = null;
                        record.BackendLeft();
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
                            await backend.DisposeAsync();
                            backend = null;
                        }

                        // Before the goodbye, which is as long as the client likes: the place is another session's.
                        attempt?.Dispose();
                        await transport.SayGoodbyeAsync(sessions.Aborted);
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
            record.Facts.BackendLogin?.Forget();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            302, LogLevel.Warning, "{Id}: backend {Backend} refused the login of the gateway's own: {Login}", EventName = "OwnLoginRefused")]
        public static partial void OwnLoginRefused(ILogger logger, string id, string backend, string login);
    }
}
