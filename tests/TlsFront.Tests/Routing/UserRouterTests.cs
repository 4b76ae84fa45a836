using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Routing;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Routing;

public sealed class UserRouterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tlsfront-router-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeLogger<UserRouter> _logger = new();
    private readonly SettingsStore _settings = new(TestGateway.Settings("/nowhere"));
    private readonly string _map;

    public UserRouterTests() => _map = Path.Combine(_folder, "users.map");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_listener_where_the_user_decides_nothing_has_no_routes()
    {
        Set(static listener => listener with { Routes = [new() { Names = ["a.example"], Backend = "other", Tls = new() }] });
        using var router = Router();
        Assert.Null(router.Find("imaps"));
        Assert.Null(router.Find("nowhere"));

        Set(static listener => listener with { Routes = [new() { Users = ["bob"], Backend = "other", Tls = new() }] });
        Assert.Equal("other", router.Find("imaps")!.Find("bob", null)?.Backend);
        Assert.Null(router.Find("pop3s"));
    }

    [Fact]
    public void A_map_is_read_again_when_it_changed_and_came_to_rest_and_who_has_the_routes_keeps_them()
    {
        Write("bob dovecot-imap\n");
        UseMap();
        using var router = Router();
        var before = router.Find("imaps")!;
        Assert.Equal("dovecot-imap", BackendOf(router));
        Assert.Equal([$"User map {_map} loaded: 1 entries"], Messages(LogLevel.Information));

        Write("bob other\njim other\n");
        router.Refresh();
        Assert.Equal("dovecot-imap", BackendOf(router));
        router.Refresh();
        Assert.Equal("other", BackendOf(router));
        Assert.Equal($"User map {_map} loaded: 2 entries", Messages(LogLevel.Information)[^1]);
        Assert.Equal("dovecot-imap", before.Find("bob", null)?.Backend);
    }

    [Fact]
    public void A_link_swapped_above_the_map_as_Kubernetes_does_is_followed()
    {
        foreach (var (version, backend) in new[] { ("v1", "dovecot-imap"), ("v2", "other") })
        {
            Directory.CreateDirectory(Path.Combine(_folder, version));
            File.WriteAllText(Path.Combine(_folder, version, "users.map"), $"bob {backend}\n");
        }

        var link = Path.Combine(_folder, "..data");
        File.CreateSymbolicLink(link, "v1");
        File.CreateSymbolicLink(_map, "..data/users.map");
        UseMap();
        using var router = Router();
        Assert.Equal("dovecot-imap", BackendOf(router));

        File.Delete(link);
        File.CreateSymbolicLink(link, "v2");
        Refresh(router, 2);
        Assert.Equal("other", BackendOf(router));
    }

    [Theory]
    [InlineData("bob nowhere\n", ":1: error: \"nowhere\" is not the name of a backend; the backends for this listener are dovecot-imap, echo, other")]
    [InlineData("bob other\nbob other\n", ":2: error: \"bob\" is listed twice; remove one of the two lines; upper and lower case are the same")]
    [InlineData("bob other\njim", ":2: error: \"jim\" ends without a newline: the file may be incomplete; ")]
    [InlineData(null, ": error: there is no file ")]
    public void A_broken_map_keeps_its_last_good_one_and_says_so_once(string? text, string problem)
    {
        Write("bob dovecot-imap\n");
        UseMap();
        using var router = Router();
        if (text is null)
        {
            File.Delete(_map);
        }
        else
        {
            Write(text);
        }

        Refresh(router, 5);
        Assert.Equal("dovecot-imap", BackendOf(router));
        var errors = Messages(LogLevel.Error);
        Assert.Equal(2, errors.Count);
        Assert.StartsWith(_map + problem, errors[0], StringComparison.Ordinal);
        Assert.Equal($"User map {_map} not reloaded: keeping the previous map until the file is fixed", errors[1]);
        Assert.NotNull(Assert.Single(router.Files).Problem);

        Write("bob other \n");
        Refresh(router, 2);
        Assert.Equal("other", BackendOf(router));
        Assert.Null(Assert.Single(router.Files).Problem);
    }

    [Fact]
    public void A_map_that_turns_empty_may_be_one_that_is_being_written()
    {
        Write("bob other\n");
        UseMap();
        using var router = Router();
        Write("");
        Refresh(router, 29);
        Assert.Equal("other", BackendOf(router));
        Refresh(router, 1);
        Assert.Null(BackendOf(router));
    }

    [Fact]
    public void New_settings_may_have_the_backend_that_a_map_named_too_early()
    {
        Write("bob other\n");
        UseMap();
        using var router = Router();
        Write("bob third\n");
        Refresh(router, 2);
        Assert.Equal("other", BackendOf(router));

        _settings.Replace(_settings.Current with
        {
            Backends = [.. _settings.Current.Backends, _settings.Current.Backends[^1] with { Name = "third" }]
        });
        Assert.Equal("third", BackendOf(router));
    }

    [Fact]
    public void A_broken_map_stays_in_force_over_a_reload_as_long_as_its_backends_are_there()
    {
        Write("bob other\n");
        UseMap();
        using var router = Router();
        Write("nonsense\n");
        Refresh(router, 2);
        _settings.Replace(_settings.Current with
        {
            Backends = [.. _settings.Current.Backends, _settings.Current.Backends[^1] with { Name = "third" }]
        });
        Assert.Equal("other", BackendOf(router));

        var problem = Assert.Single(_settings.Prepare(_settings.Current with
        {
            Backends = [.. _settings.Current.Backends.Where(static backend => backend.Name != "other")]
        }).Problems);
        Assert.Equal("user maps", problem.Part);
        Assert.StartsWith($"{_map}:1: error: \"nonsense\" has no backend", problem.Problem, StringComparison.Ordinal);
        Assert.Equal("other", BackendOf(router));
    }

    [Fact]
    public void A_reload_that_is_given_up_changes_nothing_and_a_map_that_stays_is_not_read_again()
    {
        Write("bob other\n");
        UseMap();
        using var router = Router();
        var routes = router.Find("imaps");
        Assert.Empty(_settings.Prepare(With(static listener => listener with { UserMap = null })).Problems);
        Assert.Same(routes, router.Find("imaps"));
        _settings.Replace(_settings.Current with { HostName = "mx.example.com" });
        Assert.Equal("other", BackendOf(router));
        Assert.Single(Messages(LogLevel.Information));
    }

    [Fact]
    public void A_look_while_a_reload_is_being_prepared_goes_by_the_previous_settings()
    {
        Write("bob other\n");
        UseMap();
        using var router = Router();
        var second = Path.Combine(_folder, "second.map");
        File.WriteAllText(second, "bob dovecot-imap\n");
        var prepared = _settings.Prepare(With(listener => listener with { UserMap = second }));
        Write("jim other\n");
        Refresh(router, 2);
        Assert.Null(BackendOf(router));
        Assert.Empty(prepared.Commit());
        Assert.Equal("dovecot-imap", BackendOf(router));
        Assert.Equal([second], router.Files.Select(static file => file.Path));
    }

    [Fact]
    public void Who_reads_the_settings_and_who_goes_by_them_share_one_map()
    {
        Write("bob other\n");
        UseMap();
        var loader = new SettingsLoader("/nowhere", [], []);
        using var router = new UserRouter(_settings, _time, _logger, loader);
        Assert.Equal(["other"], loader.UserMaps.BackendsOf(_map)!);
        Set(static listener => listener with { UserMap = null });
        Assert.Null(loader.UserMaps.BackendsOf(_map));
    }

    [Fact]
    public void It_tells_what_is_in_force_since_when_and_whether_the_file_still_is_good()
    {
        var start = _time.GetUtcNow();
        Write("bob other\njim other\n");
        UseMap();
        using var router = Router();
        Assert.Equal([("imaps", _map, 2, start, true)], router.Maps);

        _time.Advance(TimeSpan.FromMinutes(1));
        Write("bob\n");
        Refresh(router, 2);
        Assert.Equal([("imaps", _map, 2, start, false)], router.Maps);

        // What the map may name changes, and it is read anew.
        Set(static listener => listener with { Backend = "other" });
        Assert.Equal([("imaps", _map, 2, start, false)], router.Maps);

        Write("bob other\n");
        Refresh(router, 2);
        Assert.Equal([("imaps", _map, 1, start + TimeSpan.FromMinutes(1), true)], router.Maps);
        Set(static listener => listener with { UserMap = null });
        Assert.Empty(router.Maps);
    }

    [Fact]
    public void A_map_that_was_never_read_is_a_problem_of_the_start()
    {
        UseMap();
        using var router = Router();
        Assert.StartsWith($"{_map}: error: there is no file {_map}", Assert.Single(router.Problems), StringComparison.Ordinal);
        Assert.Null(BackendOf(router));
    }

    private static string? BackendOf(UserRouter router) => router.Find("imaps")!.Find("bob", null)?.Backend;

    private static void Refresh(UserRouter router, int times)
    {
        for (var i = 0; i < times; i++)
        {
            router.Refresh();
        }
    }

    private UserRouter Router() => new(_settings, _time, _logger);

    private List<string> Messages(LogLevel level) =>
        [.. _logger.Collector.GetSnapshot().Where(record => record.Level == level).Select(static record => record.Message)];

    private void Write(string text) => File.WriteAllText(_map, text);

    /// <summary>A map for imaps, and another backend that it may name.</summary>
    private void UseMap()
    {
        Set(listener => listener with { UserMap = _map });
        _settings.Replace(_settings.Current with
        {
            Backends = [.. _settings.Current.Backends, _settings.Current.Backends[0] with { Name = "other", Kind = BackendKind.Dovecot }],
        });
    }

    private void Set(Func<ListenerSettings, ListenerSettings> change) => _settings.Replace(With(change));

    private GatewaySettings With(Func<ListenerSettings, ListenerSettings> change) => _settings.Current with
    {
        Listeners = [.. _settings.Current.Listeners.Select(listener => listener.Name == "imaps" ? change(listener) : listener)],
    };
}
