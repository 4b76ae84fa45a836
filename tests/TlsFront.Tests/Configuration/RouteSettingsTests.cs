using TlsFront.Configuration;
using TlsFront.Configuration.Schema;
using TlsFront.Connections;

namespace TlsFront.Tests.Configuration;

/// <summary><c>listeners[].routes</c>. The listener with routes begins in line 4, its first route is in line 10.</summary>
public sealed class RouteSettingsTests
{
    private const string UsesOther = "\n  - { name: others, address: \"*:1993\", protocol: imap, backend: other }";

    [Fact]
    public void Names_are_lower_case_and_what_is_not_written_is_the_listeners()
    {
        using var folder = new SettingsFolder(Yaml("""
            - names: [Mail.Example.ORG, "*.Tenant.example"]
              backend: other
            - { names: [strict.example], tls: { minimumVersion: "1.3" } }
            - { names: [own.example], certificates: [ { path: certificate.pem } ] }
            """, "tls: { minimumVersion: \"1.2\", unknownName: reject }"));
        var (settings, problems) = folder.Load();
        Assert.Empty(problems);
        var listener = settings!.Listeners[0];
        Assert.Equal(["mail.example.org", "*.tenant.example"], listener.Routes[0].Names);
        Assert.Equal(["other", "mail", "mail"], listener.Routes.Select(route => route.Backend));
        Assert.Equal(["mail", "other"], listener.AllBackends);
        Assert.Equal([TlsVersion.Tls12, TlsVersion.Tls13, TlsVersion.Tls12], listener.Routes.Select(route => route.Tls.MinimumVersion));
        Assert.All(listener.Routes, route => Assert.Equal(UnknownName.Reject, route.Tls.UnknownName));
        Assert.Equal([new CertificateSettings(folder.At("certificate.pem"), null)], listener.Routes[2].Certificates);
        Assert.Equal([new CertificateSettings(folder.At("certificate.pem"), null)], settings.OwnCertificates);
    }

    [Fact]
    public void A_route_inherits_what_its_listener_says_and_not_what_that_amounts_to()
    {
        using var folder = new SettingsFolder(Yaml("- { names: [old.example], tls: { profile: intermediate } }", "tls: { profile: modern }"));
        var listener = folder.Load().Settings!.Listeners[0];
        Assert.Equal((TlsVersion.Tls13, TlsVersion.Tls12), (listener.Tls.MinimumVersion, listener.Routes[0].Tls.MinimumVersion));
    }

