using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Certificates;
using TlsFront.SystemTests.Delivery;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.ClientCertificates;

/// <summary>
/// Users who log in by certificate, with curl and authorities of openssl, before a real Dovecot and a real Postfix: by a master account, and by the
/// PROXY header where the server does EXTERNAL itself.
/// </summary>
public sealed class CertificateLoginTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output), IDisposable
{
    private const string Message = "From: sender@example.test\r\nSubject: certified\r\n\r\nhello\r\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("*")]
    public async Task A_master_account_logs_them_in_over_every_protocol(string? separator)
    {
        var user = Backends.NewUser();
        File.WriteAllText(_folder.PathOf("master"), "gateway:{PLAIN}m4ster-s3cret::::::allow_real_nets=127.0.0.1\n");
        File.WriteAllText(_folder.PathOf("master-password"), "m4ster-s3cret\n");
        await using var dovecot = await Backends.StartDovecotAsync($"master{separator is null}", settings: $$"""
            {{(separator is null ? "" : $"auth_master_user_separator = {separator}")}}
            passdb {
              driver = passwd-file
              args = {{_folder.PathOf("master")}}
              master = yes
            }
            """);
        Ownership.Give(_folder.PathOf("master"), "dovecot");
        await using var postfix = await Backends.StartPostfixAsync($"master{separator is null}-postfix", authentication: dovecot);
        var certificate = await IssueAsync("alice", $"subjectAltName=email:{user.Name}");
        var gateway = await StartGatewayAsync(new GatewaySetup
        {
            Smtp = [postfix.SubmissionPort],
            Imap = [dovecot.ImapPort],
            Pop3 = [dovecot.Pop3Port],
            Sieve = [dovecot.SievePort],
            HasStartTls = true,
            ClientCertificates = $"{{ ca: \"{_folder.PathOf("ca.pem")}\" }}",
            Master = $"{{ user: gateway, passwordFile: \"{_folder.PathOf("master-password")}\""
                + (separator is null ? " }" : $", separator: \"{separator}\" }}"),
        });

        string[] login = [.. certificate, "--login-options", "AUTH=EXTERNAL", "--user", $"{user.Name}:"];
        string[] mail = [.. login, "--mail-from", user.Address, "--mail-rcpt", user.Address, "--upload-file", "-"];
        (await gateway.CurlAsync(gateway.Ports.Smtp, "smtps://HOST", Message, mail)).Succeeded();
        var received = new DeliveredMail(await user.DeliveredAsync()).OurReceived();
        Assert.Matches(@"with ESMTPSA\s+id \w+\.1\s+for <.*>\s+tls TLS_AES_256_GCM_SHA384", received);
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
            Assert.Contains("Subject: certified", read, StringComparison.Ordinal);
        }

        var script = (await gateway.OpenSslAsync(
            gateway.Ports.Sieve.Implicit, "AUTHENTICATE \"EXTERNAL\" \"\"\r\nLISTSCRIPTS\r\nLOGOUT\r\n",
            ["-quiet", "-cert", certificate[1], "-key", certificate[3]])).Output;
        Assert.Contains("\"SASL\" \"PLAIN LOGIN EXTERNAL\"", script, StringComparison.Ordinal);
        Assert.Contains("OK \"Listscripts completed.\"", script, StringComparison.Ordinal);

        await Eventually.TrueAsync(
            "the user in Dovecot's log", () => dovecot.Log.Contains($"imap-login: Info: Login: user=<{user.Name}>", StringComparison.Ordinal));
        await Eventually.TrueAsync(
            "the user in the gateway's log", () => gateway.Process.Lines.Any(line => line.Contains($" user={user.Name} ", StringComparison.Ordinal)));
        var identity = $" certificate={await SerialOfAsync(certificate)} issuer=CN=Users ";
        await Eventually.TrueAsync(
            "the certificate in the gateway's log", () => gateway.Process.Lines.Any(line => line.Contains(identity, StringComparison.Ordinal)));
        Assert.DoesNotContain("m4ster-s3cret", gateway.Log, StringComparison.Ordinal);

