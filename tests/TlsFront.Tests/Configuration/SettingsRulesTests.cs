using TlsFront.Configuration;

namespace TlsFront.Tests.Configuration;

/// <summary>Rules between several settings.</summary>
public sealed class SettingsRulesTests
{
    private const string Submissions = "{ name: submissions, address: \"*:465\", protocol: smtp, backend: mail }";
    private const string Postfix = "kind: postfix, destinations: [\"10.0.0.5:25\"]";

    [Theory]
    [InlineData("*:465", "*:465", false)]
    [InlineData("*:465", "127.0.0.1:465", false)]
    [InlineData("[::]:465", "10.0.0.1:465", false)]
    [InlineData("0.0.0.0:465", "10.0.0.1:465", false)]
    [InlineData("0.0.0.0:465", "[::1]:465", true)]
    [InlineData("10.0.0.1:465", "10.0.0.2:465", true)]
    [InlineData("*:465", "*:466", true)]
    public void Listeners_must_not_share_an_address(string one, string other, bool isGood) =>
        Assert.Equal(isGood ? [] : ["error listeners.1.address"], Problems(Postfix,
            $"{{ name: one, address: \"{one}\", protocol: smtp, backend: mail }}, {{ name: two, "
            + $"address: \"{other}\", protocol: smtp, backend: mail }}"));

    [Fact]
    public void The_admin_endpoint_must_not_share_a_listeners_address() =>
        Assert.Equal(["error admin.address"], Problems(Postfix, Submissions, "admin: { address: \"127.0.0.1:465\" }"));

    [Fact]
    public void A_destination_must_not_be_a_listener_of_the_gateway() =>
        Assert.Equal(
            ["error backends.0.destinations.1"],
            Problems("destinations: [\"10.0.0.5:25\", \"127.0.0.1:2465\"]", Submissions.Replace("465", "2465", StringComparison.Ordinal)));

    [Theory]
    [InlineData("kind: haraka, proxyProtocol: v2", "error backends.0.proxyProtocol", "warning listeners.0.backend")]
    [InlineData("kind: opensmtpd, proxyProtocol: v1", "error backends.0.proxyProtocol", "warning listeners.0.backend")]
    [InlineData("kind: postfix, proxyProtocol: none", "warning backends.0.proxyProtocol")]
    [InlineData("kind: postfix, proxyProtocol: v1")]
    [InlineData("kind: exim")]
    [InlineData("kind: generic, proxyProtocol: none")]
    [InlineData("kind: opensmtpd, tls: { mode: implicit, serverName: smtp.internal }")]
    [InlineData("kind: opensmtpd, tls: { mode: implicit }", "warning backends.0.tls.mode")]
    [InlineData("kind: haraka, tls: { mode: implicit, verify: off }", "warning backends.0.tls.verify")]
    [InlineData("kind: exim, tls: { serverName: smtp.internal }", "warning backends.0.tls.serverName")]
    [InlineData(
        "kind: exim, tls: { mode: implicit, verify: off, ca: certificate.pem }", "warning backends.0.tls.ca", "warning backends.0.tls.verify")]
    [InlineData("kind: exim, tls: { mode: implicit, serverName: smtp.internal, ca: missing.pem }", "error backends.0.tls.ca")]
    [InlineData("kind: exim, tls: { mode: implicit, serverName: smtp.internal, ca: tlsfront.yaml }", "error backends.0.tls.ca")]
    [InlineData("kind: exim, tls: { mode: starttls }", "error backends.0.tls.mode")]
    [InlineData("kind: exim, identity: xclient", "error backends.0.identity")]
    [InlineData("kind: postfix, identity: xclient")]
    [InlineData("kind: postfix, identity: none", "warning backends.0.identity")]
    [InlineData("kind: generic, identity: none")]
    [InlineData("kind: postfix, identity: id", "error backends.0.identity")]
    [InlineData("kind: dovecot, identity: id", "error listeners.0.backend")]
    [InlineData("identity: xclient")]
    [InlineData("identity: id", "error listeners.0.backend")]
    [InlineData("kind: postfix, identity: xclient, proxyProtocol: v2", "error backends.0.identity")]
    [InlineData("kind: postfix, identity: none, proxyProtocol: v1", "error backends.0.identity")]
    [InlineData("kind: exim, tls: { mode: implicit, serverName: 10.0.0.5 }", "error backends.0.tls.serverName")]
    [InlineData("kind: exim, sourceAddresses: [10.0.0.1, \"fd00::1\"]")]
    [InlineData("kind: exim, sourceAddresses: [10.0.0.1, 10.0.0.1]", "error backends.0.sourceAddresses.1")]
    [InlineData("kind: exim, sourceAddresses: [0.0.0.0]", "error backends.0.sourceAddresses.0")]
    [InlineData("kind: exim, sourceAddresses: [\"10.0.0.1:25\"]", "error backends.0.sourceAddresses.0")]
    [InlineData("kind: exim, maxSessions: 100, queue: { length: 10, timeout: 1s }")]
    [InlineData("kind: exim, queue: { length: 10 }", "warning backends.0.queue.length")]
    [InlineData("kind: exim, maxSessions: many", "error backends.0.maxSessions")]
    [InlineData("kind: exim, health: { interval: 0s, timeout: 5s }", "warning backends.0.health.timeout")]
    [InlineData("kind: exim, health: { interval: 500ms }", "error backends.0.health.interval")]
    [InlineData("kind: exim, health: { unhealthyAfter: 0 }", "error backends.0.health.unhealthyAfter")]
    [InlineData("kind: exim, loadBalancing: leastSessions")]
    [InlineData("kind: exim, loadBalancing: leastConnections", "error backends.0.loadBalancing")]
    [InlineData("kind: cyrus", "error listeners.0.backend")]
    public void A_kind_of_backend_gets_only_what_it_understands(string backend, params string[] expected) =>
        Assert.Equal(expected, Problems($"{backend}, destinations: [\"10.0.0.5:25\"]", Submissions));

