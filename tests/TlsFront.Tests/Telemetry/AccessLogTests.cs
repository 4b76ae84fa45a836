using System.Globalization;
using Microsoft.Extensions.Logging;
using TlsFront.Connections;

namespace TlsFront.Tests.Telemetry;

public sealed class AccessLogTests : IDisposable
{
    private readonly TelemetryRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_whole_session_is_one_line_for_the_login_and_one_for_the_end()
    {
        var id = "";
        await _rig.RunAsync(
            record =>
            {
                ISessionObserver observer = record;
                id = record.Facts.Id;
                record.Secured(TelemetryRig.Tls13(), TimeSpan.FromMilliseconds(4));
                record.PolicyDecided("starttls-ends", PolicyAction.Warn);
                record.LoginRouted(RoutedBy.Map, isSticky: true);
                record.BackendTried("postfix", "192.0.2.1:10465", TimeSpan.FromSeconds(1), "refused");
                record.BackendTried("postfix", "192.0.2.2:10465", TimeSpan.FromMilliseconds(2), null);
                observer.LoginSucceeded("demo");
                observer.MessageAccepted();
                observer.MessageAccepted();
                observer.MessageRefused();
                record.BytesFromClient = 4711;
                record.BytesToClient = 815;
                _rig.Time.Advance(TimeSpan.FromSeconds(61.5));
                record.Close(CloseReason.Completed);
            },
            "submissions");

        const string Client = "client=203.0.113.5:51000 via=-";
        const string Common =
            "user=demo name=mail.example.com protocol=smtp transport=implicit tls=1.3 cipher=TLS_AES_256_GCM_SHA384 group=X25519MLKEM768 "
            + "resumed=yes ja4=- offersTls=- offersStrong=- program=- certificate=- issuer=- route=- backend=postfix "
            + "destination=192.0.2.2:10465 routedBy=map sticky=yes "
            + "policy=starttls-ends policyAction=warn";
        Assert.Equal(
            [
                $"{id} submissions login accepted {Client} {Common} trace=-",
                $"{id} submissions end completed {Client} viaId=- viaName=- {Common} in=4711 out=815 messages=2 refused=1 failedLogins=0 "
                + "exposed=no exposedUser=- "
                + "handshake=0.004 connect=1.002 seconds=61.500 trace=- detail=session completed",
            ],
            _rig.AccessLog.Select(log => log.Message));
        Assert.All(_rig.AccessLog, log => Assert.Equal(LogLevel.Information, log.Level));
    }

