using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Configuration.Schema;
using TlsFront.Configuration.Users;

namespace TlsFront.Tests.Configuration;

/// <summary><c>listeners[].userMap</c>. Its file is a setting as well, in whose lines problems are told.</summary>
public sealed class UserMapSettingsTests : IDisposable
{
    private const string Yaml = """
        hostname: mail.example.com
        certificates: [ { path: certificate.pem } ]
        listeners:
          - { name: imaps, address: "*:993", protocol: imap, backend: imap-a, userMap: imap.map }
          - { name: pop3s, address: "*:995", protocol: pop3, backend: pop-a, userMap: pop.map }
          - { name: submissions, address: "*:465", protocol: smtp, backend: sender }
        backends:
          - { name: imap-a, kind: dovecot, destinations: ["10.0.0.5:143"] }
          - { name: imap-b, kind: dovecot, destinations: ["10.0.0.6:143"] }
          - { name: pop-a, kind: dovecot, destinations: ["10.0.0.5:110"] }
          - { name: pop-b, kind: dovecot, destinations: ["10.0.0.6:110"] }
          - { name: sender, kind: postfix, destinations: ["10.0.0.5:25"] }
        """;

    private readonly SettingsFolder _folder = new(Yaml);

    public UserMapSettingsTests()
    {
        Write("imap.map", "bob imap-b\n");
        Write("pop.map", "bob pop-b:10.0.0.6:110\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_backends_that_a_map_names_are_the_listeners()
    {
        var (settings, problems) = _folder.Load();
        Assert.Empty(problems);
        Assert.Equal([_folder.At("imap.map"), _folder.At("pop.map"), null], settings!.Listeners.Select(static listener => listener.UserMap));
        Assert.Equal(["imap-a", "imap-b"], settings.Listeners[0].AllBackends);
        Assert.Equal(["pop-a", "pop-b"], settings.Listeners[1].AllBackends);
        Assert.Equal([true, true, false], settings.Listeners.Select(static listener => listener.NeedsUser));
    }

    [Fact]
    public void A_backend_that_no_map_names_is_used_by_nobody()
    {
        Write("imap.map", "bob imap-a\n");
        Assert.Equal(["9 warning backends.1.name"], Problems());
    }

    [Theory]
    [InlineData(
        "bob imap-c\n", "imap.map:1",
        "\"imap-c\" is not the name of a backend; did you mean imap-a? "
            + "the backends for this listener are imap-a, imap-b, pop-b")]
    [InlineData(
        "# moved\n\nbob sender\n", "imap.map:3",
        "\"sender\" is a postfix, which does not speak imap; name another backend, or correct its kind or the protocol")]
    [InlineData(
        "bob pop-a\n", "imap.map:1",
        "\"pop-a\" serves another listener's pop3; the same port cannot speak imap too; add a backend with the other port")]
    [InlineData("bob\n", "imap.map:1", "\"bob\" has no backend; add it after the user, separated by spaces")]
    public void Every_mistake_is_told_in_its_line(string map, string place, string words)
    {
        Write("imap.map", map);
        var problem = _folder.Load().Problems.Single(static problem => problem.Severity == Severity.Error);
        Assert.Equal($"{_folder.At(place)}: error: listeners.0.userMap {words}", problem.ToString());
    }

    [Fact]
    public void A_backend_that_two_maps_name_speaks_the_protocol_of_the_first()
    {
        Write("imap.map", "bob pop-b\n");
        var problem = _folder.Load().Problems.Single(static problem => problem.Severity == Severity.Error);
        Assert.Equal(
            (_folder.At("pop.map"), 1, "serves another listener's imap; the same port cannot speak pop3 too"),
            (problem.Origin.Source, problem.Origin.Line, problem.Message));
    }

    [Fact]
    public void A_missing_map_is_told_and_no_other_problem_comes_back_in_every_line()
    {
        File.Delete(_folder.At("imap.map"));
        Assert.Contains("4 error listeners.0.userMap", Problems());

        _folder.Write(Yaml.Replace("name: imap-b", "nome: imap-b", StringComparison.Ordinal));
        Assert.Equal(["9 error backends.1.name", "9 error backends.1.nome"], Errors());
    }

    [Fact]
    public void There_is_none_where_nothing_is_understood()
    {
        _folder.Write(Yaml.Replace("protocol: smtp,", "protocol: tcp, userMap: imap.map,", StringComparison.Ordinal));
        var problem = _folder.Load().Problems.Single(static problem => problem.Severity == Severity.Error);
        Assert.Equal(("listeners.2.userMap", "does not apply to protocol tcp, which is relayed unread"), (problem.Setting, problem.Message));
    }

    [Fact]
    public void What_is_unwise_about_a_backend_is_told_of_one_in_a_map()
    {
        Write("users.map", "bob haraka\njim sender\n@a.example blind\n");
        _folder.Write(Yaml.Replace("backend: sender }", "backend: sender, userMap: users.map }", StringComparison.Ordinal) + """

              - { name: haraka, kind: haraka, destinations: ["10.0.0.7:25"] }
              - { name: blind, destinations: ["10.0.0.8:25"] }
            """);
        var problem = Assert.Single(_folder.Load().Problems);
        Assert.StartsWith("names backend haraka, a haraka, which offers AUTH only where it did TLS ", problem.Message, StringComparison.Ordinal);
        Assert.Equal("listeners.2.userMap", problem.Setting);

        _folder.Write(File.ReadAllText(_folder.Path).Replace("users.map }", "users.map, authentication: optional }", StringComparison.Ordinal));
        Assert.Contains(
            _folder.Load().Problems, static other => other.Message.StartsWith("MAY MAKE AN OPEN RELAY: backend blind ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_map_that_names_another_backend_has_the_settings_read_again()
    {
        var loader = _folder.Loader();
        var store = new SettingsStore(loader.Load().Settings!);
        var time = new FakeTimeProvider();
        using var watcher = new SettingsFileWatcher([], time, NullLogger<SettingsFileWatcher>.Instance);
        using var reloader = new SettingsReloader(store, loader, watcher, [], time, NullLogger<SettingsReloader>.Instance);
        Poll(reloader);
        Assert.Null(reloader.Last);

        // As who goes by the map reads it; what it names is known by then, and nobody else reads it again.
        Write("imap.map", "bob imap-b\njim imap-a\n");
        Read(loader);
        Poll(reloader);
        Assert.Equal(["listeners.imaps.userMap (backends)"], reloader.Last!.Changes);
        Assert.Equal(["imap-a", "imap-b"], store.Current.Listeners[0].MappedBackends);

        var last = reloader.Last;
        Write("imap.map", "bob imap-a\njim imap-b\n# and nobody else\n");
        Read(loader);
        Poll(reloader);
        Assert.Same(last, reloader.Last);

        void Read(SettingsLoader from) =>
            Assert.NotNull(from.UserMaps.Read(_folder.At("imap.map"), UserMapTargets.Of(
                store.Current.Listeners[0].Protocol, store.Current.Listeners, store.Current.Backends)).Map);
    }

    [Fact]
    public void A_map_is_read_again_only_if_it_or_what_it_may_name_changed()
    {
        var loader = _folder.Loader();
        var targets = Targets(loader.Load().Settings!);
        var first = loader.UserMaps.Read(_folder.At("imap.map"), targets);
        Assert.Same(first, loader.UserMaps.Read(_folder.At("imap.map"), targets));
        _ = loader.Load();
        Assert.Same(first, loader.UserMaps.Read(_folder.At("imap.map"), targets));

        _folder.Write(Yaml.Replace("10.0.0.6:143", "10.0.0.7:143", StringComparison.Ordinal));
        var moved = Targets(loader.Load().Settings!);
        Assert.NotEqual(targets, moved);
        Assert.Same(first, loader.UserMaps.Read(_folder.At("imap.map"), moved));

        Write("imap.map", "bob imap-b:10.0.0.6:143\n");
        Assert.Single(loader.UserMaps.Read(_folder.At("imap.map"), moved).Problems);
        Assert.Same(loader.UserMaps.Read(_folder.At("imap.map"), moved), loader.UserMaps.Read(_folder.At("imap.map"), moved));
        Assert.Empty(loader.UserMaps.Read(_folder.At("imap.map"), targets).Problems);
    }

    [Fact]
    public void A_running_listener_that_stays_keeps_the_backends_of_its_map()
    {
        var running = _folder.Load().Settings!;
        _folder.Write(SettingsFolder.Good);
        var kept = ColdSettings.Keep(running, _folder.Load().Settings! with { Listeners = [] });
        Assert.Contains(kept.Backends, static backend => backend.Name == "imap-b");
    }

    [Fact]
    public void Settings_are_the_same_as_long_as_the_map_names_the_same_backends()
    {
        var one = _folder.Load().Settings!;
        Write("imap.map", "jim imap-b\n* imap-b\n");
        Assert.Empty(SettingsSchema.Root.Differences(one, _folder.Load().Settings!));
        Write("imap.map", "");
        Assert.Equal(["listeners.imaps.userMap (backends)"], SettingsSchema.Root.Differences(one, _folder.Load().Settings!));
    }

    private static UserMapTargets Targets(GatewaySettings settings) =>
        UserMapTargets.Of(settings.Listeners[0].Protocol, settings.Listeners, settings.Backends);

    private static void Poll(SettingsReloader reloader)
    {
        for (var i = 0; i < 5; i++)
        {
            reloader.Poll();
        }
    }

    private string[] Problems() => [.. _folder.Load().Problems.Select(SettingsFolder.Describe)];

    private string[] Errors() =>
        [.. _folder.Load().Problems.Where(static problem => problem.Severity == Severity.Error).Select(SettingsFolder.Describe).Order()];

    private void Write(string name, string text) => File.WriteAllText(_folder.At(name), text);
}
