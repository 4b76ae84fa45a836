using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.HeldLogin;
using TlsFront.ProxyProtocol;
using TlsFront.Routing;

namespace TlsFront.Tests.Functional;

/// <summary>Logins that policies decide on, through the whole gateway.</summary>
public sealed class PolicyFunctionalTests : IDisposable
{
    private const string Words = "This account needs TLS 1.3 or later: update your mail program or device";

    private static readonly PolicySettings Refusing = new()
    {
        Name = "old-tls",
        Action = PolicyAction.Refuse,
        Users = new(["bob@example.org"], []),
        TlsBelow = TlsVersion.Tls13,
    };

    private readonly ConcurrentQueue<string> _logins = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>RFC 8314 section 4.1: valid and invalid credentials get the identical answer. No backend hears of either.</summary>
    [Theory]
    [InlineData("imaps", "a LOGIN bob@example.org {0}\r\n", $"a NO [PRIVACYREQUIRED] {Words}\r\n")]
    [InlineData("imaps", "a AUTHENTICATE PLAIN {1}\r\n", $"a NO [PRIVACYREQUIRED] {Words}\r\n")]
    [InlineData("pop3s", "USER bob@example.org\r\nPASS {0}\r\n", $"+OK\r\n-ERR [SYS/PERM] {Words}\r\n")]
    [InlineData("submissions", "EHLO me\r\nAUTH PLAIN {1}\r\n", $"530 5.7.0 {Words}\r\n")]
    [InlineData("sieves", "AUTHENTICATE \"PLAIN\" \"{1}\"\r\n", $"NO (ENCRYPT-NEEDED) \"{Words}\"\r\n")]
    public async Task Right_and_wrong_passwords_are_refused_in_the_same_words_and_no_backend_is_asked(string listener, string login, string answer)
    {
        await using var gateway = await StartAsync(Refusing);
        var probes = gateway.Network.Connects.Count;
        var answers = new List<string>();
        foreach (var password in (string[])["secret", "wrong"])
        {
            await using var client = await ConnectAsync(gateway, listener);
            await client.ExpectAsync("\r\n");
            var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0bob@example.org\0{password}"));
            await client.SendAsync(string.Format(CultureInfo.InvariantCulture, login, password, plain));
            answers.Add(await client.ExpectAsync($"{Words}{(listener == "sieves" ? "\"" : "")}\r\n"));
        }

        Assert.EndsWith(answer, answers[0], StringComparison.Ordinal);
        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(probes, gateway.Network.Connects.Count);
    }

    [Fact]
    public async Task Whoever_no_policy_is_for_logs_in_and_so_does_who_is_allowed_above_it()
    {
        await using var gateway = await StartAsync(
            Refusing with { Name = "not-yet", Action = PolicyAction.Allow, Networks = new(NetworkSet.Of([IPNetwork.Parse("198.51.100.0/24")]), []) },
            Refusing);
        Assert.StartsWith("a OK ", await LogInAsync(gateway, "ann@example.org"), StringComparison.Ordinal);
        Assert.StartsWith("a OK ", await LogInAsync(gateway, "bob@example.org", new(IPAddress.Parse("198.51.100.7"), 1)), StringComparison.Ordinal);
        Assert.StartsWith("a NO [PRIVACYREQUIRED] ", await LogInAsync(gateway, "BOB@Example.Org"), StringComparison.Ordinal);
        Assert.Equal(["ann@example.org", "bob@example.org"], _logins);
    }

    [Fact]
    public async Task After_a_refusal_another_user_may_log_in_in_the_same_session()
    {
        await using var gateway = await StartAsync(Refusing);
        await using var client = await ConnectAsync(gateway, "imaps");
        await client.SendAsync("a LOGIN bob@example.org secret\r\n");
        await client.ExpectAsync($"{Words}\r\n");
        await client.SendAsync("b LOGIN ann@example.org secret\r\n");
        await client.ExpectAsync("b OK ");
        Assert.Equal(["ann@example.org"], _logins);
    }

