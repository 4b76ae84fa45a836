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
    public static IReadOnlyList<Draft<ListenerSettings>> Read(SettingsScope root, TlsSettings tls, ReceivedSettings received)
    {
        var listeners = new List<Draft<ListenerSettings>>();
        foreach (var scope in root.Items(ListenerSchema.Section))
        {
            var hasProtocol = scope.TryRead(ListenerSchema.Protocol, out var protocol);
            scope.Read(ListenerSchema.Security);
            var listener = new ListenerSettings
            {
                Name = scope.Read(ListenerSchema.Name),
                Address = scope.Read(ListenerSchema.Address),
                Protocol = protocol,
                Backend = scope.Read(ListenerSchema.Backend),
                Tls = TlsSettingsReader.Effective(TlsSettingsReader.Read(scope.Section(TlsSchema.ListenerSection), tls)),
                Smtp = new(scope.Read(ListenerSchema.Authentication), scope.Read(ListenerSchema.BareNewlines), received.Group),
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

            listeners.Add(new(scope, listener));
        }
        return listeners;
    }

    private static void RefuseSmtpRule(SettingsScope scope, Setting setting)
    {
        if (scope.Has(setting))
        {
            scope.Fail(setting, new("applies to protocol smtp only", "remove it"));
        }
    }
}
