using System.Text.RegularExpressions;
using MailKit.Net.Imap;
using MailKit.Net.Pop3;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Delivery;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.HeldLogin;

/// <summary>Logins that wait until it is known where their user is at home, in front of three real Dovecots and three real Postfixes.</summary>
public sealed class HeldLoginTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output), IAsyncLifetime
{
    private const string Looker = "127.0.0.61";
    private const string Message = "From: sender@example.test\r\nSubject: held\r\n\r\nhello\r\n";

    private readonly List<Dovecot> _dovecots = [];
    private readonly List<Postfix> _postfixes = [];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var name in new[] { "one", "two", "three" })
        {
            _dovecots.Add(await Backends.StartDovecotAsync($"held-{name}", "plain login scram-sha-256"));
            _postfixes.Add(await Backends.StartPostfixAsync($"held-{name}-postfix"));
        }
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var server in _dovecots.Concat<IAsyncDisposable>(_postfixes))
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task All_mail_of_a_user_goes_through_one_server_of_each_kind_over_implicit_TLS_and_STARTTLS()
    {
        var gateway = await StartAsync();
        var users = Enumerable.Range(0, 6).Select(_ => Backends.NewUser()).ToList();
        foreach (var user in users)
        {
            string[] login = ["--user", $"{user.Name}:{user.Password}"];
            string[] mail = [.. login, "--mail-from", user.Address, "--mail-rcpt", user.Address, "--upload-file", "-"];
            (await gateway.CurlAsync(gateway.Ports.Smtp, "smtps://HOST", Message, mail)).Succeeded();
            var file = await user.DeliveredAsync();
            Assert.Matches(@"with ESMTPSA\s+id \w+\.1\s+for <.*>\s+tls TLS_AES_256_GCM_SHA384", new DeliveredMail(file).OurReceived());
            (await gateway.CurlAsync(gateway.Ports.StartTls.Smtp, "smtp://HOST", Message, ["--ssl-reqd", .. mail])).Succeeded();
            foreach (var (port, url, options) in new (int Port, string Url, string[] Options)[]
            {
                (gateway.Ports.Imap, "imaps://HOST/INBOX;MAILINDEX=1", []),
                (gateway.Ports.StartTls.Imap, "imap://HOST/INBOX;MAILINDEX=1", ["--ssl-reqd"]),
                (gateway.Ports.Pop3, "pop3s://HOST/1", []),
                (gateway.Ports.StartTls.Pop3, "pop3://HOST/1", ["--ssl-reqd"]),
            })
            {
                var read = (await gateway.CurlAsync(port, url, "", [.. options, .. login])).Succeeded().Output;
                Assert.Contains("Subject: held", read, StringComparison.Ordinal);
            }

            foreach (var (port, security) in new[] { (gateway.Ports.Sieve.Implicit, "implicit"), (gateway.Ports.Sieve.StartTls, "starttls") })
            {
                (await Command.PythonAsync("session_sieve.py", $"{port}", gateway.AuthorityFile, user.Name, user.Password, security)).Succeeded();
            }
        }

        foreach (var service in new[] { "imap", "pop3", "managesieve" })
        {
            await AtHomeAsync(
                users, _dovecots.Select(static dovecot => dovecot.Log), user => $"{service}-login: Info: Login: user=<{user.Name}>.*secured");
        }

        await AtHomeAsync(users, _postfixes.Select(static postfix => postfix.Log), static user => $"sasl_username={user.Name}\n");
    }

    [Fact]
    public async Task Clients_are_offered_what_the_servers_have_in_common_and_log_in_by_every_way_they_know()
    {
        var user = Backends.NewUser();
        var gateway = await StartAsync();
        foreach (var mechanism in new[] { "PLAIN", "LOGIN", "SCRAM-SHA-256" })
        {
            // The Postfixes ask a Dovecot that knows the first two.
            if (mechanism != "SCRAM-SHA-256")
            {
                using var smtp = new SmtpClient { ServerCertificateValidationCallback = gateway.Authority.Validate };
                await smtp.ConnectAsync("localhost", gateway.Ports.Smtp, SecureSocketOptions.SslOnConnect);
                Assert.Equal(["LOGIN", "PLAIN"], smtp.AuthenticationMechanisms.Order());
                Assert.True(smtp.Capabilities.HasFlag(SmtpCapabilities.Size | SmtpCapabilities.Pipelining | SmtpCapabilities.Chunking));
                await smtp.AuthenticateAsync(SaslMechanism.Create(mechanism, new(user.Name, user.Password))!);
                using var message = new MimeMessage(
                    [new MailboxAddress("a", user.Address)], [new MailboxAddress("b", user.Address)], mechanism,
                    new TextPart("plain") { Text = "x" });
                await smtp.SendAsync(message);
                await smtp.DisconnectAsync(quit: true);
            }

            using (var imap = new ImapClient { ServerCertificateValidationCallback = gateway.Authority.Validate })
            {
                await imap.ConnectAsync("localhost", gateway.Ports.Imap, SecureSocketOptions.SslOnConnect);
                Assert.True(imap.Capabilities.HasFlag(ImapCapabilities.SaslIR));
                Assert.Contains(mechanism, imap.AuthenticationMechanisms);
                await Assert.ThrowsAsync<AuthenticationException>(() => imap.AuthenticateAsync(user.Name, "wrong"));
                await imap.AuthenticateAsync(SaslMechanism.Create(mechanism, new(user.Name, user.Password))!);
                await imap.Inbox.OpenAsync(MailKit.FolderAccess.ReadOnly);
                Assert.True(imap.Capabilities.HasFlag(ImapCapabilities.Idle | ImapCapabilities.UidPlus));
                await imap.DisconnectAsync(quit: true);
            }

            using var pop3 = new Pop3Client { ServerCertificateValidationCallback = gateway.Authority.Validate };
            await pop3.ConnectAsync("localhost", gateway.Ports.Pop3, SecureSocketOptions.SslOnConnect);
            await pop3.AuthenticateAsync(SaslMechanism.Create(mechanism, new(user.Name, user.Password))!);
            Assert.True(await pop3.GetMessageCountAsync() > 0);
            await pop3.DisconnectAsync(quit: true);
        }
    }

    [Fact]
    public async Task Nobody_reaches_a_server_without_a_login_and_a_dead_one_costs_only_its_own_users_a_second_try()
    {
        var gateway = await StartAsync();
        await using (var looker = gateway.Open(gateway.Ports.Imap, $"source={Looker}"))
        {
            await looker.UntilAsync("* OK [CAPABILITY IMAP4rev1 ");
            await looker.AskAsync("a CAPABILITY", "a OK");
            await looker.AskAsync("b LOGOUT", "b OK");
        }

        // Whom the header names is nobody but a client; probes name the gateway itself.
        Assert.All(_dovecots, static dovecot => Assert.DoesNotContain($"rip={Looker}", dovecot.Log, StringComparison.Ordinal));
        var users = Enumerable.Range(0, 6).Select(_ => Backends.NewUser()).ToList();
        foreach (var user in users)
        {
            await using var session = gateway.Open(gateway.Ports.Imap);
            await session.UntilAsync("* OK");
            await session.AskAsync($"a LOGIN {user.Name} {user.Password}", "a OK");
        }

        // The log would have shown the looker.
        await using (var known = gateway.Open(gateway.Ports.Imap, $"source={Looker}"))
        {
            await known.UntilAsync("* OK");
            await known.AskAsync($"a LOGIN {users[0].Name} {users[0].Password}", "a OK");
        }

        await Eventually.TrueAsync(
            "the looker's login", () => _dovecots.Exists(static dovecot => dovecot.Log.Contains($"rip={Looker}", StringComparison.Ordinal)));
        await _dovecots[1].KillAsync();
        foreach (var user in users)
        {
            await using var session = gateway.Open(gateway.Ports.Imap);
            await session.UntilAsync("* OK");
            await session.AskAsync($"a LOGIN {user.Name} {user.Password}", "a OK");
        }
    }

    [Fact]
    public async Task A_user_moves_with_the_line_of_a_map_and_to_one_server_where_it_names_one()
    {
        using var folder = new TemporaryFolder();
        var (bob, alice, carol) = (Backends.NewUser(), Backends.NewUser(), Backends.NewUser());
        var map = folder.PathOf("users.map");
        await File.WriteAllTextAsync(map, $"{bob.Name} other:127.0.0.1:{_dovecots[2].ImapPort}\n{alice.Name} dovecot-imap\n");
        var gateway = await StartGatewayAsync(Setup with
        {
            Imap = [_dovecots[0].ImapPort],
            OtherImap = [_dovecots[1].ImapPort, _dovecots[2].ImapPort],
            ImapUsers = map,
            HasStartTls = true,
        });
        foreach (var user in new[] { bob, alice, carol })
        {
            await LogInAsync(gateway, user);
        }

        Assert.Equal([2, 0, 0], new[] { bob, alice, carol }.Select(HomeOf));

        var explained = (await ExplainAsync(gateway, bob)).Succeeded().Output;
        Assert.Contains($"127.0.0.1:{_dovecots[2].ImapPort}", explained, StringComparison.Ordinal);
        Assert.Contains($"{map}:1", explained, StringComparison.Ordinal);

        await File.WriteAllTextAsync(map, $"{alice.Name} nowhere\n");
        await Eventually.TrueAsync("the mistake in the log", () => gateway.Log.Contains("nowhere", StringComparison.Ordinal));
        await LogInAsync(gateway, bob);

        await File.WriteAllTextAsync(map, $"{carol.Name} other:127.0.0.1:{_dovecots[1].ImapPort}\n");
        await Eventually.TrueAsync("carol moved", async () =>
        {
            await LogInAsync(gateway, carol);
            return _dovecots[1].Log.Contains($"Login: user=<{carol.Name}>", StringComparison.Ordinal);
        });
    }

    private int HomeOf(MailUser user) =>
        _dovecots.FindIndex(dovecot => dovecot.Log.Contains($"Login: user=<{user.Name}>", StringComparison.Ordinal));

    private static async Task LogInAsync(GatewayProcess gateway, MailUser user)
    {
        await using var session = gateway.Open(gateway.Ports.Imap);
        await session.UntilAsync("* OK");
        await session.AskAsync($"a LOGIN {user.Name} {user.Password}", "a OK");
        await session.AskAsync("b LOGOUT", "b OK");
    }

    private static Task<Command> ExplainAsync(GatewayProcess gateway, MailUser user)
    {
        var (command, arguments) = GatewayBinary.Command(
            ["route", "explain", "--user", user.Name, "--listener", "imaps", "-c", gateway.ConfigurationFile]);
        return Command.RunAsync(command, arguments);
    }

    [Fact]
    public async Task No_password_is_left_in_the_memory_of_the_process()
    {
        var user = Backends.NewUser();
        var gateway = await StartAsync("--engine", "native");
        await using var imap = gateway.Open(gateway.Ports.Imap);
        await imap.UntilAsync("* OK");
        await imap.AskAsync($"a LOGIN {user.Name} {user.Password}", "a OK");
        await using var smtp = gateway.Open(gateway.Ports.Smtp);
        await smtp.ReplyAsync("220");
        await smtp.SendAsync("EHLO client.example\r\n");
        await smtp.ReplyAsync("250");
        await smtp.SendAsync($"AUTH PLAIN {user.PlainCredentials}\r\n");
        await smtp.ReplyAsync("235");

        // What is there is found.
        Assert.NotEmpty(ProcessMemory.Find(gateway.Process.Id, GatewayProcess.Name));
        foreach (var secret in new[] { user.PlainCredentials, user.Password })
        {
            var left = ProcessMemory.Find(gateway.Process.Id, secret);
            Assert.True(left.Count == 0, string.Join('\n', left));
        }
    }

    private static async Task AtHomeAsync(IEnumerable<MailUser> users, IEnumerable<string> logs, Func<MailUser, string> login)
    {
        foreach (var user in users)
        {
            await Eventually.TrueAsync($"a login of {user.Name}", () => logs.Any(log => Regex.IsMatch(log, login(user))));
            Assert.Single(logs, log => Regex.IsMatch(log, login(user)));
        }
    }

    private Task<GatewayProcess> StartAsync(params IReadOnlyList<string> arguments) => StartGatewayAsync(new GatewaySetup
    {
        Arguments = arguments,
        Smtp = [.. _postfixes.Select(static postfix => postfix.SubmissionPort)],
        Imap = [.. _dovecots.Select(static dovecot => dovecot.ImapPort)],
        Pop3 = [.. _dovecots.Select(static dovecot => dovecot.Pop3Port)],
        Sieve = [.. _dovecots.Select(static dovecot => dovecot.SievePort)],
        HasStartTls = true,
        IsSticky = true,
    });
}
