using System.Net.Sockets;
using System.Text;
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

namespace TlsFront.SystemTests.StartTls;

/// <summary>STARTTLS on the ports that clients still have configured, in front of real Postfix and Dovecot.</summary>
public sealed class StartTlsTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Message = "From: sender@example.test\r\nSubject: by STARTTLS\r\n\r\nhello\r\n";

    [Fact]
    public async Task A_message_sent_and_read_with_curl_is_as_on_implicit_TLS()
    {
        var user = Backends.NewUser();
        var gateway = await StartAsync();
        var ports = gateway.Ports.StartTls;
        string[] login = ["--ssl-reqd", "--user", $"{user.Name}:{user.Password}"];

        (await gateway.CurlAsync(
            ports.Smtp, "smtp://HOST", Message,
            [.. login, "--mail-from", user.Address, "--mail-rcpt", user.Address, "--upload-file", "-"])).Succeeded();
        var mail = new DeliveredMail(await user.DeliveredAsync());
        Assert.Matches(@"with ESMTPSA\s+id \w+\.1\s+for <.*>\s+tls TLS_AES_256_GCM_SHA384", mail.OurReceived());
        var read = (await gateway.CurlAsync(ports.Imap, "imap://HOST/INBOX;MAILINDEX=1", "", login)).Succeeded().Output;
        Assert.Contains("by STARTTLS", read, StringComparison.Ordinal);
        read = (await gateway.CurlAsync(ports.Pop3, "pop3://HOST/1", "", login)).Succeeded().Output;
        Assert.Contains("by STARTTLS", read, StringComparison.Ordinal);

        // The PROXY header says that the client has TLS.
        await Eventually.LoggedAsync($@"imap-login: Info: Login: user=<{user.Name}>.*secured", () => Backends.Dovecot.Log);
        await Eventually.LoggedAsync($@"pop3-login: Info: Login: user=<{user.Name}>.*secured", () => Backends.Dovecot.Log);
        await Eventually.TrueAsync(
            "the access log tells STARTTLS apart",
            () => gateway.Process.Lines.Any(static line => line.Contains("\"Transport\":\"starttls\"", StringComparison.Ordinal)
                && line.Contains("TLS_AES_256_GCM_SHA384", StringComparison.Ordinal)));
        var metrics = await gateway.GetAsync("/metrics");
        Assert.Matches("tlsfront_logins_total[{][^}]*tlsfront_listener=\"imap\"[^}]*tlsfront_transport=\"starttls\"", metrics);
    }

    [Fact]
    public async Task MailKit_sends_and_reads()
    {
        var user = Backends.NewUser();
        var gateway = await StartAsync();
        using (var smtp = new SmtpClient { ServerCertificateValidationCallback = gateway.Authority.Validate })
        {
            await smtp.ConnectAsync("localhost", gateway.Ports.StartTls.Smtp, SecureSocketOptions.StartTls);
            await smtp.AuthenticateAsync(user.Name, user.Password);
            using var message = new MimeMessage(
                [new MailboxAddress("a", user.Address)], [new MailboxAddress("b", user.Address)], "by MailKit", new TextPart("plain") { Text = "x" });
            await smtp.SendAsync(message);
            await smtp.DisconnectAsync(quit: true);
        }

        await user.DeliveredAsync();
        using (var imap = new ImapClient { ServerCertificateValidationCallback = gateway.Authority.Validate })
        {
            await imap.ConnectAsync("localhost", gateway.Ports.StartTls.Imap, SecureSocketOptions.StartTls);
            await imap.AuthenticateAsync(user.Name, user.Password);
            await imap.Inbox.OpenAsync(MailKit.FolderAccess.ReadOnly);
            Assert.Equal(1, imap.Inbox.Count);
            await imap.DisconnectAsync(quit: true);
        }

        using var pop3 = new Pop3Client { ServerCertificateValidationCallback = gateway.Authority.Validate };
        await pop3.ConnectAsync("localhost", gateway.Ports.StartTls.Pop3, SecureSocketOptions.StartTls);
        await pop3.AuthenticateAsync(user.Name, user.Password);
        Assert.Equal("by MailKit", (await pop3.GetMessageAsync(0)).Subject);
        await pop3.DisconnectAsync(quit: true);
    }

    [Fact]
    public async Task Pythons_own_clients_and_swaks_and_openssl_get_TLS()
    {
        var user = Backends.NewUser();
        var gateway = await StartAsync();
        var ports = gateway.Ports.StartTls;
        (await Command.PythonAsync(
            "starttls.py", $"{ports.Smtp}", $"{ports.Imap}", $"{ports.Pop3}", gateway.AuthorityFile, user.Name, user.Password)).Succeeded();
        (await Command.RunAsync(
            "swaks",
            [
                "--server", "127.0.0.1", "--port", $"{ports.Smtp}", "--tls", "--tls-verify", "--tls-ca-path", gateway.AuthorityFile,
                "--auth", "PLAIN", "--auth-user", user.Name, "--auth-password", user.Password, "--from", user.Address, "--to", user.Address,
            ])).Succeeded();
        foreach (var (port, protocol) in new[] { (ports.Smtp, "smtp"), (ports.Imap, "imap"), (ports.Pop3, "pop3") })
        {
            var handshake = await gateway.OpenSslAsync(port, "", "-starttls", protocol, "-servername", GatewayProcess.Name, "-verify_return_error");
            Assert.Contains("Verify return code: 0 (ok)", handshake.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Msmtp_and_mutt_send()
    {
        var user = Backends.NewUser();
        var gateway = await StartAsync();
        using var folder = new TemporaryFolder();
        var ports = gateway.Ports;
        foreach (var (port, startTls) in new[] { (ports.StartTls.Smtp, "on"), (ports.Smtp, "off") })
        {
            (await Command.RunAsync(
                "msmtp",
                [
                    "--file=/dev/null", "--host=localhost", $"--port={port}", "--auth=on", $"--user={user.Name}",
                    $"--passwordeval=echo {user.Password}",
                    "--tls=on", $"--tls-starttls={startTls}", $"--tls-trust-file={gateway.AuthorityFile}", $"--from={user.Address}", "--",
                    user.Address,
                ],
                Message)).Succeeded();
        }

        foreach (var (port, scheme) in new[] { (ports.StartTls.Smtp, "smtp"), (ports.Smtp, "smtps") })
        {
            var settings = folder.PathOf("muttrc");
            await File.WriteAllTextAsync(settings, $"""
                set smtp_url = "{scheme}://{user.Name}@localhost:{port}/"
                set smtp_pass = "{user.Password}"
                set ssl_force_tls = yes
                set certificate_file = "{gateway.AuthorityFile}"
                set ssl_usesystemcerts = no
                set from = "{user.Address}"
                set copy = no

                """);
            (await Command.RunAsync("mutt", ["-n", "-F", settings, "-s", "by mutt", "--", user.Address], "hello\n")).Succeeded();
        }

        await Eventually.TrueAsync("four messages", () => user.DeliveredCount == 4);
    }

    [Fact]
    public async Task Probe_goes_the_way_of_a_client()
    {
        var gateway = await StartAsync();
        var ports = gateway.Ports.StartTls;
        var (command, arguments) = GatewayBinary.Command(
            ["probe", "--insecure", $"smtp://127.0.0.1:{ports.Smtp}", $"imap://127.0.0.1:{ports.Imap}", $"pop3://127.0.0.1:{ports.Pop3}"]);
        var probe = (await Command.RunAsync(command, arguments)).Succeeded();
        Assert.Equal(3, probe.Output.Split("TLS 1.3").Length - 1);

        (command, arguments) = GatewayBinary.Command(["probe", "--insecure", $"imap://127.0.0.1:{gateway.Ports.Imap}"]);
        Assert.Equal(1, (await Command.RunAsync(command, arguments)).ExitCode);
    }

    /// <summary>What is put behind STARTTLS, however it arrives, is never a command to anybody: USENIX Security 2021, and CVE-2011-0411.</summary>
    [Theory]
    [InlineData("smtp", "EHLO x\r\n", "250 ", "STARTTLS\r\n", "RSET\r\nNOOP\r\nQUIT\r\n")]
    [InlineData("imap", "", "* OK", "a STARTTLS\r\n", "b NOOP\r\nc LOGOUT\r\n")]
    [InlineData("pop3", "", "+OK", "STLS\r\n", "CAPA\r\nQUIT\r\n")]
    public async Task What_is_put_behind_STARTTLS_ends_the_connection(string protocol, string before, string answer, string command, string injected)
    {
        var gateway = await StartAsync();
        var ports = gateway.Ports.StartTls;
        var port = protocol switch { "smtp" => ports.Smtp, "imap" => ports.Imap, _ => ports.Pop3 };
        var both = command + injected;
        for (var cut = 1; cut < both.Length; cut++)
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync("127.0.0.1", port);
            var stream = client.GetStream();
            if (before.Length > 0)
            {
                await UntilAsync(stream, "220 ");
                await stream.WriteAsync(Encoding.ASCII.GetBytes(before));
            }

            await UntilAsync(stream, answer);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(both[..cut]));
            if (cut >= command.Length)
            {
                // Behind the whole command the gateway has answered, one way or the other, before it sees the rest.
                await ReadAsync(stream);
            }

            var rest = await SendAndReadToEndAsync(client, both[cut..]);
            Assert.DoesNotContain("250 2.0.0", rest, StringComparison.Ordinal);
            Assert.DoesNotContain("b OK", rest, StringComparison.Ordinal);
            Assert.DoesNotContain("221", rest, StringComparison.Ordinal);
            Assert.DoesNotContain("BYE Logging", rest, StringComparison.Ordinal);
            Assert.DoesNotContain("RESP-CODES", rest, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Smtp", "AUTH PLAIN AHVzZXIAc2VjcmV0LW9uLXRoZS13aXJl\r\n", "530 ")]
    [InlineData("Imap", "a LOGIN user secret-on-the-wire\r\n", "a NO [PRIVACYREQUIRED]")]
    [InlineData("Pop3", "PASS secret-on-the-wire\r\n", "-ERR TLS")]
    public async Task A_password_in_cleartext_is_refused_noted_and_never_written_down(string listener, string login, string refusal)
    {
        var gateway = await StartAsync();
        var ports = gateway.Ports.StartTls;
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", listener switch { "Smtp" => ports.Smtp, "Imap" => ports.Imap, _ => ports.Pop3 });
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(login));
            await UntilAsync(client.GetStream(), refusal);
        }

        await Eventually.TrueAsync(
            "the line of the connection",
            () => gateway.Process.Lines.Any(static line => line.Contains("\"CredentialsExposed\":\"yes\"", StringComparison.Ordinal)));
        Assert.DoesNotContain("secret-on-the-wire", gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0LW9uLXRoZS13aXJl", gateway.Log, StringComparison.Ordinal);
        Assert.Matches("tlsfront_credentials_exposed[^ ]* 1", await gateway.GetAsync("/metrics"));
    }

    private Task<GatewayProcess> StartAsync() => StartGatewayAsync(Setup with { HasStartTls = true });

    private static async Task<string> SendAndReadToEndAsync(TcpClient client, string text)
    {
        var stream = client.GetStream();
        var all = new StringBuilder();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
            while (await ReadAsync(stream) is { Length: > 0 } more)
            {
                all.Append(more);
            }
        }
        catch (IOException)
        {
            // It was ended on both sides at once.
        }

        return all.ToString();
    }

    private static async Task UntilAsync(NetworkStream stream, string text)
    {
        var all = "";
        while (!all.Contains(text, StringComparison.Ordinal))
        {
            var more = await ReadAsync(stream);
            Assert.NotEqual("", more);
            all += more;
        }
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var buffer = new byte[4096];
        var length = await stream.ReadAsync(buffer).AsTask().WaitAsync(Eventually.Deadline);
        return Encoding.Latin1.GetString(buffer, 0, length);
    }
}
