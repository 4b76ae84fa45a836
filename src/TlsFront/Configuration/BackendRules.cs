using TlsFront.Backends;
using TlsFront.Configuration.Schema;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;
using TlsFront.ProxyProtocol;

namespace TlsFront.Configuration;

/// <summary>Rules between listeners, with their routes, and the backends they name.</summary>
internal static class BackendRules
{
    public static void Check(IReadOnlyList<ListenerDraft> listeners, IReadOnlyList<Draft<BackendSettings>> backends)
    {
        var first = new Dictionary<string, MailProtocol>(StringComparer.Ordinal);
        foreach (var (scope, listener, _) in listeners)
        {
            CheckUse(scope, ListenerSchema.Backend, listener, listener.Backend, backends, first);
        }

        foreach (var (_, listener, routes) in listeners)
        {
            foreach (var (scope, route, _, _) in routes.Where(draft => draft.Settings.Backend != listener.Backend))
            {
                CheckUse(scope, RouteSchema.Backend, listener, route.Backend, backends, first);
            }
        }

        foreach (var (scope, backend) in backends)
        {
            if (backend.Name is not null && !listeners.Any(draft => draft.Settings.AllBackends.Contains(backend.Name)))
            {
                scope.Warn(BackendSchema.Name, new("is used by no listener", "remove the backend, or name it in a listener or route"));
            }
        }
    }

    /// <summary>Checks one place that names a backend, a listener's own or one of its routes.</summary>
    private static void CheckUse(
        SettingsScope scope, Setting setting, ListenerSettings listener, string? name, IReadOnlyList<Draft<BackendSettings>> backends, Dictionary<string, MailProtocol> first)
    {
        if (name is null)
        {
            return;
        }

        if (backends.FirstOrDefault(draft => draft.Settings.Name == name) is not { Settings: var backend })
        {
            var names = backends.Select(draft => draft.Settings.Name).Where(known => known is not null).ToList();
            scope.Fail(setting, new("is not the name of a backend", Nearest.DidYouMean(name, names) + $"the backends are {(names.Count == 0 ? "none" : string.Join(", ", names))}"));
            return;
        }

        CheckProtocol(scope, setting, listener, backend, first);
        CheckTrust(scope, setting, listener, backend);
    }

    private static void CheckProtocol(SettingsScope scope, Setting setting, ListenerSettings listener, BackendSettings backend, Dictionary<string, MailProtocol> first)
    {
        if (listener.Protocol == MailProtocol.Tcp)
        {
            return;
        }

        var protocol = ListenerSchema.Protocol.Type.Format(listener.Protocol);
        var rules = BackendKindRules.Of(backend.Kind);
        if (rules.Protocols.Count > 0 && !rules.Protocols.Contains(listener.Protocol))
        {
            scope.Fail(setting, new($"is a {BackendSchema.Kind.Type.Format(backend.Kind)}, which does not speak {protocol}", "name another backend, or correct its kind or the protocol"));
        }
        else if (!first.TryAdd(backend.Name, listener.Protocol) && first[backend.Name] != listener.Protocol)
        {
            scope.Fail(setting, new($"serves another listener's {ListenerSchema.Protocol.Type.Format(first[backend.Name])}; the same port cannot speak {protocol} too", "add a backend with the other port"));
        }
    }

    private static void CheckTrust(SettingsScope scope, Setting setting, ListenerSettings listener, BackendSettings backend)
    {
        if (listener.Protocol != MailProtocol.Smtp)
        {
            return;
        }

        if (listener.Smtp.Authentication == Authentication.Optional && backend.ProxyProtocol == ProxyHeaderVersion.None)
        {
            scope.Warn(setting == ListenerSchema.Backend ? ListenerSchema.Authentication : setting, new(
                $"MAY MAKE AN OPEN RELAY: backend {backend.Name} sees every client come from the gateway's address (proxyProtocol none), and relays for all of them if it trusts that address",
                "write authentication: required, or let the backend expect a PROXY header"));
        }

        if (listener.Smtp.Authentication == Authentication.Required && BackendKindRules.Of(backend.Kind).LogsInOnlyOverTls && backend.Tls.Mode == BackendTlsMode.None)
        {
            scope.Warn(setting, new(
                $"is a {BackendSchema.Kind.Type.Format(backend.Kind)}, which offers AUTH only where it did TLS itself; nobody may be able to log in, as the gateway is to speak plaintext to it",
                "write tls: { mode: implicit } and name the backend's TLS port"));
        }
    }
}
