using Microsoft.AspNetCore.Connections;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Policies;
using TlsFront.Routing;
using TlsFront.Tls;

namespace TlsFront.Gateway;

/// <summary>
/// Whether and where sessions go, and when. Asked only when one is to be connected: the name that its client asked for is known once TLS begins, the
/// user once a login is complete.
/// </summary>
internal sealed partial class SessionGuide(
    PolicyGate gate, UserRouter router, UserOverrides overrides, LookupGuide lookups, MasterAccounts masters,
    SessionRegistry sessions, ILogger<SessionGuide> logger)
{
    /// <summary>
    /// Where the session goes, after a wait if its user's logins are held, with the login that is handed on there. Null if it goes nowhere; its
    /// record says why, or its facts why its login is refused.
    /// </summary>
    public async ValueTask<SessionTarget?> FindAsync(ConnectionContext context, IClientWatch client, ListenerSnapshot listener, Session session)
    {
        var facts = session.Record.Facts;
        facts.BackendLogin?.Forget();
        facts.BackendLogin = null;
        if (session.Record.Transport == LoginTransport.Cleartext && facts.HeldLogin is { ShowsSecret: true })
        {
            session.Record.CredentialsExposed(facts.User);
        }

        // Before anybody else is asked, so that the answer says nothing of the password.
        var decision = gate.Decide(session.Record, listener.Settings);
        if (!IsPermitted(session.Record, decision))
        {
            return null;
        }

        var named = context.Features.Get<TlsRoute>()?.Backend ?? listener.Backend;
        var target = await FindAsync(named, client, listener, session);
        if (target is not null
            && gate.Decide(session.Record, listener.Settings) is var now && now.Policy != decision.Policy && !IsPermitted(session.Record, now))
        {
            // Settings, files or the clock changed while the login waited.
            return null;
        }

        return target is not null && IsVouchedFor(facts, listener, named, target.Backend) && masters.TryPrepare(facts, target.Backend)
            ? target
            : null;
    }

    /// <summary>Whether the login goes on by <paramref name="decision"/>, which it is noted with.</summary>
    private static bool IsPermitted(ConnectionRecord record, in LoginDecision decision)
    {
        record.PolicyDecided(decision.Policy?.Name, decision.Action);
        (record.Facts.LoginRefusal, record.Facts.LoginAlert) = (decision.Refusal, decision.Alert);
        return decision.Refusal is null;
    }

    /// <summary>Whether a login is the user's, as far as that is for the gateway to say: where a certificate stands for the password.</summary>
    private bool IsVouchedFor(SessionFacts facts, ListenerSnapshot listener, BackendSettings named, BackendSettings backend)
    {
        if (!facts.IsLoginByCertificate
            || (facts.Tls?.ClientCertificate is { } certificate && listener.MayVouch(certificate.Authorities, named, backend)))
        {
            return true;
        }

        Log.NotVouched(logger, facts.Id, facts.User!, backend.Name, named.Name);
        facts.LoginRefusal = LoginRefusal.Plain;
        return false;
    }

    private async ValueTask<SessionTarget?> FindAsync(BackendSettings named, IClientWatch client, ListenerSnapshot listener, Session session)
    {
        var record = session.Record;
        if (record.Facts.User is not { } user)
        {
            return new SessionTarget(named);
        }

        var key = UserOverrides.KeyOf(user);
        if (await PassAsync(key, user, client, session) is var reason and not CloseReason.None)
        {
            record.Close(reason);
            return null;
        }

        // Only now: what is true after the wait counts.
        var route = overrides.FindMove(key, listener.Settings.ProtocolName) is { } move
            ? new UserRoute(move.Backend, move.Destination, RoutedBy.Move, "an operator's move")
            : router.Find(listener.Settings.Name)?.Find(user, record.Facts.Tls?.ServerName);
        if (route is null && lookups.Of(listener) is { } service)
        {
            return await lookups.FindAsync(service, named, key, client, listener, session);
        }

        route ??= new UserRoute(named.Name, null, RoutedBy.Default, "server name or listener");
        var backend = route.By == RoutedBy.Default ? named : listener.Backends.GetValueOrDefault(route.Backend);
        if (backend is null)
        {
            // A backend that is newer than the connection, or gone. Anywhere else is where the user's mail is not.
            Log.Lost(logger, record.Facts.Id, user, route.Backend, route.Source);
            record.LoginRouted(route.By, isSticky: false);
            return null;
        }

        Log.Routed(logger, record.Facts.Id, user, backend.Name, route.Source);
        var target = new SessionTarget(backend, route.Destination, key);
        record.LoginRouted(route.By, target is { IsSticky: true, Destination: null });
        return target;
    }

    /// <summary>Waits while logins of the user are held; why the session cannot go on, or <see cref="CloseReason.None"/>.</summary>
    private async ValueTask<CloseReason> PassAsync(string key, string user, IClientWatch client, Session session)
    {
        var record = session.Record;
        while (true)
        {
            if (!overrides.IsHeld(key))
            {
                // And a look behind it: whoever sets a hold and then ends the user's sessions finds this one, or it waits.
                record.LedUser = user;
                if (!overrides.IsHeld(key))
                {
                    return CloseReason.None;
                }

                record.LedUser = null;
            }

            Log.Waits(logger, record.Facts.Id, user);
            if (await overrides.WaitAsync(key, client, session.DrainRequested, sessions.Aborted) is var reason and not CloseReason.None)
            {
                return reason;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(310, LogLevel.Debug, "{Id}: user {User} goes to backend {Backend} by {Source}", EventName = "UserRouted")]
        public static partial void Routed(ILogger logger, string id, string user, string backend, string source);

        [LoggerMessage(311, LogLevel.Debug, "{Id}: the login of user {User} waits for the end of a hold", EventName = "LoginHeld")]
        public static partial void Waits(ILogger logger, string id, string user);

        [LoggerMessage(
            312, LogLevel.Warning, "{Id}: user {User} belongs to backend {Backend} by {Source}, but the connection is from before it was configured, "
                + "or it was removed", EventName = "UserBackendUnknown")]
        public static partial void Lost(ILogger logger, string id, string user, string backend, string source);

        [LoggerMessage(
            313, LogLevel.Warning,
            "{Id}: user {User} cannot log in by certificate at backend {Backend}: the authorities that judged it are those of backend {Named}",
            EventName = "CertificateNotVouched")]
        public static partial void NotVouched(ILogger logger, string id, string user, string backend, string named);
    }
}
