using TlsFront.Configuration.Schema;
using TlsFront.Configuration.Users;
using TlsFront.Connections;

namespace TlsFront.Configuration.Reading;

/// <summary>Turns configuration keys into settings, and everything that is wrong with them into problems.</summary>
internal static class SettingsReader
{
    /// <summary>Reads the whole configuration.</summary>
    /// <param name="root">File, environment and command line.</param>
    /// <param name="file">Path of the file: it names problems of the whole, and relative paths start from its folder.</param>
    /// <param name="problems">What was found before; receives the rest.</param>
    /// <param name="maps">Reads the user maps it names.</param>
    public static SettingsResult Read(IConfigurationRoot root, string file, ProblemList problems, UserMapCache maps)
    {
        var scope = new SettingsScope(root, SettingsSchema.Root, problems, file);
        var settings = SettingsSchema.Root.Read(scope, GatewaySettings.Blank);
        var certificates = CertificateSettingsReader.Read(scope, CertificateSchema.Section);
        var listeners = ListenerSettingsReader.Read(scope, settings);
        var errors = problems.Errors;
        var backends = BackendSettingsReader.Read(scope);
        if (problems.Errors == errors)
        {
            listeners = UserMapRules.Apply(listeners, [.. backends.Select(static draft => draft.Settings)], maps);
        }

        var policies = PolicySettingsReader.Read(scope);
        settings = settings with
        {
            Policies = [.. policies.Select(static draft => draft.Settings)],
            Certificates = [.. certificates.Select(static source => source.Value)],
            Listeners = [.. listeners.Select(static draft => draft.Settings)],
            Backends = [.. backends.Select(static draft => draft.Settings)],
        };
        WarnOfManagedEngine(scope, settings.Engine, listeners);
        AddressRules.Check(listeners, scope.Section(AdminSchema.Section), settings.Admin.Address);
        AddressRules.CheckLoops(listeners, backends);
        BackendRules.Check(listeners, backends, settings);
        GroupRules.Check(backends);
        foreach (var listener in listeners)
        {
            PolicyRules.CheckExceptions(policies, listener);
        }

        PolicyRules.Check(policies, settings.Listeners);
        return new(problems.HasErrors ? null : settings, problems.ToList())
        {
            Certificates = certificates,
            Listeners = listeners,
            Policies = policies,
            TicketKeys = scope.Section(TlsSchema.Section).Places(TlsSchema.TicketKeys),
        };
    }

    private static void WarnOfManagedEngine(SettingsScope scope, EngineChoice engine, IReadOnlyList<ListenerDraft> listeners)
    {
        if (engine.IsManaged())
        {
            const string Remedy = "write engine: auto, on Linux, or remove it";
            scope.Section(NativeSchema.Section).WarnUseless("the managed engine runs", Remedy, [.. NativeSchema.Section.Settings]);
            scope.Section(TlsSchema.Section).WarnUseless("the managed engine makes no session tickets", Remedy, TlsSchema.TicketKeys);
            foreach (var listener in listeners.Where(static listener => listener.Settings.OldestTls < TlsVersion.Tls12))
            {
                listener.Scope.Section(TlsSchema.ListenerSection).Fail(
                    TlsSchema.MinimumVersion, new("needs the native engine for TLS before 1.2", Remedy));
            }
        }
    }
}
