using MailKit.Net.Imap;
using MailKit.Net.Pop3;
using MailKit.Net.Smtp;
using MailKit.Security;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Policies;

/// <summary>Users are moved from STARTTLS to implicit TLS in steps (RFC 8314 section 4.1), in front of real Postfix and Dovecot.</summary>
public sealed class StagedMigrationTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Words = "Please choose SSL/TLS on port 993, see https://example.test/mail";

    [Fact]
    public async Task Whoever_is_in_the_list_is_refused_on_STARTTLS_alone_whatever_the_password_and_the_servers_hear_nothing_of_it()
    {
        var (moved, other) = (Backends.NewUser(), Backends.NewUser());
        using var folder = new TemporaryFolder();
        var users = Path.Combine(folder.Path, "users");
        await File.WriteAllTextAsync(users, "# nobody yet\n");
        var gateway = await StartGatewayAsync(Setup with
        {
            HasStartTls = true,
            Arguments =
            [
                "--set", "policies.0.name=starttls-ends", "--set", "policies.0.action=refuse", "--set", "policies.0.transport=starttls",
                "--set", $"policies.0.users.0={users}", "--set", $"policies.0.message={Words}",
            ],
        });
        var startTls = gateway.Ports.StartTls;
        await LogInAsync(gateway, startTls.Imap, SecureSocketOptions.StartTls, moved.Name, moved.Password);
        await Eventually.LoggedAsync($"imap-login: Info: Login: user=<{moved.Name}>", () => Backends.Dovecot.Log);

        await File.WriteAllTextAsync(users, $"{moved.Name}\n");
        await Eventually.TrueAsync(
            "the list is read again",
            () => gateway.Process.Lines.Any(static line => line.Contains("Users of policies read again", StringComparison.Ordinal)));
        var before = LoginsIn(Backends.Dovecot.Log, moved);

        foreach (var password in (string[])[moved.Password, "wrong"])
        {
            var imap = await Assert.ThrowsAsync<AuthenticationException>(
                () => LogInAsync(gateway, startTls.Imap, SecureSocketOptions.StartTls, moved.Name, password));
            Assert.Equal(Words, imap.Message);
            await Assert.ThrowsAsync<AuthenticationException>(async () =>
            {
                using var client = new Pop3Client { ServerCertificateValidationCallback = gateway.Authority.Validate };
                await client.ConnectAsync("localhost", startTls.Pop3, SecureSocketOptions.StartTls);
                await client.AuthenticateAsync(moved.Name, password);
            });
            var smtp = await Assert.ThrowsAsync<AuthenticationException>(async () =>
            {
                using var client = new SmtpClient { ServerCertificateValidationCallback = gateway.Authority.Validate };
                await client.ConnectAsync("localhost", startTls.Smtp, SecureSocketOptions.StartTls);
                await client.AuthenticateAsync(moved.Name, password);
            });
            Assert.Contains($"5.7.0 {Words}", smtp.Message, StringComparison.Ordinal);
        }

        // Whatever the server has to say of the one before is in its log by now.
        await LogInAsync(gateway, startTls.Imap, SecureSocketOptions.StartTls, other.Name, other.Password);
        await Eventually.LoggedAsync($"imap-login: Info: Login: user=<{other.Name}>", () => Backends.Dovecot.Log);
        Assert.Equal(before, LoginsIn(Backends.Dovecot.Log, moved));
        await LogInAsync(gateway, gateway.Ports.Imap, SecureSocketOptions.SslOnConnect, moved.Name, moved.Password);
        var metrics = await gateway.GetAsync("/metrics");
        foreach (var listener in (string[])["imap", "pop3", "submission"])
        {
            // Mail programs try more than one mechanism.
            Assert.Matches(
                $"tlsfront_policy_decisions_total[{{][^}}]*tlsfront_action=\"refuse\"[^}}]*tlsfront_listener=\"{listener}\"[^}}]*"
                + "tlsfront_policy=\"starttls-ends\"[^}]*[}] ([2-9]|[1-9][0-9])", metrics);
        }
    }

    private static int LoginsIn(string log, MailUser user) =>
        log.Split('\n').Count(line => line.Contains($"user=<{user.Name}>", StringComparison.Ordinal));

    private static async Task LogInAsync(GatewayProcess gateway, int port, SecureSocketOptions security, string user, string password)
    {
        using var client = new ImapClient { ServerCertificateValidationCallback = gateway.Authority.Validate };
        await client.ConnectAsync("localhost", port, security);
        await client.AuthenticateAsync(user, password);
        await client.DisconnectAsync(quit: true);
    }
}
