using TlsFront.Configuration;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;

namespace TlsFront.Compatibility;

/// <summary>Where hellos are replayed: the terms of a listener, or of a name it routes.</summary>
/// <param name="Listener">The listener.</param>
/// <param name="Route">The routed name or wildcard; null for the listener's own terms.</param>
/// <param name="Policy">The listener's TLS rules.</param>
/// <param name="LegacyPolicy">Those for clients that may come by TLS before 1.2; null where none may.</param>
/// <param name="ServerName">What a client that names a server asks for there; null for nothing.</param>
internal sealed record ReplayTarget(string Listener, string? Route, TlsPolicy Policy, TlsPolicy? LegacyPolicy, string? ServerName)
{
    /// <summary>The targets of <paramref name="listener"/>: its own terms first, then its routes by name, one name of each.</summary>
    public static IEnumerable<ReplayTarget> Of(
        ListenerSettings listener, TlsPolicy policy, TlsPolicy? legacyPolicy, CertificateSnapshot certificates)
    {
        var routes = listener.NameRoutes.Where(static route => route.Names.Count > 0).ToList();
        var routed = new ServerNameTable<RouteSettings>(
            routes.SelectMany(static route => route.Names.Select(name => KeyValuePair.Create(name, route))));
        var own = certificates.For(listener).Find(null).First
            .SelectMany(static certificate => certificate.Names)
            .Select(Concrete)
            .FirstOrDefault(name => routed.Find(name) is null && Uri.CheckHostName(name) == UriHostNameType.Dns);
        yield return new(listener.Name, null, policy, legacyPolicy, own);
        foreach (var route in routes)
        {
            yield return new(listener.Name, route.Names[0], policy, legacyPolicy, Concrete(route.Names[0]));
        }
    }

    /// <summary>A name for a wildcard to be replaced by.</summary>
    private static string Concrete(string name) => name.StartsWith("*.", StringComparison.Ordinal) ? $"mail{name[1..]}" : name;
}
