using TlsFront.Configuration.Schema;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;
using TlsFront.ProxyProtocol;

namespace TlsFront.Configuration.Reading;

/// <summary>Rules between listeners, with their routes, and the backends they name.</summary>
internal static class BackendRules
{
    public static void Check(IReadOnlyList<ListenerDraft> listeners, IReadOnlyList<Draft<BackendSettings>> backends, GatewaySettings settings)
    {
        var first = new Dictionary<string, MailProtocol>(StringComparer.Ordinal);
        foreach (var (scope, listener, _, _) in listeners)
        {
            CheckUse(scope, ListenerSchema.Backend, listener, listener.Backend, backends, first);
        }

        foreach (var (_, listener, routes, _) in listeners)
        {
            foreach (var (scope, route, _, _, _) in routes.Where(draft => draft.Settings.Backend != listener.Backend))
            {
                CheckUse(scope, RouteSchema.Backend, listener, route.Backend, backends, first);
            }
        }

        foreach (var (scope, listener, _, _) in listeners)
        {
            foreach (var name in listener.Lookup?.Backends ?? [])
            {
                CheckUse(scope.Section(LookupSchema.Section), LookupSchema.Backends, listener, name, backends, first);
            }

            // Whether it can serve the protocol was told in the line that names it.
            var others = OnlyMapped(listener);
            foreach (var backend in backends.Where(draft => others.Contains(draft.Settings.Name)))
            {
                CheckTrust(scope, ListenerSchema.UserMap, listener, backend.Settings);
            }
        }

        foreach (var (scope, listener, _, _) in listeners)
        {
            CheckLogin(scope, listener, settings);
        }

        foreach (var (scope, listener, routes, _) in listeners)
        {
            // Where the user decides, the authorities of the listener have judged the certificate.
            var clients = listener.Tls.ClientCertificates;
            CheckCertificates(scope, ListenerSchema.Backend, clients, listener.Backend, backends);
            foreach (var (place, route, _, _, _) in routes)
            {
                CheckCertificates(place, RouteSchema.Backend, route.NeedsUser ? clients : route.Tls.ClientCertificates, route.Backend, backends);
            }

            foreach (var name in listener.Lookup?.Backends ?? [])
            {
                CheckCertificates(scope.Section(LookupSchema.Section), LookupSchema.Backends, clients, name, backends);
            }

            foreach (var name in OnlyMapped(listener))
            {
                CheckCertificates(scope, ListenerSchema.UserMap, clients, name, backends);
            }
        }

        foreach (var (scope, backend) in backends)
        {
            CheckStickiness(scope, backend, listeners);
            if (backend.Name is not null && !listeners.Any(draft => draft.Settings.AllBackends.Contains(backend.Name)))
            {
                scope.Warn(
                    BackendSchema.Name,
                    new("is used by no listener", "remove the backend, or name it in a listener, route, user map or lookup"));
            }
        }
    }

    // Without a login there is no user to find a backend for.
    private static void CheckLogin(SettingsScope scope, ListenerSettings listener, GatewaySettings settings)
    {
        if (listener.Rules.Authentication == Authentication.Optional && settings.HoldsLogins(listener))
        {
            scope.WarnUseless(
                "the listener holds logins (routes[].users, userMap, lookup, policies, stickiness or master), so nobody sends mail without one",
                "remove it",
                ListenerSchema.Authentication);
        }
    }

    // A user who logs in by certificate is one that the backend takes from the gateway: by its master account, or by the PROXY header.
    private static void CheckCertificates(
        SettingsScope scope, Setting setting, ClientCertificateSettings clients, string? name, IReadOnlyList<Draft<BackendSettings>> backends)
    {
        if (!clients.AreRequested
            || backends.FirstOrDefault(draft => draft.Settings.Name == name) is not { Settings: var backend }
            || backend.Master.User is not null)
        {
            return;
        }

        var subject = IsOfMany(setting) ? $"names backend {backend.Name}, which " : "";
        if (backend is not { ProxyProtocol: ProxyHeaderVersion.V2, Kind: BackendKind.Dovecot or BackendKind.Generic })
        {
            scope.Warn(setting, new(
                subject + "does not learn of clients' certificates (tls.clientCertificates), by which nobody can log in there then",
                "give it a master account, or kind: dovecot with proxyProtocol: v2"));
        }
        else if (clients.User != CertificateUser.CommonName)
        {
            scope.Warn(setting, new(
                subject
                    + "learns the common name of clients' certificates from the PROXY header, and not the mail address (tls.clientCertificates.user)",
                "give it a master account, or write user: commonName"));
        }
    }

