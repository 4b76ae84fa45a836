using System.Net;
using TlsFront.Backends;
using TlsFront.Configuration.Schema;
using TlsFront.ProxyProtocol;

namespace TlsFront.Configuration;

/// <summary>Reads <c>backends</c>.</summary>
internal static class BackendSettingsReader
{
    /// <summary>Ports where servers speak TLS from the first byte.</summary>
    private static readonly string[] TlsPorts = [":465", ":993", ":995"];

    /// <summary>Reads all backends; paths of files become absolute, starting from <paramref name="folder"/>.</summary>
    public static IReadOnlyList<Draft<BackendSettings>> Read(SettingsScope root, string folder)
    {
        var backends = new List<Draft<BackendSettings>>();
        foreach (var scope in root.Items(BackendSchema.Section))
        {
            var name = scope.Read(BackendSchema.Name);
            var kind = scope.Read(BackendSchema.Kind);
            if (name is not null && backends.Exists(other => string.Equals(other.Settings.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                scope.Fail(BackendSchema.Name, new("is the name of another backend", "give each its own name; upper and lower case are the same"));
            }

            var destinations = scope.ReadList(BackendSchema.Destinations);
            var tls = BackendTlsSettingsReader.Read(scope.Section(BackendTlsSchema.Section), [.. destinations.Select(entry => entry.Value)], folder);
            CheckDestinations(scope, destinations, tls);
            backends.Add(new(scope, new()
            {
                Name = name!,
                Kind = kind,
                Destinations = [.. destinations.Select(entry => entry.Value)],
                ProxyProtocol = ReadProxyProtocol(scope, kind),
                Tls = tls,
                LoadBalancing = scope.Read(BackendSchema.LoadBalancing),
                ResolveEvery = scope.Read(BackendSchema.ResolveEvery),
                SourceAddresses = ReadSourceAddresses(scope),
                MaxSessions = scope.Read(BackendSchema.MaxSessions),
                Queue = ReadQueue(scope),
                Health = HealthSettingsReader.Read(scope.Section(HealthSchema.Section)),
            }));
        }
        return backends;
    }

    private static void CheckDestinations(SettingsScope scope, IReadOnlyList<(string Key, string Value)> destinations, BackendTlsSettings tls)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, destination) in destinations)
        {
            if (!seen.Add(destination))
            {
                scope.FailAt(key, new("is listed twice", "remove one of the two"));
            }
            else if (tls.Mode == BackendTlsMode.None && Array.Exists(TlsPorts, port => destination.EndsWith(port, StringComparison.Ordinal)))
            {
                scope.WarnAt(key, new("has a port where servers expect TLS, but the gateway is to speak plaintext to this backend", "write tls: { mode: implicit }, or name a plaintext port that the gateway alone can reach"));
            }
        }
    }

    private static List<IPAddress> ReadSourceAddresses(SettingsScope scope)
    {
        var addresses = new List<IPAddress>();
        foreach (var (key, address) in scope.Has(BackendSchema.SourceAddresses) ? scope.ReadList(BackendSchema.SourceAddresses) : [])
        {
            if (addresses.Contains(address))
            {
                scope.FailAt(key, new("is listed twice", "remove one of the two"));
            }

            addresses.Add(address);
        }
        return addresses;
    }

    private static QueueSettings ReadQueue(SettingsScope scope)
    {
        var section = scope.Section(QueueSchema.Section);
        foreach (var setting in QueueSchema.Section.Settings.Where(setting => section.Has(setting) && scope.Read(BackendSchema.MaxSessions) == 0))
        {
            section.Warn(setting, new("has no effect: without maxSessions nobody waits", "write maxSessions, or remove it"));
        }

        return new(section.Read(QueueSchema.Length), section.Read(QueueSchema.Timeout));
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
