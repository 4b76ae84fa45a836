using TlsFront.Backends;
using TlsFront.Configuration.Schema;
using TlsFront.ProxyProtocol;

namespace TlsFront.Configuration;

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
            var name = scope.Read(BackendSchema.Name);
            var kind = scope.Read(BackendSchema.Kind);
            if (name is not null && backends.Exists(other => other.Settings.Name == name))
            {
                scope.Fail(BackendSchema.Name, new("is the name of another backend", "give each its own name"));
            }

            backends.Add(new(scope, new()
            {
                Name = name!,
                Kind = kind,
                Destinations = ReadDestinations(scope),
                ProxyProtocol = ReadProxyProtocol(scope, kind),
                LoadBalancing = scope.Read(BackendSchema.LoadBalancing),
                Health = HealthSettingsReader.Read(scope.Section(HealthSchema.Section)),
            }));
        }
        return backends;
    }

    private static List<string> ReadDestinations(SettingsScope scope)
    {
        var destinations = new List<string>();
        foreach (var (key, destination) in scope.ReadList(BackendSchema.Destinations))
        {
            if (destinations.Contains(destination, StringComparer.OrdinalIgnoreCase))
            {
                scope.FailAt(key, new("is listed twice", "remove one of the two"));
            }
            else if (Array.Exists(TlsPorts, port => destination.EndsWith(port, StringComparison.Ordinal)))
            {
                scope.WarnAt(key, new("has a port where servers expect TLS, but the gateway speaks plaintext to backends", "name a plaintext port of the backend, reachable by the gateway alone"));
            }

            destinations.Add(destination);
        }
        return destinations;
    }

    private static ProxyHeaderVersion ReadProxyProtocol(SettingsScope scope, BackendKind kind)
    {
        var rules = BackendKindRules.Of(kind);
        if (!scope.Has(BackendSchema.ProxyProtocol))
        {
            return rules.ProxyProtocol;
        }

        if (!scope.TryRead(BackendSchema.ProxyProtocol, out var version))
        {
            return rules.ProxyProtocol;
        }

        var best = BackendSchema.ProxyProtocol.Type.Format(rules.ProxyProtocol);
        if (version == rules.Unreadable)
        {
            scope.Fail(BackendSchema.ProxyProtocol, new($"cannot be read by {BackendSchema.Kind.Type.Format(kind)}", $"write {best}"));
        }
        else if (version == ProxyHeaderVersion.None && rules.ProxyProtocol != ProxyHeaderVersion.None)
        {
            scope.Warn(BackendSchema.ProxyProtocol, new("hides the clients' addresses: the backend logs, limits and trusts the gateway's own", $"write {best} and let the backend expect it"));
        }

        return version;
    }
}
