using System.Text.RegularExpressions;
using MailKit.Net.Imap;
using MailKit.Net.Pop3;
using MailKit.Net.Smtp;
using MailKit.Search;
using MailKit.Security;
using MimeKit;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Certificates;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Peers;

/// <summary>Submission to OpenSMTPD and Exim, and reading from Cyrus.</summary>
public sealed class PeerTests(PeerServers servers, ITestOutputHelper output) : IClassFixture<PeerServers>, IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        foreach (
            var (name, log) in new[]
            {
                ("OpenSMTPD", servers.OpenSmtpd.Log), ("Exim", servers.Exim.Log), ("TlsFront, TLS", servers.Secure.Log),
                ("TlsFront", servers.Clear.Log)
            })
        {
            output.WriteLine($"--- {name}\n{string.Join('\n', log.Split('\n').TakeLast(25))}");
        }

        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task OpenSMTPD_takes_a_message_over_PROXY_v2_and_TLS_and_sees_the_client(string mechanism)
    {
        var user = servers.Root.NewUser();
        await SwaksAsync(servers.Secure, user, mechanism, "127.0.0.61");

        var text = await user.DeliveredAsync();
        AssertReceived(text, user, "127.0.0.61");
        Assert.Matches(@"from \S+ \(\S+ \[127\.0\.0\.61\]\)\s+by mail\.internal \(OpenSMTPD\) with ESMTPSA", text);
        await Eventually.LoggedAsync(Regex.Escape("smtp connected address=127.0.0.61"), () => servers.OpenSmtpd.Log);
        await Eventually.LoggedAsync(@"smtp tls ciphers=TLSv1\.3", () => servers.OpenSmtpd.Log);
        await Eventually.LoggedAsync(Regex.Escape($"smtp authentication user={user.Name} result=ok"), () => servers.OpenSmtpd.Log);
    }

    [Fact]
    public async Task Exim_takes_a_message_over_PROXY_v2_and_sees_the_client()
    {
        var user = servers.Root.NewUser();
        await SwaksAsync(servers.Clear, user, "PLAIN", "127.0.0.62");

        AssertReceived(await user.DeliveredAsync(), user, "127.0.0.62");
        await Eventually.LoggedAsync(
            $@"<= {user.Address} H=\S+( \S+)? \[127\.0\.0\.62\].* P=esmtpa A=plain:{user.Name} ", () => servers.Exim.Log);
    }

    [Fact]
    public async Task Exim_takes_a_message_in_chunks()
    {
        var user = servers.Root.NewUser();
        using var client = new SmtpClient { ServerCertificateValidationCallback = servers.Clear.Authority.Validate };
        await client.ConnectAsync("localhost", servers.Clear.Ports.Smtp, SecureSocketOptions.SslOnConnect);
        Assert.True(client.Capabilities.HasFlag(SmtpCapabilities.Chunking));
        await client.AuthenticateAsync(user.Name, user.Password);
        using var message = Message(user);
        await client.SendAsync(message);
        await client.DisconnectAsync(quit: true);

        AssertReceived(await user.DeliveredAsync(), user, "127.0.0.1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cyrus_is_read_over_IMAP_and_POP3(bool tls)
    {
        var user = servers.Root.NewUser();
        var gateway = tls ? servers.Secure : servers.Clear;
        using var imap = new ImapClient { ServerCertificateValidationCallback = gateway.Authority.Validate };
        await imap.ConnectAsync("localhost", gateway.Ports.Imap, SecureSocketOptions.SslOnConnect);
        Assert.False(imap.Capabilities.HasFlag(ImapCapabilities.StartTLS));
        Assert.False(imap.Capabilities.HasFlag(ImapCapabilities.LoginDisabled));
        await imap.AuthenticateAsync(user.Name, user.Password);
        await imap.Inbox.OpenAsync(MailKit.FolderAccess.ReadWrite);
        using var message = Message(user);
        await imap.Inbox.AppendAsync(new MailKit.AppendRequest(message));
        var found = await imap.Inbox.SearchAsync(SearchQuery.SubjectContains("a peer"));
        Assert.Equal("body", (await imap.Inbox.GetMessageAsync(Assert.Single(found))).TextBody?.Trim());
        await imap.DisconnectAsync(quit: true);

        using var pop3 = new Pop3Client { ServerCertificateValidationCallback = gateway.Authority.Validate };
        await pop3.ConnectAsync("localhost", gateway.Ports.Pop3, SecureSocketOptions.SslOnConnect);
        await pop3.AuthenticateAsync(user.Name, user.Password);
        Assert.Equal("a peer", (await pop3.GetMessageAsync(0)).Subject);
        await pop3.DeleteMessageAsync(0);
        await pop3.DisconnectAsync(quit: true);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Each_is_reached_by_STARTTLS_as_well_and_with_logins_that_are_held(bool tls, bool isHeld)
    {
        var user = servers.Root.NewUser();
        var gateway = servers.Of(tls, isHeld);
        (await Command.RunAsync("swaks", [
            "--server", "127.0.0.1", "--port", $"{gateway.Ports.StartTls.Smtp}", "--tls", "--auth", "PLAIN", "--auth-user", user.Name,
            "--auth-password", user.Password, "--from", user.Address, "--to", user.Address, "--local-interface", "127.0.0.63"])).Succeeded();
        AssertReceived(await user.DeliveredAsync(), user, "127.0.0.63");

        foreach (var (imapPort, pop3Port, options) in new[]
        {
            (gateway.Ports.StartTls.Imap, gateway.Ports.StartTls.Pop3, SecureSocketOptions.StartTls),
            (gateway.Ports.Imap, gateway.Ports.Pop3, SecureSocketOptions.SslOnConnect),
        })
        {
            using var imap = new ImapClient { ServerCertificateValidationCallback = gateway.Authority.Validate };
            await imap.ConnectAsync("localhost", imapPort, options);
            await Assert.ThrowsAsync<AuthenticationException>(() => imap.AuthenticateAsync(user.Name, "wrong"));
            await imap.AuthenticateAsync(user.Name, user.Password);
            using var message = Message(user);
            await imap.Inbox.AppendAsync(new MailKit.AppendRequest(message));
            await imap.DisconnectAsync(quit: true);

            using var pop3 = new Pop3Client { ServerCertificateValidationCallback = gateway.Authority.Validate };
            await pop3.ConnectAsync("localhost", pop3Port, options);
            await pop3.AuthenticateAsync(user.Name, user.Password);
            Assert.Equal("a peer", (await pop3.GetMessageAsync(0)).Subject);
            await pop3.DeleteMessageAsync(0);
            await pop3.DisconnectAsync(quit: true);
        }
    }

    [Theory]
    [InlineData(true, DebianRoot.InternalName, "tls.ca must name its authority")]
    [InlineData(false, "other.internal", "tls.serverName must be a name it has")]
    public async Task A_server_whose_certificate_proves_nothing_gets_no_session_and_the_log_names_the_setting(
        bool isStranger, string name, string words)
    {
        using var folder = new TemporaryFolder();
        using var stranger = new TestAuthority();
        var authority = isStranger ? folder.PathOf("ca.pem") : servers.Root.AuthorityFile;
        await File.WriteAllTextAsync(folder.PathOf("ca.pem"), stranger.Pem);
        var tls = $"{{ mode: implicit, ca: {authority}, serverName: {name} }}";
        await using var gateway = await GatewayProcess.StartAsync(new GatewaySetup
        {
            Smtp = [servers.OpenSmtpd.Port],
            SmtpKind = "opensmtpd",
            SmtpTls = tls,
            Imap = [servers.Cyrus.ImapsPort],
            Pop3 = [servers.Cyrus.Pop3sPort],
            AccessKind = "cyrus",
            AccessProxyProtocol = null,
            AccessTls = tls,
        });
        foreach (
            var (port, refusal) in new[]
            {
                (gateway.Ports.Smtp, "421 4.3.2 "), (gateway.Ports.Imap, "* BYE [UNAVAILABLE] "), (gateway.Ports.Pop3, "-ERR [SYS/TEMP] ")
            })
        {
            await using var session = gateway.Open(port);
            Assert.StartsWith(refusal, await session.LineAsync(), StringComparison.Ordinal);
            Assert.Equal("close_notify", await session.EndAsync());
        }

        await Eventually.TrueAsync(
            "each end in the log",
            () => gateway.Process.Lines.Count(line => line.Contains("\"Reason\":\"backend_unavailable\"", StringComparison.Ordinal)) == 3);
        foreach (var backend in new[] { "postfix", "dovecot-imap", "dovecot-pop3" })
        {
            Assert.Contains(gateway.Process.Lines, line =>
                line.Contains("\"EventId\":300,", StringComparison.Ordinal)
                    && line.Contains($"\"Backend\":\"{backend}\"", StringComparison.Ordinal)
                    && line.Contains(words, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Probes_find_every_server_healthy()
    {
        foreach (var gateway in new[] { servers.Secure, servers.Clear })
        {
            // The last probe of each: an earlier one may have found a busy machine.
            await Eventually.TrueAsync("each server's last probe is good", async () =>
                Regex.Count(await gateway.GetAsync("/api/v1/status"), @"""lastProbe"":\{[^}]*""result"":""good""") == 3);
        }
    }

    private static async Task SwaksAsync(GatewayProcess gateway, MailUser user, string mechanism, string client) =>
        (await Command.RunAsync("swaks", [
            "--server", "127.0.0.1", "--port", $"{gateway.Ports.Smtp}", "--tls-on-connect", "--auth", mechanism, "--auth-user", user.Name,
            "--auth-password", user.Password,
            "--from", user.Address, "--to", user.Address, "--header", "Subject: a peer", "--local-interface", client])).Succeeded();

    private static void AssertReceived(string text, MailUser user, string client) => Assert.Single(Regex.Matches(
        text,
        $@"\(\[{Regex.Escape(client)}\]\)\s+by mail\.example\.test\s+with ESMTPSA\s+id \w+\.1" +
            $@"\s+for <{user.Address}>\s+tls TLS_AES_256_GCM_SHA384\b"));

    private static MimeMessage Message(MailUser user) =>
        new([new MailboxAddress("a", user.Address)], [new MailboxAddress("b", user.Address)], "a peer", new TextPart("plain") { Text = "body" });
}
