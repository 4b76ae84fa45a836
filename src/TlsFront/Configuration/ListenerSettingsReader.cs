using TlsFront.Configuration.Schema;
using TlsFront.Protocols;

namespace TlsFront.Configuration;

/// <summary>Reads <c>listeners</c>.</summary>
internal static class ListenerSettingsReader
{
    /// <summary>Reads all listeners.</summary>
    /// <param name="root">The whole configuration.</param>
    /// <param name="tls">The file's TLS rules, which a listener may override.</param>
    /// <param name="received">The file's rules for <c>Received</c>, which are every SMTP listener's.</param>
    /// <param name="admission">The file's lists of addresses, which a listener may replace.</param>
    /// <param name="folder">Where relative paths start from.</param>
    public static IReadOnlyList<ListenerDraft> Read(SettingsScope root, TlsSettings tls, ReceivedSettings received, AdmissionSettings admission, string folder)
    {
        var listeners = new List<ListenerDraft>();
        foreach (var scope in root.Items(ListenerSchema.Section))
        {
            var hasProtocol = scope.TryRead(ListenerSchema.Protocol, out var protocol);
            scope.Read(ListenerSchema.Security);
            var backend = scope.Read(ListenerSchema.Backend);
            var ownTls = TlsSettingsReader.Read(scope.Section(TlsSchema.ListenerSection), tls);
            var routes = RouteSettingsReader.Read(scope, backend, ownTls, folder);
            var listener = new ListenerSettings
            {
                Name = scope.Read(ListenerSchema.Name),
                Address = scope.Read(ListenerSchema.Address),
                // What is true of it is true of any other, so that a wrong word gives rise to no second complaint.
                Protocol = hasProtocol ? protocol : MailProtocol.Tcp,
                Backend = backend,
                Routes = [.. routes.Select(draft => draft.Settings)],
                Tls = TlsSettingsReader.Effective(ownTls),
                ProxyProtocol = ReadProxyProtocol(scope.Section(ProxyHeaderSchema.Section)),
                Admission = AdmissionSettingsReader.Read(scope.Section(AdmissionSchema.ListenerSection), admission, folder),
                Smtp = new(scope.Read(ListenerSchema.Authentication), scope.Read(ListenerSchema.BareNewlines), received.Group, received.HidesClient),
            };
            if (hasProtocol && protocol != MailProtocol.Smtp)
            {
                RefuseSmtpRule(scope, ListenerSchema.Authentication);
                RefuseSmtpRule(scope, ListenerSchema.BareNewlines);
            }
            if (listener.Name is not null && listeners.Exists(other => other.Settings.Name == listener.Name))
            {
                scope.Fail(ListenerSchema.Name, new("is the name of another listener", "give each its own name"));
            }

            listeners.Add(new(scope, listener, routes));
        }
        return listeners;
    }

    private static ProxyHeaderSettings? ReadProxyProtocol(SettingsScope scope)
    {
        var refusesOthers = scope.Read(ProxyHeaderSchema.RefusesOthers);
        if (!scope.Has(ProxyHeaderSchema.TrustedNetworks))
        {
            if (scope.Has(ProxyHeaderSchema.RefusesOthers))
            {
                scope.Fail(ProxyHeaderSchema.RefusesOthers, new("has no meaning without trustedNetworks", "name the load balancers in trustedNetworks, or remove it"));
            }

            return null;
        }

        var networks = scope.ReadList(ProxyHeaderSchema.TrustedNetworks);
        foreach (var (key, network) in networks)
        {
            if (network.PrefixLength == 0)
            {
                scope.WarnAt(key, new("LETS ANYBODY CLAIM ANY ADDRESS: logs, limits and backends believe what a PROXY header says", "name the load balancers' own networks"));
            }
        }

        return new(NetworkSet.Of([.. networks.Select(entry => entry.Value)]), refusesOthers);
    }

    private static void RefuseSmtpRule(SettingsScope scope, Setting setting)
    {
        if (scope.Has(setting))
        {
            scope.Fail(setting, new("applies to protocol smtp only", "remove it"));
        }
    }
}
