using TlsFront.Backends;
using TlsFront.Backends.Probes;
using TlsFront.Configuration;
using TlsFront.Diagnosis;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.Diagnosis;

/// <summary>Symptoms and what they mean, without a server.</summary>
public sealed class DiagnosticianTests
{
    private static readonly Observation Good = new()
    {
        Opening = Opening.Ready,
        Line = "220 mx ESMTP Postfix",
        Offers = Offers.Known | Offers.Login,
        HasHeader = true
    };
    private static readonly Observation Silent = Good with
    {
        Opening = Opening.Silent,
        Offers = Offers.None,
        Line = "",
        Elapsed = TimeSpan.FromSeconds(10)
    };
    private static readonly Observation Closed = Silent with { Opening = Opening.Closed, Elapsed = TimeSpan.Zero };
    private static readonly Observation NoTls = Closed with { Connect = ConnectFailure.TlsFailed, Opening = Opening.None, HasTls = true };

    public static TheoryData<string, object[]> Table => new()
    {
        { "", [Good] },
        { "proxy_not_expected", [Good with { Opening = Opening.HeaderRefused }] },
        { "proxy_not_expected", [Good with { Opening = Opening.HeaderRefused }, Good with { HasHeader = false }] },
        { "proxy_not_expected", [Closed, Good with { HasHeader = false }] },
        { "identity_refused", [Good with { HasHeader = false, Opening = Opening.IdentityRefused }] },
        { "proxy_expected", [Silent with { HasHeader = false }, Good] },
        { "proxy_expected", [Closed with { HasHeader = false, Elapsed = TimeSpan.FromSeconds(3) }] },
        { "proxy_expected", [Closed with { HasHeader = false, Opening = Opening.Refusal, Line = "421 4.3.0 mx Server local error" }] },
        { "closed", [Closed with { HasHeader = false }] },
        { "closed", [Closed with { Elapsed = TimeSpan.FromSeconds(3) }] },
        { "closed", [Closed with { Connect = ConnectFailure.Other }] },
        { "refusal", [Closed with { Opening = Opening.Refusal, Line = "421 4.3.0 mx Server local error" }] },
        { "per_client_limits", [Closed with { Opening = Opening.Refusal, Line = "421 4.7.0 mx Error: too many connections from 10.0.0.1" }] },
        { "per_client_limits", [Closed with { Opening = Opening.Refusal, Line = "* BYE Maximum number of connections exceeded" }] },
        { "backend_speaks_tls", [Closed with { Opening = Opening.Tls }] },
        { "backend_speaks_tls", [Silent, Closed with { HasHeader = false }, Good with { HasTls = true }] },
        { "proxy_not_expected backend_speaks_tls", [Closed, Closed, Good with { HasTls = true, HasHeader = false }] },
        { "backend_speaks_plain", [NoTls, NoTls, Good] },
        { "certificate_not_trusted", [NoTls, Good with { HasTls = true }] },
        { "certificate_not_trusted", [NoTls with { IsStranger = true }, Good with { HasTls = true }] },
        { "tls_failed", [NoTls, NoTls, Silent] },
        { "probe_fine_sessions_fail", [Closed with { IsStranger = true }, Good] },
        { "no_greeting", [Silent, Silent with { HasHeader = false }] },
        { "not_the_protocol", [Closed with { Opening = Opening.Foreign }] },
        { "refused", [Closed with { Connect = ConnectFailure.Refused }] },
        { "timeout", [Closed with { Connect = ConnectFailure.Timeout }] },
        { "unreachable", [Closed with { Connect = ConnectFailure.Unreachable }] },
        { "unresolvable", [Closed with { Connect = ConnectFailure.NameNotResolved }] },
        { "gateway_exhausted", [Closed with { Connect = ConnectFailure.NoLocalPort }] },
        { "auth_hidden", [Good with { Offers = Offers.Known }] },
        { "auth_hidden starttls_offered_inside", [Good with { Offers = Offers.Known | Offers.StartTls }] },
        { "", [Good with { Offers = Offers.None }] },
        { "open_relay", [Good with { Offers = Good.Offers | Offers.Relay }] },
        { "starttls_offered_inside", [Good with { Offers = Good.Offers | Offers.StartTls }] },
        { "login_disabled", [Good with { Offers = Good.Offers | Offers.LoginDisabled }] },
        { "per_client_limits", [Good with { HasHeader = false }] },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Each_symptom_has_its_diagnosis(string expected, object[] observations) =>
        Assert.Equal(
            expected, string.Join(' ', Diagnostician.Diagnose(Seen([.. observations.Cast<Observation>()])).Select(finding => finding.Fault.Tag())));

    [Fact]
    public void A_listener_that_wants_no_login_misses_no_AUTH() =>
        Assert.Empty(Diagnostician.Diagnose(Seen([Good with { Offers = Offers.Known }]) with { NeedsLogin = false }));

    [Fact]
    public void A_POP3_server_without_USER_and_SASL_lets_nobody_in() => Assert.Equal(
        Fault.LoginDisabled,
        Assert.Single(
            Diagnostician.Diagnose(Seen([Good with { Offers = Offers.Known | Offers.LoginDisabled }]) with { Protocol = MailProtocol.Pop3 })).Fault);

    [Fact]
    public void What_serves_clients_badly_is_an_error_and_what_is_to_be_known_a_warning()
    {
        var found = Diagnostician.Diagnose(Seen([Good with { HasHeader = false, Offers = Good.Offers | Offers.StartTls | Offers.Relay }]));
        Assert.Equal(
            ["open_relay Error", "starttls_offered_inside Warning", "per_client_limits Warning"],
            found.Select(finding => $"{finding.Fault.Tag()} {finding.Severity}"));
    }

    [Theory]
    [InlineData(BackendKind.Postfix, MailProtocol.Smtp, "  -o smtpd_upstream_proxy_protocol=haproxy")]
    [InlineData(BackendKind.Dovecot, MailProtocol.Imap, "service imap-login {")]
    [InlineData(BackendKind.Dovecot, MailProtocol.Pop3, "service pop3-login {")]
    [InlineData(BackendKind.Dovecot, MailProtocol.Sieve, "service managesieve-login {")]
    [InlineData(BackendKind.Exim, MailProtocol.Smtp, "hosts_proxy = 10.0.0.9")]
    [InlineData(BackendKind.OpenSmtpd, MailProtocol.Smtp, "listen on 10.0.0.5 port 10465 smtps pki NAME auth proxy-v2")]
    [InlineData(BackendKind.Haraka, MailProtocol.Smtp, "hosts[] = 10.0.0.9")]
    [InlineData(BackendKind.Generic, MailProtocol.Smtp, "  -o smtpd_upstream_proxy_protocol=haproxy")]
    public void The_remedy_is_in_the_language_of_the_product(object kind, object protocol, string line)
    {
        // A generic backend is known by its greeting.
        var seen = Seen([Good with { Opening = Opening.HeaderRefused, Source = "10.0.0.9" }]);
        var found = Assert.Single(
            Diagnostician.Diagnose(seen with { Protocol = (MailProtocol)protocol, Backend = seen.Backend with { Kind = (BackendKind)kind } }));
        Assert.Contains(line, found.Remedies[0].Lines);
        Assert.Equal(["backends:", "  - name: postfix", "    proxyProtocol: none"], found.Remedies[^1].Lines);
    }

    [Fact]
    public void ManageSieve_of_Cyrus_is_timsieved_which_has_no_p()
    {
        var seen = Seen([Good with { Opening = Opening.HeaderRefused }]);
        var found = Assert.Single(
            Diagnostician.Diagnose(seen with { Protocol = MailProtocol.Sieve, Backend = seen.Backend with { Kind = BackendKind.Cyrus } }));
        Assert.Equal(["sievefront cmd=\"timsieved -H\" listen=\"10.0.0.5:10465\""], found.Remedies[1].Lines);
    }

    [Fact]
    public void Every_fault_has_words_and_remedies_for_every_product()
    {
        foreach (var kind in Enum.GetValues<BackendKind>())
        {
            var seen = Seen([Good with { Line = "" }]);
            seen = seen with { Backend = seen.Backend with { Kind = kind } };
            foreach (var fault in Enum.GetValues<Fault>().Except([Fault.TrustedNetworkWideOpen, Fault.CertificateDoesNotCover]))
            {
                var finding = Findings.Of(fault, Severity.Error, seen);
                Assert.NotEmpty(finding.Sentence + finding.Evidence);
                Assert.All(finding.Remedies.Skip(1), remedy => Assert.Matches("^(or|and) ", remedy.Where));
            }
        }
    }

    private static ExaminedDestination Seen(IReadOnlyList<Observation> observations) => new(
        new BackendSettings
        {
            Name = "postfix",
            Kind = BackendKind.Postfix,
            Destinations = ["10.0.0.5:10465"],
            ProxyProtocol = ProxyHeaderVersion.V2
        },
        "10.0.0.5:10465", MailProtocol.Smtp, NeedsLogin: true, observations);
}
