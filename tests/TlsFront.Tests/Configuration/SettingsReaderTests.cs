using System.Net;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.Configuration;

public sealed class SettingsReaderTests
{
    [Fact]
    public void The_shortest_good_file_has_no_problem_and_the_documented_defaults()
    {
        using var folder = new SettingsFolder();
        var (settings, problems) = folder.Load();

        Assert.Empty(problems);
        Assert.NotNull(settings);
        Assert.Equal("mail.example.com", settings.HostName);
        Assert.Equal(EngineChoice.Auto, settings.Engine);
        Assert.Equal(new NativeSettings(), settings.Native);
        Assert.Equal(new CertificateSettings(folder.At("certificate.pem"), null), Assert.Single(settings.Certificates));
        Assert.Empty(settings.TicketKeys);
        Assert.Equal(["submissions", "imaps"], settings.Listeners.Select(listener => listener.Name));
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 465), settings.Listeners[0].Address);
        Assert.Equal(MailProtocol.Imap, settings.Listeners[1].Protocol);
        Assert.Equal(new TlsSettings(), settings.Listeners[0].Tls);
        Assert.Equal(new SessionRules(), settings.Listeners[0].Rules);
        Assert.Equal(new ReceivedSettings(Group: false, HidesClient: false), settings.Received);
        Assert.Equal(TimeSpan.FromMinutes(1), settings.CertificateCheck);
        Assert.Equal(BackendKind.Postfix, settings.Backends[0].Kind);
        Assert.Equal(["10.0.0.5:10465"], settings.Backends[0].Destinations);
        Assert.Equal(ProxyHeaderVersion.V2, settings.Backends[0].ProxyProtocol);
        Assert.Equal(new AdminSettings(new(IPAddress.Loopback, 9090)), settings.Admin with { HostNames = [] });
        Assert.Empty(settings.Admin.HostNames);
        Assert.Equal(new DrainSettings(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2)), settings.Drain);
        Assert.Equal(new TimeoutSettings(), settings.Timeouts);
        Assert.Equal(new LogSettings(), settings.Log);
        Assert.Equal(new TelemetrySettings(), settings.Telemetry);
    }

    [Theory]
    [InlineData(MailProtocol.Smtp, 5)]
    [InlineData(MailProtocol.Imap, 1)]
    [InlineData(MailProtocol.Pop3, 1)]
    public void The_greeting_is_awaited_as_long_as_the_protocol_calls_for_unless_it_is_set(object protocol, int minutes)
    {
        Assert.Equal(TimeSpan.FromMinutes(minutes), new TimeoutSettings().For((MailProtocol)protocol).Greeting);
        Assert.Equal(TimeSpan.FromSeconds(7), new TimeoutSettings { Greeting = TimeSpan.FromSeconds(7) }.For((MailProtocol)protocol).Greeting);
    }

    [Fact]
    public void Every_setting_is_read()
    {
        using var folder = new SettingsFolder("""
            hostname: MAIL.example.com
            native: { loops: 3, buffer: 128KB, backlog: 512, keepAlive: 1m, userTimeout: 30s, handshakesPerTurn: 8 }
            certificates:
              - path: chain.pem
                key: key.pem
              - { path: . }
            listeners:
              - name: submissions
                address: "[::1]:4465"
                protocol: smtp
                security: implicit
                limits: { connections: 900 }
                backend: haraka
                authentication: optional
                bareNewlines: reject
                tls: { minimumVersion: "1.3", unknownName: reject, alpn: ignore }
              - name: any
                address: 127.0.0.1:4000
                protocol: tcp
                backend: other
                tls: { profile: modern }
            tls: { minimumVersion: "1.2", profile: intermediate, unknownName: default, alpn: strict, checkInterval: 0s }
            received: { client: hide, group: on }
            backends:
              - { name: haraka, kind: haraka, destinations: ["[fd00::5]:10465", "smtp.internal:10465"] }
              - { name: other, destinations: ["mail_store:4000"], proxyProtocol: v1 }
            admin: { address: "127.0.0.1:9191" }
            drain: { delay: 0, timeout: 1h30m }
            timeouts:
              handshake: 10s
              starttls: 9s
              connect: 11s
              greeting: 12s
              preLogin: 13s
              command: 6m
              reply: 11m
              data: 4m
              relay: 40m
              write: 14s
              linger: 500ms
            log: { format: json, level: debug }
            telemetry: { otlpEndpoint: "http://collector:4317", traces: { sampleRatio: 0.5 } }
            """);
        File.WriteAllText(folder.At("chain.pem"), "");
        File.WriteAllText(folder.At("key.pem"), "");
        var (settings, problems) = folder.Load();

        Assert.Empty(problems);
        Assert.NotNull(settings);
        Assert.Equal(
            new NativeSettings
            {
                Loops = 3,
                Buffer = 128 * 1024,
                Backlog = 512,
                KeepAlive = TimeSpan.FromMinutes(1),
                UserTimeout = TimeSpan.FromSeconds(30),
                HandshakesPerTurn = 8,
            },
            settings.Native);
        Assert.Equal(new CertificateSettings(folder.At("chain.pem"), folder.At("key.pem")), settings.Certificates[0]);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, 4465), settings.Listeners[0].Address);
        Assert.Equal(900, settings.Listeners[0].Limits.Connections);
        Assert.Equal(
            new SessionRules(Authentication.Optional, BareNewlines.Reject, NamesGroup: true, HidesClient: true), settings.Listeners[0].Rules);
        Assert.Equal(TimeSpan.Zero, settings.CertificateCheck);
        Assert.Equal(new TlsSettings(TlsVersion.Tls13, TlsProfile.Intermediate, UnknownName.Reject, AlpnMode.Ignore), settings.Listeners[0].Tls);
        Assert.Equal(new TlsSettings(TlsVersion.Tls13, TlsProfile.Modern, UnknownName.Default, AlpnMode.Strict), settings.Listeners[1].Tls);
        Assert.Equal(MailProtocol.Tcp, settings.Listeners[1].Protocol);
        Assert.Equal(["[fd00::5]:10465", "smtp.internal:10465"], settings.Backends[0].Destinations);
        Assert.Equal([ProxyHeaderVersion.V1, ProxyHeaderVersion.V1], settings.Backends.Select(backend => backend.ProxyProtocol));
        Assert.Equal(BackendKind.Generic, settings.Backends[1].Kind);
        Assert.Equal(9191, settings.Admin.Address.Port);
        Assert.Equal(new DrainSettings(TimeSpan.Zero, TimeSpan.FromMinutes(90)), settings.Drain);
        Assert.Equal(
            new TimeoutSettings
            {
                Handshake = TimeSpan.FromSeconds(10),
                StartTls = TimeSpan.FromSeconds(9),
                Connect = TimeSpan.FromSeconds(11),
                Greeting = TimeSpan.FromSeconds(12),
                PreLogin = TimeSpan.FromSeconds(13),
                Command = TimeSpan.FromMinutes(6),
                Reply = TimeSpan.FromMinutes(11),
                Data = TimeSpan.FromMinutes(4),
                Relay = TimeSpan.FromMinutes(40),
                Write = TimeSpan.FromSeconds(14),
                Linger = TimeSpan.FromMilliseconds(500),
            },
            settings.Timeouts);
        Assert.Equal(new LogSettings(LogFormat.Json, LogLevel.Debug), settings.Log);
        Assert.Equal(new TelemetrySettings(new Uri("http://collector:4317"), SampleRatio: 0.5), settings.Telemetry);
    }

    [Fact]
    public void Fifteen_mistakes_are_reported_at_once_each_with_its_line()
    {
        var problems = SettingsFolder.Problems("""
            hostnmae: mail.example.com
            certificates:
              - path: /nowhere/live/mail.example.com
            listeners:
              - name: submissions
                address: localhost:465
                protocol: smpt
                security: none
                backend: postfx
                tls: { minimumVersion: "3.0" }
              - name: submissions
                address: "*:993"
                protocol: imap
                backend: dovecot
                authentication: optional
            backends:
              - name: postfix
                destinations: ["10.0.0.5"]
              - name: dovecot
                kind: haraka
                destinations: ["10.0.0.5:143"]
                proxyProtocol: v2
            admin: { address: "127.0.0.1:993" }
            drain: { delay: 15 }
            log: { level: loud }
            """);

        Assert.Equal(
        [
            "1 error hostnmae",
            "3 error certificates.0.path",
            "6 error listeners.0.address",
            "7 error listeners.0.protocol",
            "8 error listeners.0.security",
            "9 error listeners.0.backend",
            "10 error listeners.0.tls.minimumVersion",
            "11 error listeners.1.name",
            "14 error listeners.1.backend",
            "15 error listeners.1.authentication",
            "17 warning backends.0.name",
            "18 error backends.0.destinations.0",
            "22 error backends.1.proxyProtocol",
            "23 error admin.address",
            "24 error drain.delay",
            "25 error log.level",
            "- error hostname",
        ], problems);
    }

    [Theory]
    [InlineData(
        "listeners:\n  - {}", "2 error listeners.0.name", "2 error listeners.0.address", "2 error listeners.0.protocol",
        "2 error listeners.0.backend")]
    [InlineData("backends:\n  - {}", "2 error backends.0.name", "2 error backends.0.destinations")]
    [InlineData("certificates:\n  - {}", "2 error certificates.0.path")]
    [InlineData("listeners:", "1 error listeners")]
    [InlineData("listeners: []", "1 error listeners")]
    [InlineData("listeners: 465", "1 error listeners")]
    [InlineData("listeners:\n  name: imaps", "2 error listeners.name")]
    [InlineData("listeners:\n  - imaps", "2 error listeners.0")]
    [InlineData("hostname: [a, b]", "1 error hostname")]
    [InlineData("hostname:", "1 error hostname")]
    [InlineData("hostname: ''", "1 error hostname")]
    [InlineData("hostname: null", "1 error hostname")]
    [InlineData("tls: modern", "1 error tls")]
    [InlineData("drain: { timeouts: 2m }", "1 error drain.timeouts")]
    [InlineData("", "- error hostname", "- error certificates", "- error listeners", "- error backends")]
    public void What_is_missing_or_of_the_wrong_shape_is_told_where_it_belongs(string yaml, params string[] expected)
    {
        var problems = SettingsFolder.Problems(yaml);
        Assert.All(expected, problem => Assert.Contains(problem, problems));
    }

    [Theory]
    [InlineData("hostnmae: x", "did you mean hostname?")]
    [InlineData("listener: x", "did you mean listeners?")]
    [InlineData("sampleRatio: 1", "did you mean telemetry.traces.sampleRatio?")]
    [InlineData("cert: x", "did you mean certificates?")]
    [InlineData("minimumVersion: x", "did you mean tls.minimumVersion?")]
    [InlineData("proxyProtocol: v2", "did you mean backends.N.proxyProtocol?")]
    [InlineData(
        "zzz: x",
        "known here: hostname, engine, certificates, listeners, tls, received, backends, policies, inventory, admission, limits, admin, drain, "
        + "upgrade, timeouts, native, log, telemetry")]
    public void An_unknown_key_is_an_error_that_says_what_was_meant(string line, string remedy)
    {
        var problem = SettingsFolder.Only(SettingsFolder.Good + "\n" + line);
        Assert.Equal((Severity.Error, 10, "is not a setting", remedy), (problem.Severity, problem.Origin.Line, problem.Message, problem.Remedy));
    }

    [Theory]
    [InlineData("admin: { address: \"0.0.0.0:9090\" }", "admin.address")]
    [InlineData("drain: { timeout: 0s }", "drain.timeout")]
    [InlineData("timeouts: { relay: 5m }", "timeouts.relay")]
    [InlineData("timeouts: { command: 1m }", "timeouts.command")]
    [InlineData("tls: { profile: modern, minimumVersion: \"1.2\" }", "tls.minimumVersion")]
    public void Weak_choices_are_warnings_and_the_settings_stand(string line, string setting)
    {
        using var folder = new SettingsFolder(SettingsFolder.Good + "\n" + line);
        var (settings, problems) = folder.Load();
        var problem = Assert.Single(problems);
        Assert.Equal((Severity.Warning, 10, setting), (problem.Severity, problem.Origin.Line, problem.Setting));
        Assert.NotNull(settings);
    }

    [Theory]
    [InlineData("loops: 0")]
    [InlineData("loops: 1025")]
    [InlineData("buffer: 8KB")]
    [InlineData("buffer: 2MB")]
    [InlineData("backlog: 0")]
    [InlineData("backlog: 65536")]
    [InlineData("keepAlive: 999ms")]
    [InlineData("keepAlive: 9h1s")]
    [InlineData("userTimeout: 0s")]
    [InlineData("userTimeout: 25h")]
    [InlineData("handshakesPerTurn: 0")]
    [InlineData("handshakesPerTurn: 1001")]
    public void What_the_native_engine_cannot_do_is_out_of_range(string line)
    {
        var problem = SettingsFolder.Only($"{SettingsFolder.Good}\nnative: {{ {line} }}");
        Assert.Equal(
            (Severity.Error, 10, $"native.{line.Split(':')[0]}", "is out of range"),
            (problem.Severity, problem.Origin.Line, problem.Setting, problem.Message));
    }

    /// <summary>Unlike the JSON schema, which knows one spelling.</summary>
    [Fact]
    public void Keys_and_words_are_taken_in_any_case()
    {
        using var folder = new SettingsFolder(SettingsFolder.Good.Replace("kind: postfix", "KIND: PostFix", StringComparison.Ordinal));
        var (settings, problems) = folder.Loader().Load();
        Assert.Empty(problems);
        Assert.Equal(BackendKind.Postfix, settings?.Backends[0].Kind);
    }

    [Fact]
    public void A_problem_is_one_line_whatever_it_quotes()
    {
        var problem = SettingsFolder.Only(
            SettingsFolder.Good.Replace("certificate.pem", "\"a\\n2026 all is well\\t\\e[2J\"", StringComparison.Ordinal));
        Assert.Equal("certificates.0.path", problem.Setting);
        Assert.DoesNotContain(problem.ToString(), char.IsControl);
        Assert.DoesNotContain(problem.Subject, char.IsControl);
    }

    [Fact]
    public void The_modern_profile_means_TLS_1_3()
    {
        using var folder = new SettingsFolder(SettingsFolder.Good + "\ntls: { profile: modern }");
        Assert.All(folder.Load().Settings!.Listeners, listener => Assert.Equal(TlsVersion.Tls13, listener.Tls.MinimumVersion));
    }

    [Theory]
    [InlineData("1.0", "RFC 8996")]
    [InlineData("1.1", "RFC 8997")]
    [InlineData("ssl3", "RFC 7568")]
    public void Forbidden_TLS_versions_are_refused_with_the_reason(string version, string reason) =>
        Assert.Contains(
            reason, SettingsFolder.Only($"{SettingsFolder.Good}\ntls: {{ minimumVersion: \"{version}\" }}").Message, StringComparison.Ordinal);
}