    [Fact]
    public void STARTTLS_needs_a_protocol_that_has_it() => Assert.Equal(
        ["6 error listeners.1.security"],
        SettingsFolder.Problems(
            SettingsFolder.Good.Replace("protocol: imap, security: implicit", "protocol: tcp, security: starttls", StringComparison.Ordinal)));

    [Fact]
    public void Optional_authentication_without_the_clients_address_is_warned_of_as_an_open_relay()
    {
        using var folder = new SettingsFolder(
            File("destinations: [\"10.0.0.5:25\"]", Submissions.Replace("}", ", authentication: optional }", StringComparison.Ordinal)));
        var (settings, problems) = folder.Load();
        var problem = Assert.Single(problems);
        Assert.Equal((Severity.Warning, "listeners.0.authentication"), (problem.Severity, problem.Setting));
        Assert.Contains("OPEN RELAY", problem.Message, StringComparison.Ordinal);
        Assert.NotNull(settings);
    }

    [Fact]
    public void One_backend_cannot_serve_two_protocols() =>
        Assert.Equal(["error listeners.1.backend"], Problems("kind: dovecot, destinations: [\"10.0.0.5:143\"]",
            "{ name: one, address: \"*:993\", protocol: imap, backend: mail }, { name: two, address: \"*:995\", protocol: pop3, backend: mail }"));

    [Theory]
    [InlineData("smtp")]
    [InlineData("imap")]
    [InlineData("pop3")]
    [InlineData("tcp", "error listeners.0.bareNewlines")]
    public void Lines_are_a_matter_of_the_three_mail_protocols(string protocol, params string[] expected) =>
        Assert.Equal(
            expected,
            Problems(
                "destinations: [\"10.0.0.5:4000\"]",
                $"{{ name: one, address: \"*:4001\", protocol: {protocol}, backend: mail, bareNewlines: reject }}"));

    [Fact]
    public void A_backend_that_no_listener_names_is_a_warning() =>
        Assert.Equal(["warning backends.1.name"], Problems($"{Postfix} }}, {{ name: spare, {Postfix}", Submissions));

    [Fact]
    public void Names_are_distinct() =>
        Assert.Equal(["error backends.1.name", "error listeners.1.name"], Problems($"{Postfix} }}, {{ name: mail, {Postfix}",
            $"{Submissions}, {Submissions.Replace("465", "466", StringComparison.Ordinal)}"));

    [Theory]
    [InlineData("10.0.0.5:25\", \"10.0.0.5:25", "error backends.0.destinations.1")]
    [InlineData("10.0.0.5:993", "warning backends.0.destinations.0")]
    public void Destinations_are_distinct_and_speak_plaintext(string destinations, string expected) =>
        Assert.Equal([expected], Problems($"destinations: [\"{destinations}\"]", Submissions));

    [Theory]
    [InlineData("path: missing.pem", "4 error certificates.1.path")]
    [InlineData("path: certificate.pem", "4 error certificates.1.path")]
    [InlineData("path: ., key: certificate.pem", "4 error certificates.1.key")]
    [InlineData("path: tlsfront.yaml, key: missing.key", "4 error certificates.1.key")]
    [InlineData("path: tlsfront.yaml, key: certificate.pem")]
    public void Certificates_are_files_that_exist_each_once(string certificate, params string[] expected) =>
        Assert.Equal(
            expected,
            SettingsFolder.Problems(SettingsFolder.Good.Replace("listeners:", $"  - {{ {certificate} }}\nlisteners:", StringComparison.Ordinal)));

