using TlsFront.Configuration.Schema;
using TlsFront.Protocols;

namespace TlsFront.Configuration.Reading;

/// <summary>Reads <c>listeners</c>.</summary>
internal static class ListenerSettingsReader
{
    /// <summary>Reads all listeners.</summary>
    /// <param name="root">The whole configuration.</param>
    /// <param name="file">What it has for every listener, which one may override.</param>
    public static IReadOnlyList<ListenerDraft> Read(SettingsScope root, GatewaySettings file)
    {
        var inherited = ListenerSchema.Section.Defaults with
        {
            Tls = file.Tls,
            Admission = file.Admission,
            Rules = new(NamesGroup: file.Received.Group, HidesClient: file.Received.HidesClient),
        };
        var listeners = new List<ListenerDraft>();
        foreach (var scope in root.Items(ListenerSchema.Section))
        {
            var listener = ListenerSchema.Section.Read(scope, inherited);
            var routes = RouteSettingsReader.Read(scope, listener);
            var certificates = CertificateSettingsReader.Read(scope, CertificateSchema.ListenerSection);
            if (scope.HasValid(ListenerSchema.Protocol))
            {
                CheckRules(scope, listener.Protocol, listener.Security);
                if (listener.Protocol == MailProtocol.Tcp
                    && (listener.Tls.IsLegacy || routes.Any(static draft => draft.Settings.Tls.IsLegacy)))
                {
                    scope.Section(TlsSchema.ListenerSection).Fail(TlsSchema.MinimumVersion, new(
                        "is too old for protocol tcp, where no login is seen and no policy can let anybody in", "write \"1.2\" or \"1.3\""));
                }
            }

            if (listener.Lookup is not null && routes.Any(static draft => draft.Settings is { Names: [] } route && route.Users.Contains("*")))
            {
                scope.Section(LookupSchema.Section).WarnUseless(
                    "routes[].users names everybody, and the service is asked about users whom nobody names",
                    "remove it, or the users \"*\"", LookupSchema.Url);
            }

            if (listener.Name is not null && listeners.Exists(other => other.Settings.Name == listener.Name))
            {
                scope.Fail(ListenerSchema.Name, new("is the name of another listener", "give each its own name"));
            }

            listener = listener with
            {
                Certificates = [.. certificates.Select(static source => source.Value)],
                Routes = [.. routes.Select(static draft => draft.Settings)],
                Tls = listener.Tls.Effective,
            };
            listeners.Add(new(scope, listener, routes, certificates));
        }

        return listeners;
    }

    private static void CheckRules(SettingsScope scope, MailProtocol protocol, ListenerSecurity security)
    {
        if (!ProtocolProfile.Of(protocol).IsSubmission)
        {
            RefuseRule(scope, ListenerSchema.Authentication, "applies to protocol smtp only");
        }

        if (protocol == MailProtocol.Tcp)
        {
            RefuseRule(scope, ListenerSchema.BareNewlines, "does not apply to protocol tcp, which is relayed unread");
            RefuseRule(scope, ListenerSchema.UserMap, "does not apply to protocol tcp, which is relayed unread");
            RefuseRule(scope.Section(LookupSchema.Section), LookupSchema.Url, "does not apply to protocol tcp, which is relayed unread");
            if (security != ListenerSecurity.Implicit)
            {
                scope.Fail(ListenerSchema.Security, new("does not apply to protocol tcp, which is relayed unread", "write implicit"));
            }
        }
    }

    private static void RefuseRule(SettingsScope scope, Setting setting, string why)
    {
        if (scope.Has(setting))
        {
            scope.Fail(setting, new(why, "remove it"));
        }
    }
}
