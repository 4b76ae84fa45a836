using TlsFront.Configuration;
using TlsFront.Configuration.Reading;
using TlsFront.Configuration.Schema;
using TlsFront.Configuration.Users;
using TlsFront.Routing;

namespace TlsFront.Cli;

/// <summary>What the running gateway would decide by the files as they are now, and where in them it stands.</summary>
/// <param name="settings">The settings.</param>
/// <param name="listeners">Their listeners with the places of what they say.</param>
/// <param name="maps">The user maps, which were read with the settings.</param>
internal sealed class RouteDecisions(GatewaySettings settings, IReadOnlyList<ListenerDraft> listeners, UserMapCache maps)
{
    private readonly Dictionary<string, UserRoutes> _routes = [];

    /// <summary>The decision on a user; null if there is no such listener.</summary>
    /// <param name="listener">The listener's name.</param>
    /// <param name="user">The user.</param>
    /// <param name="serverName">The server name that the client asks for, in lower case, or null.</param>
    public RouteDecision? Find(string listener, string user, string? serverName)
    {
        if (listeners.FirstOrDefault(draft => draft.Settings.Name == listener) is not { } draft)
        {
            return null;
        }

        if (RoutesOf(draft.Settings).Find(user, serverName) is { } route)
        {
            return new(
                route.Backend, route.Destination,
                () => PatternOf(draft, route.Source) is { } pattern ? Words(pattern) : WordsOfMap(draft.Settings.UserMap!, user));
        }

        if (draft.Settings.Lookup?.Url is { } service)
        {
            var lookup = draft.Scope.Section(LookupSchema.Section);
            return new(RouteDecision.Asked, null, () => Words(lookup.Place(LookupSchema.Url, service.OriginalString)));
        }

        var names = new ServerNameTable<RouteDraft>(
            from named in draft.Routes
            where !named.Settings.NeedsUser
            from name in named.Settings.Names
            select KeyValuePair.Create(name, named));
        if (names.Find(serverName) is not { } byName)
        {
            return new(draft.Settings.Backend, null, () => Words(draft.Scope.Place(ListenerSchema.Backend, draft.Settings.Backend)));
        }

        // The name itself stands before a wildcard.
        return new(
            byName.Settings.Backend, null,
            () => Words(byName.Names.FirstOrDefault(name => name.Value == serverName) ?? byName.Names.First(static name => name.Value[0] == '*')));
    }

    /// <summary>The group of a backend, and which others are in it; null if it is in none, or only a lookup tells it.</summary>
    public string? GroupOf(string backend)
    {
        var group = settings.Backends.FirstOrDefault(known => known.Name == backend)?.Group;
        var others = settings.Backends.Where(other => other.Group == group && other.Name != backend).Select(static other => other.Name).ToList();
        return group is null || others.Count == 0 ? group : $"{group}, with {string.Join(", ", others)}";
    }

    /// <summary>Why there is no decision.</summary>
    public string UnknownListener(string name) => UnknownListener(name, settings.Listeners);

    /// <summary>That there is no listener <paramref name="name"/>, and which there are.</summary>
    public static string UnknownListener(string name, IEnumerable<ListenerSettings> listeners)
    {
        var names = listeners.Select(static listener => listener.Name).ToList();
        return $"there is no listener \"{name}\"; {Nearest.DidYouMean(name, names)}the listeners are {string.Join(", ", names)}";
    }

    private UserRoutes RoutesOf(ListenerSettings listener)
    {
        if (!_routes.TryGetValue(listener.Name, out var routes))
        {
            var map = listener.UserMap is { } path
                ? maps.Read(path, UserMapTargets.Of(listener.Protocol, settings.Listeners, settings.Backends)).Map : null;
            _routes.Add(listener.Name, routes = new(listener, map));
        }

        return routes;
    }

    private static Placed<string>? PatternOf(ListenerDraft listener, string source) => (
        from route in listener.Routes.Index()
        from user in route.Item.Users
        where UserRoutes.SourceOf(route.Index, user.Value) == source
        select user).FirstOrDefault();

    private static string Words(Placed<string> place) => $"{place.Origin} {place.Setting} \"{place.Value}\"";

    /// <summary>The most specific key that is in the map is the one that it decided by.</summary>
    private static string WordsOfMap(string path, string user)
    {
        var name = user.ToLowerInvariant();
        foreach (var key in (string[])[name, UserKey.DomainOf(name).ToString(), UserKey.Everybody])
        {
            if (key.Length > 0 && UserMapFile.LineOf(path, key) is { } line)
            {
                return $"{new Origin(path, line)} \"{key}\"";
            }
        }

        return path;
    }
}
