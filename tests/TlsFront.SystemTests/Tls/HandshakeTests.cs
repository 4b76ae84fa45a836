using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Certificates;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Tls;

/// <summary>Handshakes as OpenSSL's own client sees them.</summary>
public sealed class HandshakeTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    [Theory]
    [InlineData("-tls1")]
    [InlineData("-tls1_1")]
    public async Task A_version_below_the_minimum_gets_alert_70(string version)
    {
        var gateway = await GatewayAsync();

        var client = await gateway.OpenSslAsync(gateway.Ports.Imap, "", version, "-cipher", "DEFAULT@SECLEVEL=0", "-servername", GatewayProcess.Name);

        Assert.Contains("SSL alert number 70", client.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_2", "TLSv1.2")]
    [InlineData("-tls1_3", "TLSv1.3")]
    public async Task Current_versions_are_negotiated_with_a_verified_chain_and_no_request_for_a_client_certificate(string version, string negotiated)
    {
        var gateway = await GatewayAsync();

        var client = await gateway.OpenSslAsync(
            gateway.Ports.Imap, "", version, "-servername", GatewayProcess.Name, "-verify_return_error", "-verify_hostname", GatewayProcess.Name);

        Assert.Equal(0, client.ExitCode);
        Assert.Contains($"New, {negotiated}, Cipher is", client.Output, StringComparison.Ordinal);
        Assert.Contains("Verify return code: 0 (ok)", client.Output, StringComparison.Ordinal);
        Assert.Contains("No client certificate CA names sent", client.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_shared_cipher_suite_gets_alert_40()
    {
        var gateway = await GatewayAsync();

        var client = await gateway.OpenSslAsync(gateway.Ports.Imap, "", "-tls1_2", "-cipher", "AES128-SHA", "-servername", GatewayProcess.Name);

        Assert.Contains("SSL alert number 40", client.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strict_gateway_answers_an_unknown_name_with_alert_112_and_serves_the_known_one()
    {
        var gateway = await GatewayAsync(Setup with { UnknownName = "reject" });

        var unknown = await gateway.OpenSslAsync(gateway.Ports.Imap, "", "-servername", "other.invalid");
        var known = await gateway.OpenSslAsync(gateway.Ports.Imap, "", "-servername", GatewayProcess.Name);

        Assert.Contains("SSL alert number 112", unknown.Text, StringComparison.Ordinal);
        Assert.Contains("Verify return code: 0 (ok)", known.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tolerant_gateway_answers_an_unknown_name_with_the_default_certificate()
    {
        var gateway = await GatewayAsync();

        var client = await gateway.OpenSslAsync(gateway.Ports.Imap, "", "-servername", "other.invalid");

        Assert.Contains("subject=CN = " + GatewayProcess.Name, client.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_certificate_follows_what_the_client_can_verify()
    {
        var gateway = await GatewayAsync();
        string[] options = ["-servername", GatewayProcess.Name];

        var modern = await gateway.OpenSslAsync(gateway.Ports.Imap, "", options);
        var rsaOnly = await gateway.OpenSslAsync(gateway.Ports.Imap, "", [.. options, "-sigalgs", "RSA-PSS+SHA256:RSA+SHA256"]);
        var rsaSuite = await gateway.OpenSslAsync(gateway.Ports.Imap, "", [.. options, "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"]);

        Assert.Contains("Peer signature type: ECDSA", modern.Output, StringComparison.Ordinal);
        Assert.Contains("Peer signature type: RSA-PSS", rsaOnly.Output, StringComparison.Ordinal);
        Assert.Contains("Cipher is ECDHE-RSA-AES128-GCM-SHA256", rsaSuite.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_certificate_follows_the_name_exact_before_wildcard()
    {
        var gateway = await StartGatewayAsync(prepare: gateway =>
        {
            // What has its own entry wins; any other host of the domain gets the wildcard.
            gateway.Authority.Issue(KeyKind.Rsa, "*.example.test").WriteTo(gateway.RsaFolder);
        });

        var exact = await gateway.OpenSslAsync(gateway.Ports.Imap, "", "-servername", GatewayProcess.Name);
        var wildcard = await gateway.OpenSslAsync(gateway.Ports.Imap, "", "-servername", "imap.example.test");

        Assert.Contains("subject=CN = mail.example.test", exact.Output, StringComparison.Ordinal);
        Assert.Contains("subject=CN = *.example.test", wildcard.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALPN_is_imap_on_993_pop3_on_995_and_tolerated_on_465()
    {
        var gateway = await GatewayAsync();

        var imap = await gateway.OpenSslAsync(gateway.Ports.Imap, "", "-alpn", "h2,imap");
        var pop3 = await gateway.OpenSslAsync(gateway.Ports.Pop3, "", "-alpn", "pop3");
        var http = await gateway.OpenSslAsync(gateway.Ports.Imap, "", "-alpn", "h2,http/1.1");
        var smtp = await gateway.OpenSslAsync(gateway.Ports.Smtp, "", "-alpn", "smtp");

        Assert.Contains("ALPN protocol: imap", imap.Output, StringComparison.Ordinal);
        Assert.Contains("ALPN protocol: pop3", pop3.Output, StringComparison.Ordinal);
        Assert.Contains("SSL alert number 120", http.Text, StringComparison.Ordinal);
        Assert.Contains("No ALPN negotiated", smtp.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_without_a_server_name_is_served()
    {
        var gateway = await GatewayAsync(Setup with { UnknownName = "reject" });

        var client = await gateway.OpenSslAsync(gateway.Ports.Imap, "", "-noservername");

        Assert.Contains("subject=CN = " + GatewayProcess.Name, client.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: mail.example.test\r\n\r\n")]
    [InlineData("EHLO plain.example.test\r\n")]
    public async Task What_is_not_TLS_is_closed_without_reaching_the_backend(string request)
    {
        var gateway = await GatewayAsync();
        await using var session = Session.Open(gateway.Ports.Smtp, "tls=no", "source=127.0.0.31");
        await session.SendAsync(request);

        Assert.DoesNotContain("220 ", await session.LineAsync() ?? "", StringComparison.Ordinal);
        Assert.Contains(await session.EndAsync(), new[] { "eof", "reset" });
        Assert.DoesNotContain("127.0.0.31", Backends.Postfix.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_request_inside_TLS_is_not_run_as_mail()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();
        await using var session = gateway.Open(gateway.Ports.Smtp);
        await session.ReplyAsync("220");

        await session.SendAsync(
            $"POST / HTTP/1.1\r\nHost: mail.example.test\r\n\r\nEHLO x\r\nAUTH PLAIN {user.PlainCredentials}\r\nMAIL FROM:<{user.Address}>\r\n");

        Assert.Contains(await session.EndAsync(), new[] { "close_notify", "reset" });
        Assert.DoesNotContain($"sasl_username={user.Name}", Backends.Postfix.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smtp")]
    [InlineData("imap")]
    [InlineData("pop3")]
    public async Task A_session_ended_in_order_is_closed_with_close_notify(string protocol)
    {
        var gateway = await GatewayAsync();
        var (port, goodbye) = protocol switch
        {
            "smtp" => (gateway.Ports.Smtp, "QUIT\r\n"),
            "imap" => (gateway.Ports.Imap, "a LOGOUT\r\n"),
            _ => (gateway.Ports.Pop3, "QUIT\r\n"),
        };
        await using var session = gateway.Open(port);
        await session.LineAsync();
        await session.SendAsync(goodbye);

        Assert.Equal("close_notify", await session.EndAsync());
    }
}
