using TlsFront.Configuration;
using TlsFront.Configuration.Users;
using TlsFront.Connections;
using TlsFront.Routing;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Routing;

/// <summary>Which of several entries decides.</summary>
public sealed class UserRoutesTests
{
    private const string Map = "/etc/tlsfront/users.map";

    [Theory]
    [InlineData("bob@example.org", null, "map-bob")]
    [InlineData("BOB@Example.ORG", null, "map-bob")]
    [InlineData("bob@example.org", "imap.example.org", "bob-at-imap")]
    [InlineData("bob@example.org", "other.example.org", "bob-at-any")]
    [InlineData("bob@example.org", "other.example.net", "map-bob")]
    [InlineData("jim@example.org", null, "jim")]
    [InlineData("ann@example.org", null, "map-domain")]
    [InlineData("ann@example.org", "imap.example.org", "domain-at-imap")]
    [InlineData("ann@x@example.org", null, "map-domain")]
    [InlineData("ann@example.net", null, "net")]
    [InlineData("ann@sub.example.net", null, "map-all")]
    [InlineData("bob", null, "plain-bob")]
    [InlineData("ann", null, "map-all")]
    [InlineData("ann", "imap.example.org", "all-at-imap")]
    [InlineData("*", null, "map-all")]
    [InlineData("@example.org", null, "map-domain")]
    [InlineData("*@example.org", null, "map-domain")]
    [InlineData("@", null, "map-all")]
    [InlineData("", null, "map-all")]
    [InlineData(null, null, "map-all")]
    [InlineData(null, "imap.example.org", "all-at-imap")]
    public void The_user_goes_before_the_domain_and_a_name_before_the_map(string? user, string? serverName, string expected)
    {
        RouteSettings[] routes =
        [
            Route("all", ["*"]),
            Route("domain", ["*@example.org"]),
            Route("net", ["*@example.net"]),
            Route("all-at-imap", ["*"], "imap.example.org"),
            Route("domain-at-imap", ["*@example.org"], "imap.example.org"),
            Route("bob", ["bob@example.org"]),
            Route("bob-at-any", ["bob@example.org"], "*.example.org"),
            Route("bob-at-imap", ["bob@example.org"], "imap.example.org"),
            Route("jim", ["jim@example.org"]),
            Route("plain-bob", ["bob"]),
            Route("by-name-alone", [], "imap.example.org"),
        ];
        var map = MapOf(("bob@example.org", "map-bob"), ("@example.org", "map-domain"), ("*", "map-all"));
        Assert.Equal(expected, Routes(map, routes).Find(user, serverName)?.Backend);
        Assert.Equal(expected, Routes(map, [.. routes.Reverse()]).Find(user, serverName)?.Backend);
    }

    [Fact]
    public void Whom_nothing_is_for_the_caller_decides_on()
    {
        var routes = Routes(
            MapOf(("jim", "a")), Route("b", ["*@example.org"], "imap.example.org"), Route("c", [], "imap.example.org"), Route("d", ["ann"]));
        Assert.Null(routes.Find("bob", "imap.example.org"));
        Assert.Null(routes.Find("bob@example.org", "pop.example.org"));
        Assert.Null(routes.Find(null, null));
        Assert.Null(Routes(null).Find("bob", null));
    }

    [Fact]
    public void A_name_beyond_measure_is_nobodys_and_everybody_is_somebody()
    {
        var user = new string('a', UserKey.MaxLength - 12) + "@example.org";
        var routes = Routes(null, Route("a", ["*@example.org"]), Route("b", ["*"]));
        Assert.Equal(["a", "b"], new[] { user, "a" + user }.Select(name => routes.Find(name, null)!.Backend));
    }

    [Fact]
    public void A_decision_says_what_it_is_by()
    {
        var routes = Routes(MapOf(("bob", "b:10.0.0.5:143")), Route("a", []), Route("a", ["jim", "*@example.org"]));
        Assert.Equal(new UserRoute("b", "10.0.0.5:143", RoutedBy.Map, Map), routes.Find("bob", null));
        Assert.Equal(new UserRoute("a", null, RoutedBy.Route, "routes[1].users \"*@example.org\""), routes.Find("Ann@Example.org", null));
    }

    [Fact]
    public void Deciding_allocates_nothing()
    {
        var routes = Routes(MapOf(("bob@example.org", "a"), ("*", "c")), Route("b", ["*@example.net"]), Route("d", ["jim"], "*.example.org"));
        string[] users = ["Bob@Example.org", "ann@example.net", "jörg", "jim", "nobody@example.com"];
        _ = users.Select(user => routes.Find(user, "imap.example.org")).ToList();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var user in users)
        {
            _ = routes.Find(user, null);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static UserRoutes Routes(UserMap? map, params RouteSettings[] routes) =>
        new(TestGateway.Settings("/nowhere").Listeners[1] with { Routes = routes, UserMap = map is null ? null : Map }, map);

    private static RouteSettings Route(string backend, string[] users, params string[] names) =>
        new() { Names = names, Users = users, Backend = backend, Tls = new TlsSettings() };

    private static UserMap MapOf(params (string Key, string Target)[] entries)
    {
        var builder = new UserMapBuilder();
        foreach (var (key, target) in entries)
        {
            var parts = target.Split(':', 2);
            Assert.True(builder.Add(key, new(parts[0], parts.ElementAtOrDefault(1))));
        }

        return builder.Build();
    }
}
