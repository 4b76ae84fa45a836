using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration.Reading;

/// <summary>
/// What the routes of a listener read so far are for. A name may be in one route that the handshake decides on, and in others with users; the same
/// user may be in several only with different names. So there is never a second route that is meant as well.
/// </summary>
internal sealed class TakenRoutes
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<(string User, string? Name)> _users = [];

    /// <summary>The names of a route; one that is taken is noted, and left out.</summary>
    /// <param name="route">Its section, which has names.</param>
    /// <param name="needsUser">Whether it has users as well.</param>
    public IReadOnlyList<Placed<string>> DistinctNames(SettingsScope route, bool needsUser)
    {
        var taken = needsUser ? new(StringComparer.Ordinal) : _names;
        var names = new List<Placed<string>>();
        foreach (var (key, name) in route.ReadList(RouteSchema.Names))
        {
            if (taken.Add(name))
            {
                names.Add(route.PlaceAt(key, name));
            }
            else
            {
                route.FailAt(key, new(
                    needsUser ? "is already a name of this route" : "is already a name of this listener's routes",
                    "remove one of the two"));
            }
        }

        return names;
    }

    /// <summary>The users of a route; one that is taken is noted, and left out.</summary>
    /// <param name="route">Its section, which has users.</param>
    /// <param name="names">Its names; none for any.</param>
    public IReadOnlyList<Placed<string>> DistinctUsers(SettingsScope route, IReadOnlyList<Placed<string>> names)
    {
        string?[] under = route.Has(RouteSchema.Names) ? [.. names.Select(static name => name.Value)] : [null];
        var users = new List<Placed<string>>();
        foreach (var (key, user) in route.ReadList(RouteSchema.Users))
        {
            var twice = under.Where(name => !_users.Add((user, name))).ToList();
            if (twice.Count == 0)
            {
                users.Add(route.PlaceAt(key, user));
            }
            else
            {
                route.FailAt(key, new(
                    $"is already a user of this listener's routes{(twice[0] is { } name ? $" for {name}" : "")}",
                    "remove one of the two; upper and lower case are the same"));
            }
        }

        return users;
    }
}
