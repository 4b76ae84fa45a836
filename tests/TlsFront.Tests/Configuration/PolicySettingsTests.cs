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
    [InlineData("{ name: p, action: refuse, tlsBelow: \"1.1\" }", "policies.0.tlsBelow", "is not one of the allowed values")]
    [InlineData("{ name: p, action: refuse, users: [\"@example.org\"] }", "policies.0.users.0", "has nobody before its domain")]
    [InlineData("{ name: p, action: refuse, from: 2027-03-31 }", "policies.0.from", "is not a moment")]
    [InlineData("{ name: p, action: refuse, from: 2027-03-31T00:00 }", "policies.0.from", "has no zone")]
    [InlineData("{ name: p, action: refuse, from: 2027-02-30T00:00Z }", "policies.0.from", "is not in the calendar")]
    [InlineData("{ name: p, action: refuse, from: 2027-03-31T00:00Z, until: 2027-03-31T02:00+02:00 }", "policies.0.until", "is not after from")]
    [InlineData("{ name: p, action: refuse, sample: 10 }", "policies.0.sample", "has no percent sign")]
    [InlineData("{ name: p, action: refuse, sample: 0% }", "policies.0.sample", "is out of range")]
    [InlineData("{ name: p, action: refuse, sample: 101% }", "policies.0.sample", "is out of range")]
    [InlineData("{ name: p, action: refuse, sample: \"%\" }", "policies.0.sample", "is not a share")]
    [InlineData("{ name: p, action: refuse, message: \"Bitte \u00e4ndern\" }", "policies.0.message", "has a character that not every mail")]
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
    [InlineData("{ name: p, action: warn, message: Use port 993 }", "policies.0.message", "has no effect: nobody is refused")]
    public void What_can_never_decide_is_warned_of(string policy, string setting, string message)
    {
        var problem = SettingsFolder.Only($"{Listeners}  - {policy}");
        Assert.Equal((Severity.Warning, setting), (problem.Severity, problem.Setting));
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
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
        File.WriteAllText(folder.At("users"), "# since March\nbob@example.org  # moved\nis#one@example.org\n\nb*b\n");
        var problem = Assert.Single(folder.Load().Problems);
        Assert.Equal((folder.At("users"), 5, "b*b"), (problem.Origin.Source, problem.Origin.Line, problem.Value));
        File.WriteAllText(folder.At("users"), "# since March\nBob@Example.org  # moved\nis#one@example.org\n*@example.net\n");
        Assert.Empty(folder.Load().Problems);
        var users = UserFile.Read(folder.At("users")).Users!;
        Assert.Equal(
            [true, true, true, false, false],
            ((string[])["bob@example.org", "is#one@example.org", "x@example.net", "is", "moved"]).Select(user => users.Contains(user)));
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
