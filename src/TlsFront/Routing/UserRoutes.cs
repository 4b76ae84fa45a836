using System.Collections.Frozen;
using TlsFront.Configuration;
using TlsFront.Configuration.Users;
using TlsFront.Connections;

namespace TlsFront.Routing;

/// <summary>
/// Which backend the users of a listener belong to, by its routes and its user map: immutable. The most specific entry counts: that for the user
/// before that for the domain before that for everybody. Of several that are equal in this, a route with the server name that the client asked for
/// goes first, then the map, then a route without names. The order of the routes means nothing.
/// </summary>
internal sealed class UserRoutes
{
    private readonly FrozenDictionary<string, KeyRoutes>.AlternateLookup<ReadOnlySpan<char>> _routes;
    private readonly UserMap? _map;

    /// <summary>What the map's targets mean, by their number.</summary>
    private readonly UserRoute[] _mapped;

    /// <param name="listener">The listener.</param>
    /// <param name="map">Its user map; null for none.</param>
    public UserRoutes(ListenerSettings listener, UserMap? map)
    {
        var patterns = from route in listener.Routes.Index()
                       from user in route.Item.Users
                       let decision = new UserRoute(route.Item.Backend, null, RoutedBy.Route, SourceOf(route.Index, user))
                       select (Key: UserKey.OfPattern(user), route.Item.Names, Decision: decision);
        _routes = patterns.GroupBy(static pattern => pattern.Key).ToFrozenDictionary(
            static same => same.Key,
            static same => new KeyRoutes(
                new(same.SelectMany(static pattern => pattern.Names.Select(name => KeyValuePair.Create(name, pattern.Decision)))),
                same.FirstOrDefault(static pattern => pattern.Names.Count == 0).Decision)).GetAlternateLookup<ReadOnlySpan<char>>();
        _map = map;
        _mapped =
        [
            .. (map?.Targets ?? []).Select(target => new UserRoute(target.Backend, target.Destination, RoutedBy.Map, listener.UserMap ?? ""))
        ];
    }

    /// <summary>What <see cref="UserRoute.Source"/> says of a pattern of a route.</summary>
    /// <param name="route">Number of the route in its listener, from 0.</param>
    /// <param name="pattern">The pattern.</param>
    public static string SourceOf(int route, string pattern) => $"routes[{route}].users \"{pattern}\"";

    /// <summary>The decision on a user; null if there is none, and the server name's route or the listener decides. Allocates nothing.</summary>
    /// <param name="user">The user as at login; null or too long if nobody knows who it is, and only what is for everybody applies.</param>
    /// <param name="serverName">The server name the client asked for, in lower case, or null.</param>
    public UserRoute? Find(string? user, string? serverName)
    {
        if (user is { Length: > 0 and <= UserKey.MaxLength })
        {
            Span<char> lower = stackalloc char[UserKey.MaxLength];
            ReadOnlySpan<char> key = lower[..user.AsSpan().ToLowerInvariant(lower)];
            var domain = UserKey.DomainOf(key);
            if ((FindKey(key, serverName) ?? (domain.IsEmpty ? null : FindKey(domain, serverName))) is { } found)
            {
                return found;
            }
        }

        return FindKey(UserKey.Everybody, serverName);
    }

    private UserRoute? FindKey(ReadOnlySpan<char> key, string? serverName)
    {
        _ = _routes.TryGetValue(key, out var routes);
        return routes?.Named.Find(serverName)
            ?? (_map is not null && _map.Find(key) is var target and >= 0 ? _mapped[target] : routes?.Unnamed);
    }
}
