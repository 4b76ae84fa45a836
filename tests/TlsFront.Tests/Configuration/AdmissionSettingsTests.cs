using System.Net;
using TlsFront.Configuration;
using TlsFront.Configuration.Schema;

namespace TlsFront.Tests.Configuration;

/// <summary>Settings of PROXY headers from load balancers, of admission and of limits.</summary>
public sealed class AdmissionSettingsTests
{
    private const string Rest = """
        hostname: mail.example.com
        certificates: [ { path: certificate.pem } ]
        backends: [ { name: mail, kind: postfix, destinations: ["10.0.0.5:25"] } ]

        """;

    private const string Listener = "name: submissions, address: \"*:465\", protocol: smtp, backend: mail";

    [Fact]
    public void Without_them_everything_is_off()
    {
        var settings = Read($"listeners: [ {{ {Listener} }} ]");
        Assert.Null(settings.Listeners[0].ProxyProtocol);
        Assert.Equal(AdmissionSettings.Everybody, settings.Listeners[0].Admission);
        Assert.Equal(new LimitSettings(), settings.Limits);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.Timeouts.ProxyHeader);
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var settings = Read($$"""
            listeners:
              - { {{Listener}}, proxyProtocol: { trustedNetworks: [10.0.0.1, "fd00::/8"], others: refuse } }
              - { name: imaps, address: "*:993", protocol: tcp, backend: mail, proxyProtocol: { trustedNetworks: [10.0.0.1] }, admission: { allow: [192.0.2.0/24] } }
            admission:
              allow: [198.51.100.0/24, networks.txt]
              deny: [198.51.100.7]
            limits:
              connections: 20000
              connectionsPerClient: 50
              connectionRate: 60/1m
              handshakeRate: 5 / 1s
              ipv4Prefix: 24
              ipv6Prefix: 56
              exempt: [127.0.0.0/8]
            timeouts: { proxyHeader: 3s }
            """, "# a comment\n203.0.113.0/24 ; and another\n\n2001:db8::1\n");
        Assert.Equal(new ProxyHeaderSettings(Set("10.0.0.1/32", "fd00::/8"), true), settings.Listeners[0].ProxyProtocol);
        Assert.False(settings.Listeners[1].ProxyProtocol!.RefusesOthers);
        Assert.Equal(Set("198.51.100.0/24"), settings.Listeners[0].Admission.Allow!.Networks);
        Assert.Equal("networks.txt", Path.GetFileName(Assert.Single(settings.Listeners[0].Admission.Allow!.Files)));
        Assert.Equal(Set("192.0.2.0/24"), settings.Listeners[1].Admission.Allow!.Networks);
        Assert.Equal(Set("198.51.100.7/32"), settings.Listeners[1].Admission.Deny.Networks);
        Assert.Equal(
            new LimitSettings
            {
                Connections = 20_000,
                ConnectionsPerClient = 50,
                ConnectionRate = new(60, TimeSpan.FromMinutes(1)),
                HandshakeRate = new(5, TimeSpan.FromSeconds(1)),
                V4Prefix = 24,
                V6Prefix = 56,
                Exempt = Set("127.0.0.0/8"),
            },
            settings.Limits);
        Assert.Equal(TimeSpan.FromSeconds(3), settings.Timeouts.ProxyHeader);
    }

    [Theory]
    [InlineData("limits: { connections: 0 }", "limits.connections")]
    [InlineData("limits: { connections: many }", "limits.connections")]
    [InlineData("limits: { connectionRate: 60 }", "limits.connectionRate")]
    [InlineData("limits: { connectionRate: 60/m }", "limits.connectionRate")]
    [InlineData("limits: { connectionRate: 0/1m }", "limits.connectionRate")]
    [InlineData("limits: { connectionRate: 1/2h }", "limits.connectionRate")]
    [InlineData("limits: { ipv6Prefix: 129 }", "limits.ipv6Prefix")]
    [InlineData("limits: { exempt: [nowhere] }", "limits.exempt.0")]
    [InlineData("timeouts: { proxyHeader: 2s }", "timeouts.proxyHeader")]
    [InlineData("admission: { deny: [10.0.0.1/8] }", "admission.deny.0")]
    [InlineData("admission: { deny: [nowhere.txt] }", "admission.deny.0")]
    [InlineData("admission: { deny: [./] }", "admission.deny.0")]
    [InlineData("admission: { allow: [] }", "admission.allow")]
    public void Mistakes_are_told_where_they_are(string line, string setting)
    {
        using var folder = new SettingsFolder($"{Rest}listeners: [ {{ {Listener} }} ]\n{line}");
        var problem = Assert.Single(folder.Load().Problems);
        Assert.Equal((Severity.Error, setting, 5), (problem.Severity, problem.Setting, problem.Origin.Line));
    }

    [Fact]
    public void Every_bad_line_of_a_file_is_named()
    {
        using var folder = new SettingsFolder($"{Rest}listeners: [ {{ {Listener} }} ]\nadmission: {{ deny: [deny.txt] }}");
        File.WriteAllText(folder.At("deny.txt"), "10.0.0.0/8\n10.0.0.1/8\n\nexample.com # no\n");
        var (settings, problems) = folder.Load();
        Assert.Null(settings);
        Assert.Equal([$"{folder.At("deny.txt")}:2", $"{folder.At("deny.txt")}:4"], problems.Select(problem => problem.Origin.ToString()));
        Assert.Equal(["10.0.0.1/8", "example.com"], problems.Select(problem => problem.Value));
    }

    [Fact]
    public void A_file_without_end_is_not_read_without_end()
    {
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(
                "/dev/zero", SettingsFolder.Only($"{Rest}listeners: [ {{ {Listener} }} ]\nadmission: {{ deny: [/dev/zero] }}").Origin.Source);
        }
    }

    [Fact]
    public void To_trust_everybody_is_warned_of_loudly()
    {
        var problem = SettingsFolder.Only($"{Rest}listeners: [ {{ {Listener}, proxyProtocol: {{ trustedNetworks: [0.0.0.0/0] }} }} ]");
        Assert.Equal((Severity.Warning, "listeners.0.proxyProtocol.trustedNetworks.0"), (problem.Severity, problem.Setting));
        Assert.StartsWith("LETS ANYBODY", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Others_without_trusted_networks_mean_nothing() =>
        Assert.Equal(
            "listeners.0.proxyProtocol.others",
            SettingsFolder.Only($"{Rest}listeners: [ {{ {Listener}, proxyProtocol: {{ others: refuse }} }} ]").Setting);

    [Fact]
    public void A_reload_names_what_changed()
    {
        var old = Read($"listeners: [ {{ {Listener}, proxyProtocol: {{ trustedNetworks: [10.0.0.1] }} }} ]");
        var now = Read(
            $"listeners: [ {{ {Listener}, proxyProtocol: {{ trustedNetworks: [10.0.0.0/8], others: refuse }}, admission: {{ deny: [10.0.0.9] }}, "
            + $"limits: {{ connections: 5 }} }} ]\nlimits: {{ connections: 7, exempt: [\"::1\"] }}");
        Assert.Equal(
            [
                "listeners.submissions.proxyProtocol.trustedNetworks", "listeners.submissions.proxyProtocol.others",
                "listeners.submissions.admission.deny",
                "listeners.submissions.limits.connections", "limits.connections", "limits.exempt",
            ],
            SettingsSchema.Root.Differences(old, now with { Certificates = old.Certificates }));
        Assert.Empty(SettingsSchema.Root.Differences(now, now with { Limits = now.Limits with { Exempt = Set("::1/128") } }));
    }

    private static GatewaySettings Read(string yaml, string networks = "")
    {
        using var folder = new SettingsFolder(Rest + yaml);
        File.WriteAllText(folder.At("networks.txt"), networks);
        var (settings, problems) = folder.Load();
        Assert.Empty(problems);
        return settings!;
    }

    private static NetworkSet Set(params string[] networks) => NetworkSet.Of([.. networks.Select(network => IPNetwork.Parse(network))]);
}
