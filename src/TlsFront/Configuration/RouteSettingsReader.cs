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
    public static IReadOnlyList<RouteDraft> Read(SettingsScope listener, string backend, TlsSettings tls, string folder)
    {
        var routes = new List<RouteDraft>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var scope in listener.Items(RouteSchema.Section))
        {
            var names = ReadNames(scope, taken);
            var certificates = CertificateSettingsReader.Read(scope, CertificateSchema.RouteSection, folder);
            var settings = new RouteSettings
            {
                Names = [.. names.Select(name => name.Value)],
                Backend = scope.Read(RouteSchema.Backend) ?? backend,
                Tls = TlsSettingsReader.Effective(TlsSettingsReader.Read(scope.Section(TlsSchema.RouteSection), tls)),
                Certificates = [.. certificates.Select(source => source.Value)],
            };
            routes.Add(new(scope, settings, names, certificates));
            if (!scope.Has(RouteSchema.Backend) && !scope.Has(TlsSchema.RouteSection) && !scope.Has(CertificateSchema.RouteSection))
            {
                scope.Warn(RouteSchema.Names, new("get what the listener gives everybody", $"write {string.Join(" or ", RouteSchema.Section.Keys.Skip(1))}, or remove the route"));
            }
        }
        return routes;
    }

    private static List<Placed<string>> ReadNames(SettingsScope scope, HashSet<string> taken)
    {
        var names = new List<Placed<string>>();
        foreach (var (key, name) in scope.ReadList(RouteSchema.Names))
        {
            if (taken.Add(name))
            {
                names.Add(scope.PlaceAt(key, name));
            }
            else
            {
                scope.FailAt(key, new("is already a name of this listener's routes", "remove one of the two"));
            }
        }
        return names;
    }
}