    [Fact]
    public async Task A_warning_lets_the_login_through_and_the_log_and_the_session_know()
    {
        var log = new LogTap("Login");
        await using var gateway = await StartAsync([Refusing with { Action = PolicyAction.Warn }], log);
        await using var client = await ConnectAsync(gateway, "imaps");
        await client.SendAsync("a LOGIN bob@example.org secret\r\n");
        await client.ExpectAsync("a OK ");
        Assert.Contains(" policy=old-tls policyAction=warn ", await log.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warning_may_be_shown_in_front_of_the_answer_to_the_login()
    {
        await using var gateway = await StartAsync(Refusing with { Action = PolicyAction.Warn, IsAlerting = true, Message = "Update by March" });
        await using var client = await ConnectAsync(gateway, "imaps");
        await client.ExpectAsync("\r\n");
        await client.SendAsync("a LOGIN bob@example.org wrong\r\n");
        Assert.Equal("a NO no\r\n", await client.ExpectAsync("\r\n"));
        await client.SendAsync("b LOGIN bob@example.org secret\r\n");
        Assert.Equal("* OK [ALERT] Update by March\r\nb OK in\r\n", await client.ExpectAsync("b OK in\r\n"));
        Assert.Equal("a OK in\r\n", await LogInAsync(gateway, "ann@example.org"));
    }

    [Theory]
    [InlineData("imaps", "a LOGIN bob@example.org secret\r\n", $"a NO [UNAVAILABLE] {Words}\r\n")]
    [InlineData("pop3s", "USER bob@example.org\r\nPASS secret\r\n", $"+OK\r\n-ERR [SYS/TEMP] {Words}\r\n")]
    [InlineData("submissions", "EHLO me\r\nAUTH PLAIN AGJvYkBleGFtcGxlLm9yZwBzZWNyZXQ=\r\n", $"454 4.7.0 {Words}\r\n")]
    [InlineData("sieves", "AUTHENTICATE \"PLAIN\" \"AGJvYkBleGFtcGxlLm9yZwBzZWNyZXQ=\"\r\n", $"NO (TRYLATER) \"{Words}\"\r\n")]
    public async Task A_refusal_for_a_while_says_so(string listener, string login, string answer)
    {
        await using var gateway = await StartAsync(Refusing with { During = [new(DateTimeOffset.UtcNow.AddHours(-1), TimeSpan.FromDays(1))] });
        await using var client = await ConnectAsync(gateway, listener);
        await client.ExpectAsync("\r\n");
        await client.SendAsync(login);
        Assert.EndsWith(answer, await client.ExpectAsync(answer[^12..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_in_the_log_with_its_policy_and_a_login_that_none_decides_on_has_none()
    {
        var log = new LogTap("Login");
        await using var gateway = await StartAsync([Refusing], log);
        await using var client = await ConnectAsync(gateway, "imaps");
        await client.SendAsync("a LOGIN bob@example.org secret\r\n");
        await client.ExpectAsync($"{Words}\r\n");
        var line = await log.NextAsync();
        Assert.Contains(" login refused ", line, StringComparison.Ordinal);
        Assert.Contains(" policy=old-tls policyAction=refuse ", line, StringComparison.Ordinal);
        Assert.Contains(" user=bob@example.org ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
        await client.SendAsync("b LOGIN ann@example.org secret\r\n");
        await client.ExpectAsync("b OK ");
        Assert.Contains(" policy=- policyAction=- ", await log.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_ends_before_it_says_who_it_is_has_no_policy_in_the_log()
    {
        var log = new LogTap("Login");
        await using var gateway = await StartAsync([Refusing], log);
        await using var client = await ConnectAsync(gateway, "imaps");
        await client.SendAsync("a LOGIN bob@example.org secret\r\n");
        await client.ExpectAsync($"{Words}\r\n");
        await log.NextAsync();
        await client.SendAsync("b AUTHENTICATE PLAIN\r\n");
        await client.ExpectAsync("+ ");
        await client.SendAsync("*\r\n");
        await client.ExpectAsync("b BAD ");
        await client.SendAsync("c AUTHENTICATE PLAIN AAA=\r\n");
        await client.ExpectAsync("c NO ");
        var line = await log.NextAsync();
        Assert.Contains(" policy=- policyAction=- ", line, StringComparison.Ordinal);
        Assert.Contains(" user=- ", line, StringComparison.Ordinal);
    }

    /// <summary>A list that is in force when a hold ends counts for those who waited.</summary>
    [Fact]
    public async Task A_login_that_waited_is_judged_once_more()
    {
        await using var gateway = await StartAsync(Refusing with { Users = new(["nobody"], []) });
        var overrides = gateway.Host.Services.GetRequiredService<UserOverrides>();
        overrides.Hold("bob@example.org", TimeSpan.FromMinutes(5));
        await using var client = await ConnectAsync(gateway, "imaps");
        await client.SendAsync("a LOGIN bob@example.org secret\r\n");
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (overrides.All.All(static user => user.Waiting == 0))
        {
            await Task.Delay(1, patience.Token);
        }

        gateway.Store.Replace(gateway.Store.Current with { Policies = [Refusing] });
        overrides.Release("bob@example.org");

        await client.ExpectAsync($"a NO [PRIVACYREQUIRED] {Words}\r\n");
        Assert.Empty(_logins);
    }

    [Fact]
    public async Task Guessing_goes_on_for_as_long_as_it_would_at_a_backend()
    {
        await using var gateway = await StartAsync(Refusing);
        await using var client = await ConnectAsync(gateway, "imaps");
        for (var i = 1; i <= HeldLoginMachine.MaxFailures; i++)
        {
            await client.SendAsync($"a{i} LOGIN bob@example.org guess{i}\r\n");
            await client.ExpectAsync($"a{i} NO [PRIVACYREQUIRED] {Words}\r\n");
        }

        Assert.Equal("* BYE Too many failed logins or commands\r\n", await client.ReadToEndAsync());
        Assert.Equal(CloseReason.TooManyLogins.Tag(), await gateway.Ends.NextAsync());
    }

    [Fact]
    public async Task A_reload_switches_a_policy_on_for_the_next_login_also_of_connections_that_are_there()
    {
        await using var gateway = await StartAsync(Refusing with { Action = PolicyAction.Warn });
        await using var client = await ConnectAsync(gateway, "imaps");
        await client.ExpectAsync("\r\n");

        gateway.Store.Replace(gateway.Store.Current with { Policies = [Refusing] });

        await client.SendAsync("a LOGIN bob@example.org secret\r\n");
        await client.ExpectAsync($"a NO [PRIVACYREQUIRED] {Words}\r\n");
    }

    [Fact]
    public async Task A_file_of_users_is_read_again_and_a_broken_one_leaves_the_last_good_list()
    {
        var path = Path.Combine(_folder.FullName, "users");
        await File.WriteAllTextAsync(path, "bob@example.org\n");
        await using var gateway = await StartAsync(Refusing with { Users = new([], [path]) });
        Assert.StartsWith("a NO ", await LogInAsync(gateway, "bob@example.org"), StringComparison.Ordinal);
        var watcher = gateway.Host.Services.GetRequiredService<SettingsFileWatcher>();

        await File.WriteAllTextAsync(path, "*@example.net\n");
        watcher.Report();
        Assert.StartsWith("a OK ", await LogInAsync(gateway, "bob@example.org"), StringComparison.Ordinal);
        Assert.StartsWith("a NO ", await LogInAsync(gateway, "ann@example.net"), StringComparison.Ordinal);

        await File.WriteAllTextAsync(path, "b*b\nbob@example.org\n");
        watcher.Report();
        Assert.StartsWith("a OK ", await LogInAsync(gateway, "bob@example.org"), StringComparison.Ordinal);

        File.Delete(path);
        watcher.Report();
        Assert.StartsWith("a NO ", await LogInAsync(gateway, "ann@example.net"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gateway_does_not_start_with_a_file_that_it_cannot_read()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => StartAsync(Refusing with { Users = new([], [Path.Combine(_folder.FullName, "nowhere")]) }));
        Assert.Contains("there is no file ", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A client of TLS 1.2.</summary>
    private static async Task<TestClient> ConnectAsync(TestGateway gateway, string listener, IPEndPoint? from = null) =>
        await TestClient.HandshakeAsync(
            await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses[listener], from), versions: SslProtocols.Tls12);

    private static async Task<string> LogInAsync(TestGateway gateway, string user, IPEndPoint? from = null)
    {
        await using var client = await ConnectAsync(gateway, "imaps", from);
        await client.ExpectAsync("\r\n");
        await client.SendAsync($"a LOGIN {user} secret\r\n");
        return await client.ExpectAsync("\r\n");
    }

    private Task<TestGateway> StartAsync(params PolicySettings[] policies) => StartAsync(policies, null);

    private Task<TestGateway> StartAsync(PolicySettings[] policies, LogTap? log) => TestGateway.StartAsync(
        settings => settings with
        {
            Policies = policies,
            Listeners =
            [
                .. settings.Listeners,
                settings.Listeners[1] with { Name = "sieves", Protocol = MailProtocol.Sieve, Backend = "dovecot-sieve" },
            ],
            Backends =
            [
                .. settings.Backends
                    .Append(settings.Backends[1] with { Name = "dovecot-sieve", Destinations = ["192.0.2.1:4190"] })
                    .Select(static backend => backend with
                    {
                        ProxyProtocol = ProxyHeaderVersion.None, Health = new HealthSettings { Interval = TimeSpan.Zero },
                    }),
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
            if (words is [var tag, "LOGIN", var user, "secret"])
            {
                _logins.Enqueue(user);
                await server.SendAsync($"{tag} OK in\r\n");
            }
            else
            {
                await server.SendAsync($"{words[0]} NO no\r\n");
            }
        }
    }
}
