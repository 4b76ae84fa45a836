using MailKit.Net.Imap;
using MailKit.Net.Smtp;
using MailKit.Security;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Delivery;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Policies;

/// <summary>The last devices without TLS are served as long as a policy says so (RFC 8314 section 4.1), by real Postfix and Dovecot.</summary>
public sealed class CleartextTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Message = "From: sender@example.test\r\nSubject: a scan\r\n\r\nhello\r\n";

    [Fact]
    public async Task A_device_that_is_named_sends_and_reads_without_TLS_and_nobody_else_does()
    {
        var (device, other) = (Backends.NewUser(), Backends.NewUser());
        await using var dovecot = await Backends.StartDovecotAsync("cleartext", settings: Dovecot.TakesCleartext);
        var gateway = await StartAsync(device, dovecot);
        var ports = gateway.Ports.StartTls;
        string[] login = ["--user", $"{device.Name}:{device.Password}"];
        (await gateway.CurlAsync(
            ports.Smtp, "smtp://HOST", Message,
            [.. login, "--mail-from", device.Address, "--mail-rcpt", device.Address, "--upload-file", "-"])).Succeeded();
        var received = new DeliveredMail(await device.DeliveredAsync()).OurReceived();
        Assert.Contains("with ESMTPA", received, StringComparison.Ordinal);
        Assert.DoesNotContain("ESMTPSA", received, StringComparison.Ordinal);
        Assert.DoesNotContain("tls ", received, StringComparison.Ordinal);
        var read = (await gateway.CurlAsync(ports.Imap, "imap://HOST/INBOX;MAILINDEX=1", "", login)).Succeeded().Output;
        Assert.Contains("a scan", read, StringComparison.Ordinal);
        read = (await gateway.CurlAsync(ports.Pop3, "pop3://HOST/1", "", login)).Succeeded().Output;
        Assert.Contains("a scan", read, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            "the access log says that the password is known",
            () => gateway.Process.Lines.Any(static line => line.Contains("\"Transport\":\"cleartext\"", StringComparison.Ordinal)
                && line.Contains("\"CredentialsExposed\":\"yes\"", StringComparison.Ordinal)));

        // The PROXY header says nothing of TLS, and Dovecot believes it.
        await Eventually.LoggedAsync($"imap-login: Info: Login: user=<{device.Name}>", () => dovecot.Log);
        Assert.DoesNotMatch($"Login: user=<{device.Name}>[^\n]*(TLS|secured)", dovecot.Log);

        foreach (var password in (string[])[other.Password, "wrong"])
        {
            using var imap = new ImapClient();
            await imap.ConnectAsync("localhost", ports.Imap, SecureSocketOptions.None);
            var refused = await Assert.ThrowsAsync<AuthenticationException>(() => imap.AuthenticateAsync(other.Name, password));
            Assert.Equal("TLS is required", refused.Message);
            using var smtp = new SmtpClient();
            await smtp.ConnectAsync("localhost", ports.Smtp, SecureSocketOptions.None);
            await Assert.ThrowsAsync<AuthenticationException>(() => smtp.AuthenticateAsync(other.Name, password));
        }

        Assert.DoesNotContain(other.Name, dovecot.Log, StringComparison.Ordinal);
        foreach (var user in (MailUser[])[device, other])
        {
            using var imap = new ImapClient { ServerCertificateValidationCallback = gateway.Authority.Validate };
            await imap.ConnectAsync("localhost", ports.Imap, SecureSocketOptions.StartTlsWhenAvailable);
            Assert.True(imap.IsSecure);
            await imap.AuthenticateAsync(user.Name, user.Password);
        }
    }

    [Fact]
    public async Task Pythons_own_clients_log_in_without_TLS()
    {
        var device = Backends.NewUser();
        await using var dovecot = await Backends.StartDovecotAsync("cleartext-python", settings: Dovecot.TakesCleartext);
        var gateway = await StartAsync(device, dovecot);
        var ports = gateway.Ports.StartTls;
        (await Command.PythonAsync(
            "cleartext.py", $"{ports.Smtp}", $"{ports.Imap}", $"{ports.Pop3}", device.Name, device.Password)).Succeeded();
    }

    private Task<GatewayProcess> StartAsync(MailUser device, Dovecot dovecot) => StartGatewayAsync(Setup with
    {
        Imap = [dovecot.ImapPort],
        Pop3 = [dovecot.Pop3Port],
        HasStartTls = true,
        StartTlsSecurity = "optional",
        Arguments =
        [
            "--set", "policies.0.name=devices", "--set", "policies.0.action=allow", "--set", "policies.0.transport=cleartext",
            "--set", "policies.0.networks.0=127.0.0.0/8", "--set", $"policies.0.users.0={device.Name}",
        ],
    });
}
