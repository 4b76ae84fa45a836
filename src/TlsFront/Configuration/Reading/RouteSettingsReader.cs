using TlsFront.Configuration.Schema;
using TlsFront.Protocols;

namespace TlsFront.Configuration.Reading;

/// <summary>Reads <c>routes</c> of a listener.</summary>
internal static class RouteSettingsReader
{
    /// <summary>Reads all routes of a listener.</summary>
    /// <param name="scope">Its section.</param>
    /// <param name="listener">The listener, whose backend and TLS rules a route may override.</param>
    public static IReadOnlyList<RouteDraft> Read(SettingsScope scope, ListenerSettings listener)
    {
        var inherited = RouteSchema.Section.Defaults with { Backend = listener.Backend, Tls = listener.Tls };
        var routes = new List<RouteDraft>();
        var taken = new TakenRoutes();
        var isUnderstood = !scope.HasValid(ListenerSchema.Protocol) || ProtocolProfile.Of(listener.Protocol).IsUnderstood;
        foreach (var item in scope.Items(RouteSchema.Section))
        {
            var route = RouteSchema.Section.Read(item, inherited);
            var needsUser = item.Has(RouteSchema.Users);
            var names = !item.Has(RouteSchema.Names) ? [] : taken.DistinctNames(item, needsUser);
            var users = !needsUser ? [] : taken.DistinctUsers(item, names);
            CheckUsers(item, isUnderstood);
            var certificates = CertificateSettingsReader.Read(item, CertificateSchema.RouteSection);
            var settings = route with
            {
                Names = [.. names.Select(static name => name.Value)],
                Users = [.. users.Select(static user => user.Value)],
                Tls = route.Tls.Effective,
                Certificates = [.. certificates.Select(static source => source.Value)],
            };
            routes.Add(new(item, settings, names, users, certificates));
            if (!item.Has(RouteSchema.Backend) && !item.Has(TlsSchema.RouteSection) && !item.Has(CertificateSchema.RouteSection))
            {
                item.Warn(
                    needsUser ? RouteSchema.Users : RouteSchema.Names,
                    new(
                        "get what the listener gives everybody",
                        $"write {(needsUser ? RouteSchema.Backend.Key : string.Join(" or ", InNameRoutes))}, or remove the route"));
            }
        }

        return routes;
    }

    /// <summary>What a route without users may have.</summary>
    private static IEnumerable<string> InNameRoutes => RouteSchema.Section.Keys.Except([RouteSchema.Names.Key, RouteSchema.Users.Key]);

    private static void CheckUsers(SettingsScope route, bool isUnderstood)
    {
        if (!route.Has(RouteSchema.Users))
        {
            if (!route.Has(RouteSchema.Names))
            {
                route.Fail(
                    RouteSchema.Names,
                    new(
                        "is missing, and so is users",
                        "add at least one of the two, such as users: [\"*@example.org\"] or names: [mail.example.org]"));
            }

            return;
        }

        if (!isUnderstood)
        {
            route.Fail(
                RouteSchema.Users, new("does not apply to protocol tcp, which is relayed unread", "remove the route, or let it go by names alone"));
        }

        string[] early = [.. from section in (SettingsSection[])[TlsSchema.RouteSection, CertificateSchema.RouteSection]
                             where route.Has(section)
                             select section.Key];
        if (early.Length > 0)
        {
            route.Fail(
                RouteSchema.Users,
                new(
                    $"does not go together with {string.Join(" and ", early)}, which the handshake needs before anybody logs in",
                    $"move {string.Join(" and ", early)} to the listener, or to a route with names alone"));
        }
    }
}
