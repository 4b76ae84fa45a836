using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>Reads <c>routes</c> of a listener.</summary>
internal static class RouteSettingsReader
{
    /// <summary>Reads all routes of a listener.</summary>
    /// <param name="listener">Its section.</param>
    /// <param name="backend">Its backend, for routes that name none.</param>
    /// <param name="tls">Its TLS rules as written, which a route may override.</param>
    /// <param name="folder">Where relative paths start from.</param>
    public static IReadOnlyList<Draft<RouteSettings>> Read(SettingsScope listener, string backend, TlsSettings tls, string folder)
    {
        var routes = new List<Draft<RouteSettings>>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var scope in listener.Items(RouteSchema.Section))
        {
            routes.Add(new(scope, new()
            {
                Names = ReadNames(scope, taken),
                Backend = scope.Read(RouteSchema.Backend) ?? backend,
                Tls = TlsSettingsReader.Effective(TlsSettingsReader.Read(scope.Section(TlsSchema.RouteSection), tls)),
                Certificates = CertificateSettingsReader.Read(scope, CertificateSchema.RouteSection, folder),
            }));
            if (!scope.Has(RouteSchema.Backend) && !scope.Has(TlsSchema.RouteSection) && !scope.Has(CertificateSchema.RouteSection))
            {
                scope.Warn(RouteSchema.Names, new("get what the listener gives everybody", $"write {string.Join(" or ", RouteSchema.Section.Keys.Skip(1))}, or remove the route"));
            }
        }
        return routes;
    }

    private static List<string> ReadNames(SettingsScope scope, HashSet<string> taken)
    {
        var names = new List<string>();
        foreach (var (key, name) in scope.ReadList(RouteSchema.Names))
        {
            if (taken.Add(name))
            {
                names.Add(name);
            }
            else
            {
                scope.FailAt(key, new("is already a name of this listener's routes", "remove one of the two"));
            }
        }
        return names;
    }
}