        // A password will do as well, and is handed on as it is.
        (await gateway.CurlAsync(gateway.Ports.Imap, "imaps://HOST/INBOX", "", ["--user", $"{user.Name}:{user.Password}"])).Succeeded();
        Assert.NotEqual(0, (await gateway.CurlAsync(gateway.Ports.Imap, "imaps://HOST/INBOX", "", ["--user", $"{user.Name}:wrong"])).ExitCode);
    }

    [Fact]
    public async Task Nobody_logs_in_as_somebody_else_nor_with_a_certificate_that_is_revoked_or_of_somebody_else()
    {
        var (alice, bob) = (Backends.NewUser(), Backends.NewUser());
        File.WriteAllText(_folder.PathOf("master-password"), "m4ster-s3cret\n");
        var good = await IssueAsync("alice", $"subjectAltName=email:{alice.Name}");
        var revoked = await IssueAsync("bob", $"subjectAltName=email:{bob.Name}");
        await RevokeAsync(revoked);
        var gateway = await StartGatewayAsync(Setup with
        {
            ClientCertificates = $"{{ ca: \"{_folder.PathOf("ca.pem")}\", crl: \"{_folder.PathOf("crl.pem")}\", required: on }}",
            Master = $"{{ user: gateway, passwordFile: \"{_folder.PathOf("master-password")}\" }}",
        });

        Task<Command> OpenAsync(IEnumerable<string> certificate, string user) => gateway.CurlAsync(
            gateway.Ports.Imap, "imaps://HOST/INBOX", "", [.. certificate, "--login-options", "AUTH=EXTERNAL", "--user", $"{user}:"]);

        Assert.NotEqual(0, (await OpenAsync(good, bob.Name)).ExitCode);
        Assert.NotEqual(0, (await OpenAsync(revoked, bob.Name)).ExitCode);
        Assert.NotEqual(0, (await OpenAsync([], alice.Name)).ExitCode);
        var refusal = $"client's certificate is refused: it is revoked (serial {await SerialOfAsync(revoked)}, issuer CN=Users)";
        foreach (var words in new[] { refusal, "client has no certificate, which this listener requires" })
        {
            await Eventually.TrueAsync(words, () => gateway.Process.Lines.Any(line =>
                line.Contains("tls_client_certificate", StringComparison.Ordinal) && line.Contains(JsonOf(words), StringComparison.Ordinal)));
        }

        Assert.Matches(
            $"tlsfront_revocation_list_next_update_seconds[{{].*\"{_folder.PathOf("crl.pem")}\".*[}}] [1-9]", await gateway.GetAsync("/metrics"));

        // Its server knows no such account: the operator is told, and the user that the login failed.
        Assert.NotEqual(0, (await OpenAsync(good, alice.Name)).ExitCode);
        await Eventually.TrueAsync("the account in the log", () => gateway.Process.Lines.Any(line =>
            line.Contains(JsonOf($"refused the login of the gateway's own: {alice.Name} by gateway"), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_authorities_of_one_name_vouch_for_nobody_whose_mail_is_behind_another()
    {
        var (alice, bob) = (Backends.NewUser(), Backends.NewUser());
        File.WriteAllText(_folder.PathOf("master-password"), "m4ster-s3cret\n");
        var (ofAlice, ofBob) = (
            await IssueAsync("alice", $"subjectAltName=email:{alice.Name}"), await IssueAsync("bob", $"subjectAltName=email:{bob.Name}"));
        using var others = new TestAuthority();
        await File.WriteAllTextAsync(_folder.PathOf("others.pem"), others.Pem);
        var gateway = await StartGatewayAsync(Setup with
        {
            ClientCertificates = $"{{ ca: \"{_folder.PathOf("ca.pem")}\" }}",
            Master = $"{{ user: gateway, passwordFile: \"{_folder.PathOf("master-password")}\" }}",
            OtherImap = [Backends.Dovecot.ImapPort],
            ImapRoutes = $"[ {{ users: [{bob.Name}], backend: other }}, {{ names: [other.example.test], backend: other, "
                + $"tls: {{ clientCertificates: {{ ca: \"{_folder.PathOf("others.pem")}\" }} }} }} ]",
        });
        foreach (var (user, certificate, words) in new[]
        {
            (alice, ofAlice, $"refused the login of the gateway's own: {alice.Name} by gateway"),
            (bob, ofBob, $"user {bob.Name} cannot log in by certificate at backend other: the authorities that judged it are those of backend "),
        })
        {
            var login = await gateway.CurlAsync(
                gateway.Ports.Imap, "imaps://HOST/INBOX", "", [.. certificate, "--login-options", "AUTH=EXTERNAL", "--user", $"{user.Name}:"]);
            Assert.Equal(67, login.ExitCode);
            await Eventually.TrueAsync(
                words, () => gateway.Process.Lines.Any(line => line.Contains(JsonOf(words), StringComparison.Ordinal)));
        }

        Assert.DoesNotContain($"own: {bob.Name}", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_EXTERNAL_itself_hears_the_common_name_in_the_PROXY_header()
    {
        var user = Backends.NewUser();
        await using var dovecot = await Backends.StartDovecotAsync("external", "external plain", """
            auth_ssl_username_from_cert = yes
            passdb {
              driver = static
              args = nopassword=y
              mechanisms = EXTERNAL
            }
            """);
        var certificate = await IssueAsync(user.Name, "keyUsage=digitalSignature");
        var gateway = await StartGatewayAsync(Setup with
        {
            Imap = [dovecot.ImapPort],
            Pop3 = [dovecot.Pop3Port],
            ClientCertificates = $"{{ ca: \"{_folder.PathOf("ca.pem")}\", user: commonName }}",
        });

        string[] login = [.. certificate, "--login-options", "AUTH=EXTERNAL", "--user", $"{user.Name}:"];
        (await gateway.CurlAsync(gateway.Ports.Imap, "imaps://HOST/INBOX", "", login)).Succeeded();
        await Eventually.TrueAsync(
            "the login in Dovecot's log", () => dovecot.Log.Contains($"Login: user=<{user.Name}>, method=EXTERNAL", StringComparison.Ordinal));
        var stranger = await gateway.CurlAsync(
            gateway.Ports.Imap, "imaps://HOST/INBOX", "", ["--login-options", "AUTH=EXTERNAL", "--user", $"{user.Name}:"]);
        Assert.NotEqual(0, stranger.ExitCode);
    }

    private static string JsonOf(string words) => words.Replace("'", "\\u0027", StringComparison.Ordinal);

    private static async Task<string> SerialOfAsync(string[] certificate) =>
        (await Command.RunAsync("openssl", ["x509", "-noout", "-serial", "-in", certificate[1]])).Succeeded().Output.Trim()["serial=".Length..];

    /// <summary>A certificate of the authority, as curl's options.</summary>
    private async Task<string[]> IssueAsync(string name, string extension)
    {
        var (authority, authorityKey) = (_folder.PathOf("ca.pem"), _folder.PathOf("ca.key"));
        if (!File.Exists(authority))
        {
            (await Command.RunAsync("openssl", [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9", "-subj", "/CN=Users",
                "-keyout", authorityKey, "-out", authority])).Succeeded();
        }

        var (certificate, key, request) = (_folder.PathOf($"{name}.pem"), _folder.PathOf($"{name}.key"), _folder.PathOf($"{name}.csr"));
        var extensions = _folder.PathOf($"{name}.ext");
        File.WriteAllText(extensions, $"extendedKeyUsage=clientAuth\n{extension}\n");
        (await Command.RunAsync("openssl", [
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", $"/O=Example/CN={name}", "-keyout", key, "-out",
            request])).Succeeded();
        (await Command.RunAsync("openssl", [
            "x509", "-req", "-in", request, "-CA", authority, "-CAkey", authorityKey, "-CAcreateserial", "-days", "8", "-extfile", extensions,
            "-out", certificate])).Succeeded();
        return ["--cert", certificate, "--key", key];
    }

    private async Task RevokeAsync(string[] certificate)
    {
        var settings = _folder.PathOf("ca.cnf");
        File.WriteAllText(_folder.PathOf("index.txt"), "");
        File.WriteAllText(settings, $"""
            [ca]
            default_ca = own
            [own]
            database = {_folder.PathOf("index.txt")}
            default_md = sha256
            default_crl_days = 5
            """);
        string[] authority = ["ca", "-config", settings, "-cert", _folder.PathOf("ca.pem"), "-keyfile", _folder.PathOf("ca.key")];
        (await Command.RunAsync("openssl", [.. authority, "-revoke", certificate[1]])).Succeeded();
        (await Command.RunAsync("openssl", [.. authority, "-gencrl", "-out", _folder.PathOf("crl.pem")])).Succeeded();
    }
}