    [Fact]
    public void A_missing_certificate_is_named_by_its_full_path()
    {
        using var folder = new SettingsFolder(SettingsFolder.Good.Replace("certificate.pem", "live/x.pem", StringComparison.Ordinal));
        Assert.Contains(folder.At("live/x.pem"), Assert.Single(folder.Load().Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[certificate.pem, tlsfront.yaml]")]
    [InlineData("[missing.key]", "10 error tls.ticketKeys.0")]
    [InlineData("[certificate.pem, certificate.pem]", "10 error tls.ticketKeys.1")]
    [InlineData("[certificate.pem, .]", "10 error tls.ticketKeys.1")]
    [InlineData("[]", "10 error tls.ticketKeys")]
    [InlineData("certificate.pem", "10 error tls.ticketKeys")]
    public void Session_ticket_keys_are_files_that_exist_each_once(string files, params string[] expected) =>
        Assert.Equal(expected, SettingsFolder.Problems($"{SettingsFolder.Good}\ntls: {{ ticketKeys: {files} }}\nengine: native"));

    [Fact]
    public void Session_ticket_keys_are_of_the_whole_gateway_and_not_of_a_listener() =>
        Assert.Equal(["6 error listeners.1.tls.ticketKeys"], SettingsFolder.Problems(
            SettingsFolder.Good.Replace(
                "security: implicit, backend: dovecot", "tls: { ticketKeys: [certificate.pem] }, backend: dovecot", StringComparison.Ordinal)));

    [Fact]
    public void Session_ticket_keys_are_found_from_the_files_folder_in_their_order()
    {
        using var folder = new SettingsFolder($"{SettingsFolder.Good}\ntls: {{ ticketKeys: [tlsfront.yaml, ./certificate.pem] }}\nengine: native");
        Assert.Equal([folder.At("tlsfront.yaml"), folder.At("certificate.pem")], folder.Load().Settings!.TicketKeys);
    }

    [Fact]
    public void Session_ticket_keys_on_the_managed_engine_are_warned_of()
    {
        var problem = SettingsFolder.Only($"{SettingsFolder.Good}\ntls: {{ ticketKeys: [certificate.pem] }}\nengine: managed");
        Assert.Equal((Severity.Warning, 10, "tls.ticketKeys"), (problem.Severity, problem.Origin.Line, problem.Setting));
        Assert.Contains("managed engine", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("engine: managed\nnative: { loops: 2, backlog: 16 }", "11 warning native.loops", "11 warning native.backlog")]
    [InlineData("engine: managed\nnative: { loops: 0 }", "11 error native.loops", "11 warning native.loops")]
    [InlineData("engine: managed\nnative:")]
    [InlineData("engine: native\nnative: { loops: 2 }")]
    public void Settings_of_the_native_engine_have_no_effect_on_the_managed_one(string lines, params string[] expected) =>
        Assert.Equal(expected, SettingsFolder.Problems($"{SettingsFolder.Good}\n{lines}"));

    /// <summary>What is said about a listener with a wrong protocol is that, and what is wrong besides.</summary>
    [Theory]
    [InlineData("kind: cyrus", "error listeners.0.protocol")]
    [InlineData("kind: haraka", "error listeners.0.protocol")]
    [InlineData("kind: nothing", "error backends.0.kind", "error listeners.0.protocol")]
    public void A_wrong_protocol_gives_rise_to_no_second_problem(string backend, params string[] expected) =>
        Assert.Equal(
            expected,
            Problems(
                $"{backend}, destinations: [\"10.0.0.5:143\"]", Submissions.Replace("protocol: smtp", "protocol: smpt", StringComparison.Ordinal)));

    [Theory]
    [InlineData("Postfix", "10 error backends.2.name", "10 warning backends.2.name")]
    [InlineData("postfix2", "10 warning backends.2.name")]
    public void Names_of_backends_differ_in_more_than_case(string name, params string[] expected) =>
        Assert.Equal(expected, SettingsFolder.Problems($$"""
            {{SettingsFolder.Good}}
              - { name: {{name}}, kind: postfix, destinations: ["10.0.0.9:10465"] }
            """));

    private static IEnumerable<string> Problems(string backend, string listeners, string rest = "")
    {
        using var folder = new SettingsFolder(File(backend, listeners, rest));
        return folder.Load().Problems.Select(problem => SettingsFolder.Describe(problem).Split(' ', 2)[1]).Order(StringComparer.Ordinal);
    }

    private static string File(string backend, string listeners, string rest = "") => $$"""
        hostname: mail.example.com
        certificates: [ { path: certificate.pem } ]
        listeners: [ {{listeners}} ]
        backends: [ { name: mail, {{backend}} } ]
        {{rest}}
        """;
}