    [Theory]
    [InlineData("x25519", false, " group=x25519 resumed=no ")]
    [InlineData(null, null, " group=- resumed=- ")]
    [InlineData(null, false, " group=- resumed=no ")]
    public async Task What_the_engine_cannot_tell_of_a_handshake_is_a_hyphen(string? group, bool? resumed, string expected)
    {
        await _rig.RunAsync(record => record.Secured(TelemetryRig.Tls13() with { Group = group, Resumed = resumed }, TimeSpan.Zero));

        Assert.Contains(expected, _rig.AccessLog.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clients_certificate_is_named_by_serial_number_and_issuer()
    {
        var certificate = new ClientCertificateFacts("alice", null, "ca.pem", "0A1B", "CN=Users");
        await _rig.RunAsync(record => record.Secured(TelemetryRig.Tls13() with { ClientCertificate = certificate }, TimeSpan.Zero));

        Assert.Contains(" certificate=0A1B issuer=CN=Users route=", _rig.AccessLog.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_are_structured_for_json()
    {
        await _rig.RunAsync(record =>
        {
            record.BytesFromClient = 4711;
            record.Close(CloseReason.ClientIdle);
        });

        var fields = _rig.AccessLog.Single().StructuredState!.ToDictionary(pair => pair.Key, pair => pair.Value);
        Assert.Equal("client_idle", fields["Reason"]);
        Assert.Equal("imaps", fields["Listener"]);
        Assert.Equal("4711", fields["BytesFromClient"]);
        Assert.Equal("-", fields["User"]);
    }

    [Fact]
    public async Task The_template_is_the_line_with_names_in_place_of_values()
    {
        await _rig.RunAsync(record => ((ISessionObserver)record).LoginFailed());

        const string Session = "user={User} name={ServerName} protocol={Protocol} transport={Transport} tls={TlsVersion} cipher={Cipher} "
            + "group={Group} resumed={Resumed} ja4={Ja4} offersTls={OffersTls} offersStrong={OffersStrong} program={Program} "
            + "certificate={ClientCertificate} issuer={ClientCertificateIssuer} "
            + "route={Route} backend={Backend} "
            + "destination={Destination} routedBy={RoutedBy} sticky={Sticky} policy={Policy} policyAction={PolicyAction}";
        Assert.Equal(
            [
                $"{{Id}} {{Listener}} login {{Result}} client={{Client}} via={{Via}} {Session} trace={{Trace}}",
                $"{{Id}} {{Listener}} end {{Reason}} client={{Client}} via={{Via}} viaId={{ViaId}} viaName={{ViaServerName}} {Session} "
                + "in={BytesFromClient} out={BytesToClient} messages={Messages} refused={MessagesRefused} failedLogins={LoginsRefused} "
                + "exposed={CredentialsExposed} exposedUser={ExposedUser} handshake={Handshake:F3} connect={Connect:F3} "
                + "seconds={Duration:F3} trace={Trace} detail={Detail}",
            ],
            _rig.AccessLog.Select(log => log.GetStructuredStateValue("{OriginalFormat}")));
        Assert.Equal([(400, "Login"), (401, "ConnectionEnd")], _rig.AccessLog.Select(log => (log.Id.Id, log.Id.Name!)));
    }

    [Fact]
    public async Task A_refused_login_has_the_client_and_no_user()
    {
        await _rig.RunAsync(record => ((ISessionObserver)record).LoginFailed());

        Assert.Contains(" imaps login refused client=203.0.113.5:51000 via=- user=- ", _rig.AccessLog[0].Message, StringComparison.Ordinal);
        Assert.Contains(" failedLogins=1 ", _rig.AccessLog[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_handshake_says_what_the_client_offered()
    {
        await _rig.RunAsync(
            record => record.HandshakeFailed(
                CloseReason.TlsVersionTooOld, "client offers at most TLS 1.0; minimum is TLS 1.2", TimeSpan.Zero, "t10i020000_a_b"));

        var line = Assert.Single(_rig.AccessLog).Message;
        Assert.Contains(" end tls_version_too_old ", line, StringComparison.Ordinal);
        Assert.Contains(" ja4=t10i020000_a_b ", line, StringComparison.Ordinal);
        Assert.EndsWith(
            " detail=client offers at most TLS 1.0; minimum is TLS 1.2; refused 1 time from 203.0.113.0/24, no success known", line,
            StringComparison.Ordinal);
    }

    /// <summary>Whose printer it is that no longer gets in, of those in one network.</summary>
    [Fact]
    public async Task A_refused_client_is_known_by_what_it_did_before()
    {
        TlsFacts Old(string ja4) => new(TlsVersion.Tls10, "TLS_RSA_WITH_AES_128_CBC_SHA", null, null)
        {
            Ja4 = ja4,
            Offer = new(TlsVersion.Tls10, HasStrongCipher: false),
        };
        Task LogInAsync(string client, string ja4, string program) => _rig.RunAsync(
            record =>
            {
                record.Secured(Old(ja4), TimeSpan.Zero);
                record.Facts.Program = program;
                ((ISessionObserver)record).LoginSucceeded("scan");
            },
            client: client);
        Task RefuseAsync(string client, string ja4) => _rig.RunAsync(
            record => record.HandshakeFailed(CloseReason.TlsVersionTooOld, "client offers at most TLS 1.0; minimum is TLS 1.2", TimeSpan.Zero, ja4),
            client: client);
        await LogInAsync("10.20.0.7", "printer", "MFP-3rd\u0007-floor, last success 2099");
        await LogInAsync("10.20.0.8", "nas", "nas");
        _rig.Time.Advance(TimeSpan.FromDays(3));
        await RefuseAsync("10.20.0.9", "printer");
        await RefuseAsync("10.20.0.7", "printer");
        Assert.EndsWith(
            "; refused 2 times from 10.20.0.0/24, program MFP-3rd?-floor,%20last%20success%202099, last success "
            + $"{_rig.Time.GetUtcNow().AddDays(-3):yyyy-MM-dd}",
            _rig.AccessLog[^1].Message, StringComparison.Ordinal);
        await RefuseAsync("10.21.0.7", "printer");
        Assert.EndsWith("; refused 1 time from 10.21.0.0/24, no success known", _rig.AccessLog[^1].Message, StringComparison.Ordinal);

        await _rig.RunAsync(
            record =>
            {
                record.Secured(Old("nas"), TimeSpan.Zero);
                record.Facts.User = "backup";
                record.PolicyDecided("old-tls", PolicyAction.Refuse);
                record.Close(CloseReason.Completed);
            },
            client: "10.20.0.8");
        Assert.EndsWith(
            "detail=session completed; refused by policy: offers at most TLS 1.0; refused 1 time from 10.20.0.0/24, program nas, last success "
            + $"{_rig.Time.GetUtcNow().AddDays(-3):yyyy-MM-dd}",
            _rig.AccessLog[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_that_could_not_be_reached_is_named()
    {
        await _rig.RunAsync(record =>
        {
            record.BackendTried("dovecot-imap", "192.0.2.1:10143", TimeSpan.FromSeconds(1), "refused");
            record.Close(CloseReason.BackendUnavailable);
        });

        Assert.Contains(" backend=dovecot-imap destination=- routedBy=- sticky=- ", _rig.AccessLog.Single().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo\r\n2026-07-01 forged line")]
    [InlineData("demo backend=forged destination=192.0.2.9:25")]
    [InlineData("demo\u001b[2Jcleared")]
    [InlineData("demo\u202egnp.exe")]
    [InlineData("demo\u2028second")]
    [InlineData("demo\0\t\u0085")]
    [InlineData("")]
    public async Task No_name_can_forge_a_line_or_a_field(string name)
    {
        await _rig.RunAsync(record =>
        {
            record.Secured(TelemetryRig.Tls13(name), TimeSpan.Zero);
            ((ISessionObserver)record).LoginSucceeded(name);
            record.Close(CloseReason.TlsHandshakeFailed, $"handshake failed: {name.Replace(' ', '_')}");
        });

        foreach (var line in _rig.AccessLog.Select(log => log.Message))
        {
            Assert.DoesNotContain(
                line,
                character =>
                    char.IsControl(character) || char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator);
            Assert.Equal(1, line.Split(' ').Count(word => word.StartsWith("backend=", StringComparison.Ordinal)));
            Assert.Equal(1, line.Split(' ').Count(word => word.StartsWith("user=", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Names_in_any_script_stay_readable_and_the_longest_whole()
    {
        var longest = new string('x', UserName.MaxLength);
        await _rig.RunAsync(record => ((ISessionObserver)record).LoginSucceeded("jürgen@пример.example"));
        await _rig.RunAsync(record => ((ISessionObserver)record).LoginSucceeded(longest));
        await _rig.RunAsync(record => ((ISessionObserver)record).LoginSucceeded(longest + longest));

        Assert.Contains(" user=jürgen@пример.example ", _rig.AccessLog[0].Message, StringComparison.Ordinal);
        Assert.Contains($" user={longest} ", _rig.AccessLog[2].Message, StringComparison.Ordinal);
        Assert.Contains($" user={longest} ", _rig.AccessLog[4].Message, StringComparison.Ordinal);
    }
}
