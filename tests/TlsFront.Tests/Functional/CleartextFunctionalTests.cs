using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.Functional;

/// <summary>Logins without TLS, through the whole gateway.</summary>
public sealed class CleartextFunctionalTests
{
    private static readonly IPEndPoint Device = new(IPAddress.Parse("10.20.3.4"), 50000);
    private static readonly IPEndPoint Stranger = new(IPAddress.Parse("198.51.100.7"), 50000);

    private static readonly PolicySettings Scanners = new()
    {
        Name = "scanners",
        Action = PolicyAction.Allow,
        Transport = LoginTransport.Cleartext,
        Networks = new(NetworkSet.Of([IPNetwork.Parse("10.20.0.0/16")]), []),
        Users = new(["scan@example.org"], []),
    };

    private readonly ConcurrentQueue<string> _logins = new();

    [Fact]
    public async Task A_device_that_a_policy_names_logs_in_and_goes_on_and_the_log_says_that_its_password_is_known()
    {
        var log = new LogTap("Login", "ConnectionEnd");
        await using var gateway = await StartAsync([Scanners], log);
        var device = await ConnectAsync(gateway, Device);
        Assert.Equal(
            "* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN ID] mail.example.com ready\r\n", await device.ExpectAsync("\r\n"));
        await device.SendAsync("a LOGIN scan@example.org secret\r\n");
        Assert.Equal("a OK in\r\n", await device.ExpectAsync("\r\n"));
        Assert.Contains(
            " user=scan@example.org name=- protocol=imap transport=cleartext tls=- cipher=- ", await log.NextAsync(), StringComparison.Ordinal);

        var mail = string.Concat(Enumerable.Range(0, 2_000).Select(static number => $"line {number}\r\n"));
        await device.SendAsync($"b ECHO {mail.Length}\r\n{mail}");
        Assert.Equal(mail, (await device.ExpectAsync("b OK done\r\n"))[..^"b OK done\r\n".Length]);
        await device.EndAsync();
        var end = await log.NextAsync();
        Assert.Contains(" policy=scanners policyAction=allow ", end, StringComparison.Ordinal);
        Assert.Contains(" exposed=yes ", end, StringComparison.Ordinal);
        Assert.Equal(["scan@example.org"], _logins);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("wrong")]
    public async Task Somebody_else_in_that_network_is_refused_and_no_backend_is_asked(string password)
    {
        var log = new LogTap("Login");
        await using var gateway = await StartAsync([Scanners], log);
        var before = gateway.Network.Connects.Count;
        var device = await ConnectAsync(gateway, Device);
        await device.ExpectAsync("\r\n");
        await device.SendAsync($"a LOGIN bob@example.org {password}\r\n");
        Assert.Equal("a NO [PRIVACYREQUIRED] TLS is required\r\n", await device.ExpectAsync("\r\n"));
        Assert.Equal(before, gateway.Network.Connects.Count);
        var line = await log.NextAsync();
        Assert.Contains(" login refused ", line, StringComparison.Ordinal);
        Assert.Contains(" user=bob@example.org name=- protocol=imap transport=cleartext ", line, StringComparison.Ordinal);
        Assert.Contains(" policy=- policyAction=refuse ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Elsewhere_nobody_is_told_of_a_login_without_TLS_nor_gets_one()
    {
        await using var gateway = await StartAsync([Scanners]);
        var stranger = await ConnectAsync(gateway, Stranger);
        Assert.Equal("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED ID] mail.example.com ready\r\n", await stranger.ExpectAsync("\r\n"));
        await stranger.SendAsync("a LOGIN scan@example.org secret\r\n");
        Assert.Equal("a NO [PRIVACYREQUIRED] TLS is required\r\n", await stranger.ExpectAsync("\r\n"));
        Assert.Empty(_logins);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Behind_STARTTLS_everybody_logs_in(bool isInNetwork)
    {
        await using var gateway = await StartAsync([Scanners]);
        var pipe = await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["imap"], isInNetwork ? Device : Stranger);
        var plain = new ScriptedPeer(pipe);
        await plain.ExpectAsync("\r\n");
        await plain.SendAsync("a STARTTLS\r\n");
        await plain.ExpectAsync("a OK Begin TLS\r\n");
        await using var client = await TestClient.HandshakeAsync(pipe);
        await client.SendAsync("b LOGIN bob@example.org secret\r\n");
        await client.ExpectAsync("b OK in\r\n");
        Assert.Equal(["bob@example.org"], _logins);
    }

    /// <summary>What is written for the users of a network must not open it for their telephones.</summary>
    [Fact]
    public async Task A_policy_that_does_not_name_cleartext_lets_nobody_in_without_TLS()
    {
        await using var gateway = await StartAsync([Scanners with { Transport = null }]);
        var device = await ConnectAsync(gateway, Device);
        Assert.Contains("LOGINDISABLED", await device.ExpectAsync("\r\n"), StringComparison.Ordinal);
        await device.SendAsync("a LOGIN scan@example.org secret\r\n");
        await device.ExpectAsync("a NO [PRIVACYREQUIRED] TLS is required\r\n");
        Assert.Empty(_logins);
    }

    [Fact]
    public async Task The_first_policy_decides_here_as_well_and_a_date_that_has_come_counts_for_connections_that_are_there()
    {
        await using var gateway = await StartAsync([Scanners]);
        var device = await ConnectAsync(gateway, Device);
        await device.ExpectAsync("\r\n");

        gateway.Store.Replace(gateway.Store.Current with { Policies = [Scanners with { Until = DateTimeOffset.UtcNow.AddMinutes(-1) }] });
        await device.SendAsync("a LOGIN scan@example.org secret\r\n");
        await device.ExpectAsync("a NO [PRIVACYREQUIRED] TLS is required\r\n");

        var refusal = Scanners with { Name = "first", Action = PolicyAction.Refuse, Message = "Scan to the new address" };
        gateway.Store.Replace(gateway.Store.Current with { Policies = [refusal, Scanners] });
        await device.SendAsync("b LOGIN scan@example.org secret\r\n");
        await device.ExpectAsync("b NO [PRIVACYREQUIRED] Scan to the new address\r\n");
        Assert.Empty(_logins);
    }

    private static async Task<ScriptedPeer> ConnectAsync(TestGateway gateway, IPEndPoint from) =>
        new(await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["imap"], from));

    private Task<TestGateway> StartAsync(PolicySettings[] policies, LogTap? log = null) => TestGateway.StartAsync(
        settings => settings with
        {
            Policies = policies,
            Listeners = [settings.Listeners[1] with { Name = "imap", Security = ListenerSecurity.Optional }],
            Backends =
            [
                settings.Backends[1] with { ProxyProtocol = ProxyHeaderVersion.None, Health = new HealthSettings { Interval = TimeSpan.Zero } },
            ],
        },
        services =>
        {
            if (log is not null)
            {
                services.AddSingleton<ILoggerProvider>(log);
            }
        },
        network => network.Serve("192.0.2.1:10143", ServeAsync));

    private async Task ServeAsync(IDuplexPipe pipe)
    {
        var server = new ScriptedPeer(pipe);
        await server.SendAsync("* OK ready\r\n");
        while (true)
        {
            var words = (await server.ExpectAsync("\r\n")).TrimEnd().Split(' ');
            switch (words)
            {
                case [var tag, "LOGIN", var user, "secret"]:
                    _logins.Enqueue(user);
                    await server.SendAsync($"{tag} OK in\r\n");
                    break;
                case [var tag, "ECHO", var length]:
                    var text = new StringBuilder();
                    while (text.Length < int.Parse(length, System.Globalization.CultureInfo.InvariantCulture))
                    {
                        text.Append(await server.ExpectAsync("\r\n"));
                    }

                    await server.SendAsync($"{text}{tag} OK done\r\n");
                    break;
                default:
                    await server.SendAsync($"{words[0]} NO no\r\n");
                    break;
            }
        }
    }
}
