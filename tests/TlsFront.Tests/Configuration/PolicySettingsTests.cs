using TlsFront.Configuration;

namespace TlsFront.Tests.Configuration;

/// <summary>What may be written below <c>policies</c>, and what is wrong with the rest.</summary>
public sealed class PolicySettingsTests
{
    private const string Listeners = """
        hostname: mail.example.com
        certificates: [ { path: certificate.pem } ]
        listeners:
          - { name: imaps, address: "*:993", protocol: imap, backend: dovecot }
          - { name: imap, address: "*:143", protocol: imap, security: starttls, backend: dovecot }
          - { name: modern, address: "*:1993", protocol: imap, backend: dovecot, tls: { minimumVersion: "1.3" } }
          - { name: echo, address: "*:7", protocol: tcp, backend: dovecot }
        backends: [ { name: dovecot, kind: dovecot, destinations: ["10.0.0.5:10143"] } ]
        policies:

        """;

    [Theory]
    [InlineData("{ name: p, action: deny }", "policies.0.action", "is not one of the allowed values")]
    [InlineData("{ name: p, action: refuse, listeners: [imapz] }", "policies.0.listeners.0", "is not the name of a listener")]
    [InlineData("{ name: p, action: refuse, listeners: [echo] }", "policies.0.listeners.0", "has protocol tcp, where no login is seen")]
    [InlineData("{ name: p, action: refuse, protocols: [tcp] }", "policies.0.protocols.0", "is not one of the allowed values")]
    [InlineData("{ name: p, action: refuse, tlsBelow: \"1.0\" }", "policies.0.tlsBelow", "is not one of the allowed values")]
    [InlineData("{ name: p, action: refuse, users: [\"@example.org\"] }", "policies.0.users.0", "has nobody before its domain")]
    [InlineData("{ name: p, action: refuse, from: 2027-03-31 }", "policies.0.from", "is not a moment")]
    [InlineData("{ name: p, action: refuse, from: 2027-03-31T00:00 }", "policies.0.from", "has no zone")]
    [InlineData("{ name: p, action: refuse, from: 2027-02-30T00:00Z }", "policies.0.from", "is not in the calendar")]
    [InlineData("{ name: p, action: refuse, from: 2027-03-31T00:00Z, until: 2027-03-30T00:00Z }", "policies.0.until", "is not after from, ")]
    [InlineData("{ name: p, action: refuse, sample: 10 }", "policies.0.sample", "has no percent sign")]
    [InlineData("{ name: p, action: refuse, sample: 0% }", "policies.0.sample", "is out of range")]
    [InlineData("{ name: p, action: refuse, sample: 101% }", "policies.0.sample", "is out of range")]
    [InlineData("{ name: p, action: refuse, sample: \"%\" }", "policies.0.sample", "is not a share")]
    [InlineData("{ name: p, action: refuse, message: \"Bitte \u00e4ndern\" }", "policies.0.message", "has a character that not every mail")]
    [InlineData("{ name: p, action: refuse, ja4: [t13d311000] }", "policies.0.ja4.0", "is not a JA4 fingerprint")]
    [InlineData("{ name: p, action: refuse, during: [2027-01-12T09:00Z] }", "policies.0.during.0", "has no length")]
    [InlineData("{ name: p, action: refuse, during: [2027-01-12T09:00/1h] }", "policies.0.during.0", "has no zone")]
    [InlineData("{ name: p, action: refuse, during: [2027-01-12T09:00Z/1d] }", "policies.0.during.0", "is not a duration")]
    [InlineData("{ name: p, action: refuse, during: [2027-01-12T09:00Z/30s] }", "policies.0.during.0", "is out of range")]
    [InlineData("{ name: p, action: refuse, users: [./nowhere] }", "policies.0.users.0", "there is no file ")]
    public void What_is_wrong_is_said_with_its_place(string policy, string setting, string message)
    {
        var problem = SettingsFolder.Only($"{Listeners}  - {policy}");
        Assert.Equal((Severity.Error, 10, setting), (problem.Severity, problem.Origin.Line, problem.Setting));
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ name: p, action: refuse, protocols: [pop3] }", "policies.0.name", "matches nothing: it is for no listener that there is")]
    [InlineData("{ name: p, action: refuse, listeners: [modern], transport: starttls }", "policies.0.name", "matches nothing: it is for no listener")]
    [InlineData("{ name: p, action: refuse, listeners: [modern], tlsBelow: \"1.3\" }", "policies.0.tlsBelow", "matches nothing: its listeners")]
    [InlineData("{ name: p, action: refuse, tlsBelow: \"1.2\" }", "policies.0.tlsBelow", "matches nothing: its listeners")]
    [InlineData("{ name: p, action: allow, transport: cleartext }", "policies.0.transport", "matches nothing: none of its listeners has security")]
    [InlineData("{ name: p, action: refuse, cipher: weak }", "policies.0.cipher", "matches nothing: none of its listeners has weak")]
    [InlineData("{ name: p, action: warn, message: Use port 993 }", "policies.0.message", "has no effect: nobody is told")]
    [InlineData("{ name: p, action: allow, message: Use port 993 }", "policies.0.message", "has no effect: nobody is told")]
    [InlineData("{ name: p, action: refuse, alert: on }", "policies.0.alert", "has no effect: it is for warnings")]
    [InlineData("{ name: p, action: refuse, sampleOf: connections }", "policies.0.sampleOf", "has no effect: there is no sample")]
    public void What_can_never_decide_is_warned_of(string policy, string setting, string message)
    {
        var problem = SettingsFolder.Only($"{Listeners}  - {policy}");
        Assert.Equal((Severity.Warning, setting), (problem.Severity, problem.Setting));
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("security: optional", "transport: starttls", "4 warning listeners.0.security")]
    [InlineData("security: optional", "transport: cleartext", null)]
    [InlineData("tls: { minimumVersion: \"1.0\" }", "networks: [192.0.2.1]", "4 warning listeners.0.tls.minimumVersion")]
    [InlineData("tls: { minimumVersion: \"1.1\" }", "tlsBelow: \"1.2\"", "7 error policies.0.until")]
    [InlineData("tls: { minimumVersion: \"1.1\" }", "cipher: weak", "7 error policies.0.until")]
    [InlineData("tls: { minimumVersion: \"1.1\" }", "tlsBelow: \"1.2\", until: 2099-01-01T00:00Z", null)]
    [InlineData(
        "tls: { minimumVersion: \"1.1\" }, protocol: tcp", "tlsBelow: \"1.2\", until: 2099-01-01T00:00Z",
        "4 error listeners.0.tls.minimumVersion", "7 warning policies.0.name")]
    public void What_only_a_policy_lets_in_has_one_and_old_TLS_an_end(
        string listener, string policy, string? problem, string? another = null)
    {
        var protocol = listener.Contains("protocol", StringComparison.Ordinal) ? "" : ", protocol: imap";
        var problems = SettingsFolder.Problems($$"""
            hostname: mail.example.com
            certificates: [ { path: certificate.pem } ]
            listeners:
              - { name: imap, address: "*:143", backend: dovecot, {{listener}}{{protocol}} }
            backends: [ { name: dovecot, kind: dovecot, destinations: ["10.0.0.5:10143"] } ]
            policies:
              - { name: p, action: allow, {{policy}} }
            """);
        Assert.Equal(((string?[])[problem, another]).OfType<string>(), problems);
    }

