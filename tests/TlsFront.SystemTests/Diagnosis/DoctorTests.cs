using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Diagnosis;

/// <summary><c>tlsfront doctor</c> before real servers, each broken in one way.</summary>
public sealed class DoctorTests(MailBackends backends, ITestOutputHelper output) : SystemTest(backends, output)
{
    private readonly ITestOutputHelper _output = output;

    [Fact]
    public async Task Six_broken_backends_get_six_right_diagnoses()
    {
        var (relay, hidden) = (Ports.Next(), Ports.Next());
        await using var postfix = await Backends.StartPostfixAsync("sick", Services(
            (relay, ["mynetworks=0.0.0.0/0", "smtpd_relay_restrictions=permit_mynetworks,reject"]),
            (hidden, ["smtpd_tls_auth_only=yes", "smtpd_tls_security_level=may", "smtpd_tls_chain_files=$config_directory/smtp.pem"])));

        var found = await ExamineAsync(
            ("no-header-there", "smtp", "kind: postfix", postfix.OpenRelayPort),
            ("no-header-here", "imap", "kind: dovecot, proxyProtocol: none", Backends.Dovecot.ImapPort),
            ("tls-there", "smtp", "kind: postfix", postfix.SecurePort),
            ("no-auth", "smtp", "kind: postfix", hidden),
            ("no-login", "imap", "kind: dovecot, proxyProtocol: v1", Backends.Dovecot.ImapPort),
            ("open-relay", "smtp", "kind: postfix", relay));

        Assert.Equal(
        [
            "no-header-there: proxy_not_expected",
            "no-header-here: proxy_expected",
            "tls-there: backend_speaks_tls",
            "no-auth: auth_hidden starttls_offered_inside",
            "no-login: login_disabled",
            "open-relay: open_relay",
        ], found);
        await Eventually.TrueAsync("Postfix logs the last one", () => postfix.Log.Contains("rcpt=1 rset=1 quit=1", StringComparison.Ordinal));
        Assert.DoesNotContain("sasl_username", postfix.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("message-id", postfix.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_else_can_be_wrong_with_a_server_is_found_as_well()
    {
        var encrypt = Ports.Next();
        var refusing = Ports.Next();
        await using var postfix = await Backends.StartPostfixAsync("sicker", Services(
            (encrypt, ["smtpd_tls_security_level=encrypt", "smtpd_tls_chain_files=$config_directory/smtp.pem"]),
            (refusing, ["smtpd_delay_reject=no", "smtpd_client_restrictions=check_client_access,inline:{192.0.2.93=REJECT}"])));

        var found = await ExamineAsync(
            ("no-header-here", "smtp", "kind: postfix, proxyProtocol: none", postfix.SubmissionPort),
            ("plain-there", "smtp", "kind: postfix, tls: { mode: implicit }", postfix.SubmissionPort),
            ("unknown-authority", "smtp", "kind: postfix, tls: { mode: implicit }", postfix.SecurePort),
            ("encrypt", "smtp", "kind: postfix", encrypt),
            ("refusing", "smtp", "kind: postfix", refusing),
            ("trusts-gateway", "smtp", "kind: postfix, proxyProtocol: none", postfix.OpenRelayPort),
            ("no-login", "pop3", "kind: dovecot, proxyProtocol: v1", Backends.Dovecot.Pop3Port),
            ("other-protocol", "pop3", "kind: dovecot", Backends.Dovecot.ImapPort),
            ("nobody", "smtp", "kind: postfix", Ports.Next()));

        Assert.Equal(
        [
            "no-header-here: proxy_expected",
            "plain-there: backend_speaks_plain",
            "unknown-authority: certificate_not_trusted",
            "encrypt: auth_hidden starttls_offered_inside",
            "refusing: probe_fine_sessions_fail",
            "trusts-gateway: open_relay per_client_limits",
            "no-login: login_disabled",
            "other-protocol: not_the_protocol",
            "nobody: refused",
        ], found);
    }

    [Fact]
    public async Task Servers_that_are_well_are_called_so()
    {
        var found = await ExamineAsync(
            ("postfix", "smtp", "kind: postfix", Backends.Postfix.SubmissionPort),
            ("slow", "smtp", "kind: postfix", Backends.Postfix.SlowPort),
            (
                "secure", "smtp",
                $"kind: postfix, tls: {{ mode: implicit, ca: {Backends.Postfix.AuthorityFile}, serverName: {Postfix.InternalName} }}",
                Backends.Postfix.SecurePort),
            ("imap", "imap", "kind: dovecot", Backends.Dovecot.ImapPort),
            ("pop3", "pop3", "kind: dovecot", Backends.Dovecot.Pop3Port));

        Assert.Equal(["postfix: ", "slow: ", "secure: ", "imap: ", "pop3: "], found);
    }

    private static string Services(params (int Port, string[] Options)[] services) => string.Concat(services.Select(service =>
        $"127.0.0.1:{service.Port} inet n - n - - smtpd\n  -o smtpd_upstream_proxy_protocol=haproxy\n  -o smtpd_sasl_auth_enable=yes\n"
        + string.Concat(service.Options.Select(option => $"  -o {option}\n"))));

    /// <summary>What the doctor finds, a line for each backend; the text for people is in the test's output.</summary>
    private async Task<IReadOnlyList<string>> ExamineAsync(params (string Name, string Protocol, string Backend, int Port)[] backends)
    {
        var examined = await DoctorRun.ExamineAsync(
            _output, [.. backends.Select(static backend => new DoctoredBackend(backend.Name, backend.Protocol, backend.Port, backend.Backend))]);
        return [.. examined.Select(static backend => $"{backend.Name}: {string.Join(' ', backend.Findings.Select(static finding => finding.Id))}")];
    }
}