    private static void CheckStickiness(SettingsScope scope, BackendSettings backend, IReadOnlyList<ListenerDraft> listeners)
    {
        if (!IsSticky(backend))
        {
            return;
        }

        if (listeners.Any(draft => draft.Settings.AllBackends.Contains(backend.Name))
            && !listeners.Any(draft => ProtocolProfile.Of(draft.Settings.Protocol).IsUnderstood && draft.Settings.AllBackends.Contains(backend.Name)))
        {
            scope.WarnUseless("protocol tcp is relayed unread, and its users are not known", "remove it", BackendSchema.Stickiness);
        }
        else if (backend.Destinations.Count == 1)
        {
            scope.WarnUseless(
                "there is one destination, and logins are held for nothing", "remove it, or add the other destinations", BackendSchema.Stickiness);
        }
    }

    /// <summary>Backends that a listener's user map alone leads to.</summary>
    private static List<string> OnlyMapped(ListenerSettings listener) =>
        [.. listener.MappedBackends.Except(listener.Routes.Select(static route => route.Backend).Prepend(listener.Backend))];

    /// <summary>Whether the value of <paramref name="setting"/> does not say which backend is meant.</summary>
    private static bool IsOfMany(Setting setting) => setting == ListenerSchema.UserMap || setting == LookupSchema.Backends;

    private static bool IsSticky(BackendSettings backend) => backend.Stickiness == Stickiness.User;

    /// <summary>Checks one place that names a backend, a listener's own or one of its routes.</summary>
    private static void CheckUse(
        SettingsScope scope, Setting setting, ListenerSettings listener, string? name, IReadOnlyList<Draft<BackendSettings>> backends,
        Dictionary<string, MailProtocol> first)
    {
        if (name is null)
        {
            return;
        }

        if (backends.FirstOrDefault(draft => draft.Settings.Name == name) is not { Settings: var backend })
        {
            var names = backends.Select(draft => draft.Settings.Name).Where(known => known is not null).ToList();
            Fail(
                scope, setting, name,
                new(
                    "is not the name of a backend",
                    Nearest.DidYouMean(name, names) + $"the backends are {(names.Count == 0 ? "none" : string.Join(", ", names))}"));
            return;
        }

        CheckProtocol(scope, setting, listener, backend, first);
        CheckIdentity(scope, setting, listener, backend);
        CheckTrust(scope, setting, listener, backend);
    }

    private static void CheckProtocol(
        SettingsScope scope, Setting setting, ListenerSettings listener, BackendSettings backend, Dictionary<string, MailProtocol> first)
    {
        if (!ProtocolProfile.Of(listener.Protocol).IsUnderstood)
        {
            return;
        }

        if (BackendFit.Check(listener.Protocol, backend) is { } problem)
        {
            Fail(scope, setting, backend.Name, problem);
        }
        else if (!first.TryAdd(backend.Name, listener.Protocol) && first[backend.Name] != listener.Protocol)
        {
            Fail(scope, setting, backend.Name, BackendFit.Serves(first[backend.Name], listener.Protocol));
        }
    }

    private static void CheckIdentity(SettingsScope scope, Setting setting, ListenerSettings listener, BackendSettings backend)
    {
        if (BackendFit.CheckIdentity(listener.Protocol, backend) is { } problem)
        {
            Fail(scope, setting, backend.Name, problem);
        }
    }

    /// <summary>Notes an error with a value that names a backend, or with the one of a list's that does.</summary>
    private static void Fail(SettingsScope scope, Setting setting, string name, ValueProblem problem)
    {
        if (setting is SettingList<string> list)
        {
            scope.FailEntry(list, name, problem);
        }
        else
        {
            scope.Fail(setting, problem);
        }
    }

    private static void CheckTrust(SettingsScope scope, Setting setting, ListenerSettings listener, BackendSettings backend)
    {
        if (!ProtocolProfile.Of(listener.Protocol).IsSubmission)
        {
            return;
        }

        if (listener.Rules.Authentication == Authentication.Optional
            && backend is { ProxyProtocol: ProxyHeaderVersion.None, IsIntroducedInDialogue: false })
        {
            scope.Warn(setting == ListenerSchema.Backend ? ListenerSchema.Authentication : setting, new(
                $"MAY MAKE AN OPEN RELAY: backend {backend.Name} sees every client come from the gateway's address (proxyProtocol none), "
                + "and relays for all of them if it trusts that address",
                "write authentication: required, or let the backend expect a PROXY header"));
        }

        if (listener.Rules.Authentication == Authentication.Required
            && BackendKindRules.Of(backend.Kind).LogsInOnlyOverTls
            && backend.Tls.Mode == BackendTlsMode.None)
        {
            var subject = IsOfMany(setting) ? $"names backend {backend.Name}," : "is";
            scope.Warn(setting, new(
                $"{subject} a {BackendSchema.Kind.Type.Format(backend.Kind)}, which offers AUTH only where it did TLS itself; "
                + "nobody may be able to log in, as the gateway is to speak plaintext to it",
                "write tls: { mode: implicit } and name the backend's TLS port"));
        }
    }
}
