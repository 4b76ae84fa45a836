using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Delivery;

/// <summary>A message on its whole way: submitted over 465, delivered by Postfix, read over 993 and 995 from Dovecot.</summary>
public sealed class RoundTripTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Client = "127.0.0.9";
    private const string Message = "From: sender@example.test\r\nSubject: round trip\r\n\r\nfirst line\r\n.leading dot\r\n..two\r\n\r\nlast line\r\n";

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task A_message_sent_with_curl_carries_one_Received_line_of_ours_and_is_read_back_byte_for_byte(string proxyProtocol)
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync(Setup with { SmtpProxyProtocol = proxyProtocol });
        var login = new[] { "--interface", Client, "--user", $"{user.Name}:{user.Password}" };

        (await gateway.CurlAsync(
            gateway.Ports.Smtp, "smtps://HOST", Message,
            [.. login, "--mail-from", user.Address, "--mail-rcpt", user.Address, "--upload-file", "-"])).Succeeded();
        var file = await user.DeliveredAsync();
        var mail = new DeliveredMail(file);
        var received = Regex.Match(
            mail.OurReceived(),
            $@"^Received: from \S+ \(\[{Regex.Escape(Client)}\]\)\s+by mail\.example\.test\s+with ESMTPSA\s+id (?<id>\w+)\.1" +
            $@"\s+for <{user.Address}>\s+tls TLS_AES_256_GCM_SHA384\b.*;");

        Assert.True(received.Success, mail.OurReceived());
        Assert.Equal(Message.ReplaceLineEndings("\n"), mail.Sent());
        var imap = (await gateway.CurlAsync(gateway.Ports.Imap, "imaps://HOST/INBOX;MAILINDEX=1", "", login)).Succeeded();
        Assert.Equal(file.ReplaceLineEndings("\r\n"), imap.Output);
        var pop3 = (await gateway.CurlAsync(gateway.Ports.Pop3, "pop3s://HOST/1", "", login)).Succeeded();
        Assert.Equal(file.ReplaceLineEndings("\r\n"), pop3.Output);

        await Eventually.LoggedAsync(
            Regex.Escape($"client=unknown[{Client}], sasl_method=PLAIN, sasl_username={user.Name}"), () => Backends.Postfix.Log);
        await Eventually.LoggedAsync($@"imap-login: Info: Login: user=<{user.Name}>.* rip={Client}, .*secured", () => Backends.Dovecot.Log);
        await Eventually.LoggedAsync($@"pop3-login: Info: Login: user=<{user.Name}>.* rip={Client}, .*secured", () => Backends.Dovecot.Log);
        await Eventually.TrueAsync(
            "the access log's line of the submission",
            () => gateway.Process.Lines.Any(line => line.Contains(received.Groups["id"].Value, StringComparison.Ordinal)
                && line.Contains($"\"{user.Name}\"", StringComparison.Ordinal) && line.Contains("TLS_AES_256_GCM_SHA384", StringComparison.Ordinal)
                && line.Contains("completed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task No_log_line_holds_a_password()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();
        foreach (var (port, url) in new[] { (gateway.Ports.Imap, "imaps://HOST/"), (gateway.Ports.Pop3, "pop3s://HOST/") })
        {
            (await gateway.CurlAsync(port, url, "", "--user", $"{user.Name}:{user.Password}")).Succeeded();
            Assert.Equal(67, (await gateway.CurlAsync(port, url, "", "--user", $"{user.Name}:wrong-{user.Password}")).ExitCode);
        }

        await Eventually.TrueAsync("a line of the session", () => gateway.Log.Contains(user.Name, StringComparison.Ordinal));
        Assert.DoesNotContain(user.Password, gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(user.PlainCredentials, gateway.Log, StringComparison.Ordinal);
    }
}