    [Theory]
    [InlineData("users: [\"*@example.org\"]", "users: [bob@example.org]", true)]
    [InlineData("users: [\"*\"]", "networks: [192.0.2.1]", true)]
    [InlineData("transport: starttls", "listeners: [imap], tlsBelow: \"1.3\"", true)]
    [InlineData("from: 2027-01-01T00:00Z", "from: 2027-02-01T00:00Z, users: [bob]", true)]
    [InlineData("users: [bob@example.org]", "users: [\"*@example.org\"]", false)]
    [InlineData("users: [\"*@example.org\"]", "users: [\"*\"]", false)]
    [InlineData("sample: 10%", "users: [bob]", false)]
    [InlineData("from: 2027-01-01T00:00Z", "users: [bob]", false)]
    [InlineData("during: [2027-01-01T00:00Z/1h]", "users: [bob]", false)]
    [InlineData("until: 2027-01-01T00:00Z", "until: 2027-02-01T00:00Z", false)]
    [InlineData("networks: [192.0.2.1]", "users: [bob]", false)]
    [InlineData("serverNames: [a.example.org]", "users: [bob]", false)]
    [InlineData("transport: starttls", "users: [bob]", false)]
    [InlineData("tlsBelow: \"1.3\"", "users: [bob]", false)]
    public void A_policy_behind_one_that_matches_all_of_its_logins_never_decides(string above, string below, bool isShadowed)
    {
        var problems = SettingsFolder.Problems($"{Listeners}  - {{ name: a, action: allow, {above} }}\n  - {{ name: b, action: refuse, {below} }}");
        Assert.Equal(isShadowed ? ["11 warning policies.1.name"] : [], problems);
    }

