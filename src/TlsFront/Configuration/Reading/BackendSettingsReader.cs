using TlsFront.Configuration.Schema;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;

namespace TlsFront.Configuration.Reading;

/// <summary>Reads <c>backends</c>.</summary>
internal static class BackendSettingsReader
{
    /// <summary>Ports where servers speak TLS from the first byte.</summary>
    private static readonly string[] TlsPorts = [":465", ":993", ":995"];

    /// <summary>Reads all backends.</summary>
    public static IReadOnlyList<Draft<BackendSettings>> Read(SettingsScope root)
    {
        var backends = new List<Draft<BackendSettings>>();
        foreach (var scope in root.Items(BackendSchema.Section))
        {
            var backend = BackendSchema.Section.Read(scope, BackendSchema.Section.Defaults);
            if (backend.Name is not null
                && backends.Exists(other => string.Equals(other.Settings.Name, backend.Name, StringComparison.OrdinalIgnoreCase)))
            {
                scope.Fail(BackendSchema.Name, new("is the name of another backend", "give each its own name; upper and lower case are the same"));
            }

            CheckPorts(scope, backend);
            CheckIdentity(scope, backend);
            CheckProxyProtocol(scope, backend);
            BackendTlsRules.Check(scope.Section(BackendTlsSchema.Section), backend);
            if (backend.MaxSessions == 0)
            {
                scope.Section(QueueSchema.Section).WarnUseless(
                    "without maxSessions nobody waits", "write maxSessions, or remove it", [.. QueueSchema.Section.Settings]);
            }

            backends.Add(new(scope, backend));
        }

        return backends;
    }

    private static void CheckPorts(SettingsScope scope, BackendSettings backend)
    {
        foreach (var (key, destination) in scope.ReadList(BackendSchema.Destinations))
        {
            if (backend.Tls.Mode == BackendTlsMode.None && Array.Exists(TlsPorts, port => destination.EndsWith(port, StringComparison.Ordinal)))
            {
                scope.WarnAt(key, new(
                    "has a port where servers expect TLS, but the gateway is to speak plaintext to this backend",
                    "write tls: { mode: implicit }, or name a plaintext port that the gateway alone can reach"));
            }
        }
    }

    private static void CheckIdentity(SettingsScope scope, BackendSettings backend)
    {
        if (!scope.HasValid(BackendSchema.Identity))
        {
            return;
        }

        var kind = BackendSchema.Kind.Type.Format(backend.Kind);
        if (backend.IsIntroducedInDialogue && !BackendKindRules.Of(backend.Kind).Identities.Contains(backend.Identity))
        {
            scope.Fail(BackendSchema.Identity, new($"is nothing that {kind} knows", "write proxy, or none"));
        }
        else if (backend.Identity != ClientIdentity.Proxy && backend.ProxyProtocol != ProxyHeaderVersion.None)
        {
            // Dovecot, for one, trusts the address in the header then, and not the gateway's.
            scope.Fail(
                BackendSchema.Identity, new("does not go together with a PROXY header", "remove proxyProtocol, or write identity: proxy"));
        }
        else if (backend.Identity == ClientIdentity.None
            && !scope.Has(BackendSchema.ProxyProtocol)
            && BackendKindRules.Of(backend.Kind).ProxyProtocol != ProxyHeaderVersion.None)
        {
            scope.Warn(BackendSchema.Identity, new(
                "hides the clients' addresses: the backend logs, limits and trusts the gateway's own", "write identity: proxy"));
        }
    }

    private static void CheckProxyProtocol(SettingsScope scope, BackendSettings backend)
    {
        if (!scope.Has(BackendSchema.ProxyProtocol))
        {
            return;
        }

        var rules = BackendKindRules.Of(backend.Kind);
        var best = BackendSchema.ProxyProtocol.Type.Format(rules.ProxyProtocol);
        if (backend.ProxyProtocol == rules.Unreadable)
        {
            scope.Fail(BackendSchema.ProxyProtocol, new($"cannot be read by {BackendSchema.Kind.Type.Format(backend.Kind)}", $"write {best}"));
        }
        else if (backend is { ProxyProtocol: ProxyHeaderVersion.None, IsIntroducedInDialogue: false }
            && rules.ProxyProtocol != ProxyHeaderVersion.None)
        {
            scope.Warn(BackendSchema.ProxyProtocol, new(
                "hides the clients' addresses: the backend logs, limits and trusts the gateway's own",
                $"write {best} and let the backend expect it"));
        }
    }
}