    [Theory]
    [InlineData("names: [mail.*.example]", "10 error listeners.0.routes.0.names.0")]
    [InlineData("names: [\"m*.example\"]", "10 error listeners.0.routes.0.names.0")]
    [InlineData("names: [\"*example.org\"]", "10 error listeners.0.routes.0.names.0")]
    [InlineData("names: [\"*.*.example\"]", "10 error listeners.0.routes.0.names.0")]
    [InlineData("names: [\"*\"]", "10 error listeners.0.routes.0.names.0")]
    [InlineData("names: [\"*.\"]", "10 error listeners.0.routes.0.names.0")]
    [InlineData("names: [192.0.2.1]", "10 error listeners.0.routes.0.names.0")]
    [InlineData("names: [\"2001:db8::1\"]", "10 error listeners.0.routes.0.names.0")]
    [InlineData("names: [bücher.example]", "10 error listeners.0.routes.0.names.0")]
    [InlineData("names: [mail.example.org.]", "10 error listeners.0.routes.0.names.0")]
    [InlineData("names: [\"*.internal\", localhost, xn--bcher-kva.example]")]
    [InlineData("names: [a.example, b.example, A.example]", "10 error listeners.0.routes.0.names.2")]
    [InlineData("names: []", "10 error listeners.0.routes.0.names")]
    [InlineData("names: a.example", "10 error listeners.0.routes.0.names")]
    [InlineData("tls: { profile: modern }", "10 error listeners.0.routes.0.names")]
    [InlineData("names: [a.example], backend: othr", "10 error listeners.0.routes.0.backend", "15 warning backends.1.name")]
    [InlineData("names: [a.example], backend: pop", "10 error listeners.0.routes.0.backend", "15 warning backends.1.name")]
    [InlineData("names: [a.example], backend: sender", "10 error listeners.0.routes.0.backend", "15 warning backends.1.name")]
    [InlineData("names: [a.example], tls: { unknownName: reject }", "10 error listeners.0.routes.0.tls.unknownName")]
    [InlineData("names: [a.example], tls: { minimumVersion: \"3.0\" }", "10 error listeners.0.routes.0.tls.minimumVersion")]
    [InlineData("names: [a.example], tls: { profile: modern, minimumVersion: \"1.2\" }", "10 warning listeners.0.routes.0.tls.minimumVersion")]
    [InlineData("names: [a.example], certificates: [ { path: missing.pem } ]", "10 error listeners.0.routes.0.certificates.0.path")]
    [InlineData("names: [a.example], certificates: []", "10 error listeners.0.routes.0.certificates")]
    [InlineData("names: [a.example], certificates: [ { key: certificate.pem } ]", "10 error listeners.0.routes.0.certificates.0.path")]
    [InlineData("names: [a.example], protocol: imap", "10 error listeners.0.routes.0.protocol")]
    public void Every_mistake_is_told_with_its_line(string route, params string[] expected) =>
        Assert.Equal(
            expected,
            SettingsFolder.Problems(Yaml($"- {{ {(route.Contains("backend", StringComparison.Ordinal) ? route : $"{route}, backend: other")} }}")));

    [Fact]
    public void A_name_is_in_one_route_of_a_listener_and_its_second_line_is_named()
    {
        var problem = SettingsFolder.Only(Yaml("""
            - { names: [a.example, "*.b.example"], backend: other }
            - names:
                - c.example
                - "*.B.example"
              backend: other
            """));
        Assert.Equal(("listeners.0.routes.1.names.1", 13, "*.B.example"), (problem.Setting, problem.Origin.Line, problem.Value));
    }

    [Fact]
    public void Two_listeners_may_route_the_same_name() =>
        Assert.Empty(SettingsFolder.Problems(Yaml("- { names: [a.example], backend: other }")
            .Replace(
                "protocol: pop3, ", "protocol: pop3, routes: [ { names: [a.example], tls: { profile: modern } } ], ", StringComparison.Ordinal)));

    [Fact]
    public void A_route_that_changes_nothing_is_warned_of() =>
        Assert.Equal(["10 warning listeners.0.routes.0.names"], SettingsFolder.Problems(Yaml("- { names: [a.example] }", more: UsesOther)));

    [Fact]
    public void An_empty_list_of_routes_is_told_and_none_is_none()
    {
        Assert.Equal(["9 error listeners.0.routes"], SettingsFolder.Problems(Yaml("[]", more: UsesOther)));
        Assert.Empty(SettingsFolder.Problems(SettingsFolder.Good));
    }

    [Fact]
    public void A_backend_only_routes_name_is_used_and_a_wrong_one_gets_the_nearest()
    {
        Assert.Empty(SettingsFolder.Problems(Yaml("- { names: [a.example], backend: other }")));
        using var folder = new SettingsFolder(Yaml("- { names: [a.example], backend: othr }"));
        Assert.Contains(
            folder.Load().Problems,
            problem =>
                problem is { Value: "othr", Setting: "listeners.0.routes.0.backend" }
                    && problem.Remedy.Contains("did you mean other?", StringComparison.Ordinal));
    }