    [Fact]
    public void Names_are_given_once()
    {
        var problem = SettingsFolder.Only($"{Listeners}  - {{ name: a, action: allow, users: [bob] }}\n  - {{ name: a, action: warn }}");
        Assert.Equal(("policies.1.name", "is the name of another policy"), (problem.Setting, problem.Message));
    }

    [Fact]
    public void A_line_of_a_file_of_users_is_named_with_what_is_wrong_with_it()
    {
        using var folder = new SettingsFolder($"{Listeners}  - {{ name: p, action: refuse, users: [./users] }}");
        File.WriteAllText(folder.At("users"), "# since March\nbob@example.org  # moved\n\nb*b\n");
        var problem = Assert.Single(folder.Load().Problems);
        Assert.Equal((folder.At("users"), 4, "b*b"), (problem.Origin.Source, problem.Origin.Line, problem.Value));
        File.WriteAllText(folder.At("users"), "\uFEFF# since March\nBob@Example.org  # moved\n*@example.net\n");
        Assert.Empty(folder.Load().Problems);
        var users = UserFile.Read(folder.At("users")).Users!;
        Assert.Equal(
            [true, true, false, false],
            ((string[])["bob@example.org", "x@example.net", "bob", "moved"]).Select(user => users.Contains(user)));
    }

    [Theory]
    [InlineData("bob@example.org\nann@exam", "ends in the middle of a line")]
    [InlineData("bob@example.org,ann@example.org\n", "contains ,")]
    [InlineData("bob:x:1000:1000::/home/bob:/bin/sh\n", "contains :")]
    [InlineData("bob@example.org#old\n", "contains #")]
    [InlineData("bo\u200Bb@example.org\n", "contains U+200B, which no login name may contain")]
    [InlineData("bob\n\uFEFFann\n", "contains U+FEFF, which no login name may contain")]
    public void A_file_that_would_match_nobody_is_refused(string content, string message)
    {
        using var folder = new SettingsFolder();
        File.WriteAllText(folder.At("users"), content);
        var (users, problems) = UserFile.Read(folder.At("users"));
        Assert.Null(users);
        Assert.Equal(message, problems[0].Problem.Message);
    }

    [Fact]
    public void A_file_in_another_encoding_is_refused()
    {
        using var folder = new SettingsFolder();
        File.WriteAllBytes(folder.At("users"), System.Text.Encoding.Latin1.GetBytes("j\u00F6rg@example.org\n"));
        Assert.Equal("is not UTF-8", UserFile.Read(folder.At("users")).Problems.Single().Problem.Message);
    }

    [Fact]
    public void Who_may_send_without_a_login_no_longer_may_where_logins_are_held()
    {
        var open = SettingsFolder.Good.Replace("backend: postfix }", "backend: postfix, authentication: optional }", StringComparison.Ordinal);
        var problem = SettingsFolder.Only(open + "\npolicies: [ { name: p, action: warn, protocols: [smtp] } ]");
        Assert.Equal((Severity.Warning, "listeners.0.authentication"), (problem.Severity, problem.Setting));
        Assert.Contains(" policies,", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sessions_wait_for_their_user_only_where_a_policy_may_refuse_or_warn()
    {
        Assert.Equal(["imap"], Held("{ name: p, action: refuse, transport: starttls }"));
        Assert.Equal(["imaps", "modern"], Held("{ name: p, action: warn, transport: implicit }"));
        Assert.Empty(Held("{ name: p, action: allow }"));
    }

    private static IEnumerable<string> Held(string policy)
    {
        using var folder = new SettingsFolder($"{Listeners}  - {policy}");
        var settings = folder.Load().Settings!;
        return settings.Listeners.Where(settings.HoldsLogins).Select(static listener => listener.Name);
    }
}