    [Fact]
    public void An_open_relay_by_route_is_warned_of_in_the_routes_line()
    {
        var problem = SettingsFolder.Only("""
            hostname: mail.example.com
            certificates: [ { path: certificate.pem } ]
            listeners:
              - name: submissions
                address: "*:465"
                protocol: smtp
                backend: safe
                authentication: optional
                routes:
                  - { names: [a.example], backend: blind }
            backends:
              - { name: safe, kind: postfix, destinations: ["10.0.0.5:25"] }
              - { name: blind, destinations: ["10.0.0.6:25"] }
            """);
        Assert.Equal((Severity.Warning, 10, "listeners.0.routes.0.backend"), (problem.Severity, problem.Origin.Line, problem.Setting));
        Assert.Contains("OPEN RELAY", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_routes_destination_must_not_be_a_listener_of_the_gateway() =>
        Assert.Equal(["15 error backends.1.destinations.0"], SettingsFolder.Problems(
            Yaml("- { names: [a.example], backend: other }").Replace(
                "10.0.0.6:143", "127.0.0.1:993", StringComparison.Ordinal)).Where(problem => problem.Contains("error", StringComparison.Ordinal)));

    [Fact]
    public void Environment_and_arguments_number_routes_and_names()
    {
        using var folder = new SettingsFolder(Yaml("- { names: [a.example], backend: other }"));
        var settings = folder.Loader(
            [SettingOverride.FromArgument("listeners.0.routes.0.names.0=b.example")!],
            [SettingOverride.FromArgument("listeners.0.routes.0.tls.minimumVersion=1.3")!]).Load().Settings!;
        Assert.Equal(["b.example"], settings.Listeners[0].Routes[0].Names);
        Assert.Equal(TlsVersion.Tls13, settings.Listeners[0].Routes[0].Tls.MinimumVersion);
    }

    [Theory]
    [InlineData("names: [a.example], backend: other", "listeners.imaps.routes.a.example.names")]
    [InlineData("names: [a.example, b.example], backend: mail", "listeners.imaps.routes.a.example.backend")]
    [InlineData(
        "names: [a.example, b.example], backend: other, tls: { minimumVersion: \"1.3\" }", "listeners.imaps.routes.a.example.tls.minimumVersion")]
    [InlineData(
        "names: [a.example, b.example], backend: other, users: [bob]",
        "listeners.imaps.routes.a.example (removed)", "listeners.imaps.routes.a.example,users=bob (added)")]
    [InlineData(
        "users: [\"*@example.org\", bob], backend: other",
        "listeners.imaps.routes.a.example (removed)", "listeners.imaps.routes.users=*@example.org (added)")]
    [InlineData(
        "names: [a.example, b.example], backend: other, tls: { profile: modern }", "listeners.imaps.routes.a.example.tls.minimumVersion",
        "listeners.imaps.routes.a.example.tls.profile")]
    [InlineData(
        "names: [a.example, b.example], backend: other, certificates: [ { path: certificate.pem } ]",
        "listeners.imaps.routes.a.example.certificates")]
    [InlineData("names: [c.example], backend: other", "listeners.imaps.routes.a.example (removed)", "listeners.imaps.routes.c.example (added)")]
    [InlineData("names: [a.example, b.example], backend: other")]
    public void A_reload_names_what_differs_in_a_route(string route, params string[] expected)
    {
        using var old = new SettingsFolder(Yaml("- { names: [a.example, b.example], backend: other }"));
        using var now = new SettingsFolder(Yaml($"- {{ {route} }}"));
        Assert.Equal(
            expected,
            SettingsSchema.Root.Differences(
                old.Load().Settings!, now.Load().Settings! with { Certificates = old.Load().Settings!.Certificates }).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Certificates_may_be_a_listeners_own_and_a_reload_names_them()
    {
        const string Route = "- { names: [a.example], backend: other }";
        using var old = new SettingsFolder(Yaml(Route));
        using var now = new SettingsFolder(Yaml(Route, "certificates: [ { path: certificate.pem } ]"));
        var (settings, problems) = now.Load();
        Assert.Empty(problems);
        Assert.Equal([new CertificateSettings(now.At("certificate.pem"), null)], settings!.Listeners[0].Certificates);
        Assert.Equal(settings.Listeners[0].Certificates, settings.OwnCertificates);
        var before = old.Load().Settings!;
        Assert.Equal(["listeners.imaps.certificates"], SettingsSchema.Root.Differences(before, settings with { Certificates = before.Certificates }));
        Assert.Equal(
            ["8 error listeners.0.certificates.0.path"], SettingsFolder.Problems(Yaml(Route, "certificates: [ { path: none.pem } ]")));
    }

    [Fact]
    public void A_running_listener_that_stays_keeps_the_backends_of_its_routes()
    {
        using var old = new SettingsFolder(Yaml("- { names: [a.example], backend: other }"));
        using var now = new SettingsFolder(SettingsFolder.Good);
        var kept = ColdSettings.Keep(old.Load().Settings!, now.Load().Settings! with { Listeners = [] });
        Assert.Contains(kept.Backends, backend => backend.Name == "other");
        Assert.Equal(["a.example"], kept.Listeners[0].Routes[0].Names);
    }

    [Fact]
    public void Users_are_lower_case_and_their_routes_are_none_that_a_handshake_decides_on()
    {
        using var folder = new SettingsFolder(Yaml("""
            - { users: [Bob@Example.org, "*@Example.NET", 12345, "*"], backend: other }
            - { users: [jim], names: [A.example], backend: other }
            - { names: [a.example], backend: other, tls: { minimumVersion: "1.3" } }
            """));
        var (settings, problems) = folder.Load();
        Assert.Empty(problems);
        var listener = settings!.Listeners[0];
        Assert.True(listener.NeedsUser);
        Assert.Equal(["bob@example.org", "*@example.net", "12345", "*"], listener.Routes[0].Users);
        Assert.Equal(["a.example", "jim"], listener.Routes[1].Names.Concat(listener.Routes[1].Users));
        Assert.Same(listener.Routes[2], Assert.Single(listener.NameRoutes));
        Assert.Equal(["mail", "other"], listener.AllBackends);
        Assert.False(settings.Listeners[1].NeedsUser);
    }

    [Theory]
    [InlineData("users: []", "10 error listeners.0.routes.0.users")]
    [InlineData("users: bob", "10 error listeners.0.routes.0.users")]
    [InlineData("users: [\"@example.org\"]", "10 error listeners.0.routes.0.users.0")]
    [InlineData("users: [\"*example.org\"]", "10 error listeners.0.routes.0.users.0")]
    [InlineData("users: [\"b*@example.org\"]", "10 error listeners.0.routes.0.users.0")]
    [InlineData("users: [\"*@*.example.org\"]", "10 error listeners.0.routes.0.users.0")]
    [InlineData("users: [\"*@\"]", "10 error listeners.0.routes.0.users.0")]
    [InlineData("users: [\"bob@\"]", "10 error listeners.0.routes.0.users.0")]
    [InlineData("users: [\"*@a@b\"]", "10 error listeners.0.routes.0.users.0")]
    [InlineData("users: [\"b ob\"]", "10 error listeners.0.routes.0.users.0")]
    [InlineData("users: [\"b\\tob\"]", "10 error listeners.0.routes.0.users.0")]
    [InlineData("users: [bob@a@example.org, jürgen, \"a#b\"]")]
    [InlineData("users: [bob, jim, BOB]", "10 error listeners.0.routes.0.users.2")]
    [InlineData("users: [bob], names: [a.example, A.example]", "10 error listeners.0.routes.0.names.1")]
    [InlineData("users: [bob], tls: { minimumVersion: \"1.3\" }", "10 error listeners.0.routes.0.users")]
    [InlineData(
        "users: [bob], names: [a.example], tls: { profile: modern }, certificates: [ { path: certificate.pem } ]",
        "10 error listeners.0.routes.0.users")]
    [InlineData("users: [bob], backend: pop", "10 error listeners.0.routes.0.backend", "15 warning backends.1.name")]
    public void Every_mistake_with_users_is_told_with_its_line(string route, params string[] expected) =>
        Every_mistake_is_told_with_its_line(route, expected);

    [Fact]
    public void A_user_of_257_characters_is_refused_and_one_of_256_is_taken()
    {
        Assert.Empty(SettingsFolder.Problems(Yaml($"- {{ users: [{new string('a', 256)}], backend: other }}")));
        var problem = SettingsFolder.Only(Yaml($"- {{ users: [{new string('a', 257)}], backend: other }}"));
        Assert.Equal("is longer than 256 characters", problem.Message);
    }

    [Fact]
    public void One_problem_tells_what_a_route_with_users_cannot_have()
    {
        var problem = SettingsFolder.Only(
            Yaml("- { users: [bob], backend: other, tls: { profile: modern }, certificates: [ { path: certificate.pem } ] }"));
        Assert.Equal("does not go together with tls and certificates, which the handshake needs before anybody logs in", problem.Message);
        Assert.Equal("move tls and certificates to the listener, or to a route with names alone", problem.Remedy);
    }

    [Fact]
    public void A_user_is_once_in_a_listener_for_each_name()
    {
        Assert.Equal(["12 error listeners.0.routes.2.users.0", "13 error listeners.0.routes.3.users.1"], SettingsFolder.Problems(Yaml("""
            - { users: [bob, "*@example.org"], backend: other }
            - { users: [bob, "*@example.org"], names: [a.example, b.example], backend: other }
            - { users: [BOB], backend: other }
            - { users: [jim, "*@EXAMPLE.org"], names: [c.example, B.example], backend: other }
            - { users: [bob], names: [c.example], backend: other }
            """)));
        var problem = SettingsFolder.Only(Yaml("""
            - { users: [bob], names: [a.example, b.example], backend: other }
            - { users: [bob], names: [b.example], backend: other }
            """));
        Assert.Equal("is already a user of this listener's routes for b.example", problem.Message);
    }

    [Fact]
    public void A_route_for_users_that_changes_nothing_is_warned_of()
    {
        var problem = SettingsFolder.Only(Yaml("- { users: [bob] }", more: UsesOther));
        Assert.Equal(
            (Severity.Warning, "listeners.0.routes.0.users", "write backend, or remove the route"),
            (problem.Severity, problem.Setting, problem.Remedy));
        Assert.Empty(SettingsFolder.Problems(Yaml("- { users: [bob], backend: mail }", more: UsesOther)));
    }

    [Fact]
    public void Nobody_logs_in_where_nothing_is_understood()
    {
        var problem = SettingsFolder.Only(Yaml("- { users: [bob], backend: other }").Replace("imap\n", "tcp\n", StringComparison.Ordinal));
        Assert.Equal(
            (
                "listeners.0.routes.0.users",
                "does not apply to protocol tcp, which is relayed unread; remove the route, or let it go by names alone"
            ),
            (problem.Setting, $"{problem.Message}; {problem.Remedy}"));

        // A word that is none gives rise to no second problem.
        Assert.Equal("listeners.0.protocol", SettingsFolder.Only(
            Yaml("- { users: [bob], backend: other }").Replace("imap\n", "imapp\n", StringComparison.Ordinal)).Setting);
    }

    private static string Yaml(string routes, string tls = "tls: {}", string more = "") => $$"""
        hostname: mail.example.com
        certificates: [ { path: certificate.pem } ]
        listeners:
          - name: imaps
            address: "*:993"
            protocol: imap
            backend: mail
            {{tls}}
            routes:
        {{string.Join('\n', routes.Split('\n').Select(line => $"      {line}"))}}
          - { name: pop3s, address: "*:995", protocol: pop3, backend: pop }
          - { name: submissions, address: "*:465", protocol: smtp, backend: sender }{{more}}
        backends:
          - { name: mail, destinations: ["10.0.0.5:143"] }
          - { name: other, destinations: ["10.0.0.6:143"] }
          - { name: pop, destinations: ["10.0.0.5:110"] }
          - { name: sender, kind: postfix, destinations: ["10.0.0.5:25"] }
        """;
}
