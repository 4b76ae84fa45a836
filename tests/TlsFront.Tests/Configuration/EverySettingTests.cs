using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Configuration.Schema;
using TlsFront.Tests.Tls;

namespace TlsFront.Tests.Configuration;

/// <summary>Every setting is changed once: the report names it, and it is in force, or waits for a restart if its description says so.</summary>
public sealed class EverySettingTests : IDisposable
{
    private const string Base = """
        hostname: mail.example.com
        certificates:
          - { path: chain.pem, key: key.pem, passwordFile: password }
        listeners:
          - name: submissions
            address: "*:465"
            protocol: smtp
            backend: postfix
            certificates: [ { path: chain.pem, key: key.pem, passwordFile: password } ]
            lookup: { url: https://lookup.internal/auth }
            routes:
              - names: [a.example.com, b.example.com]
                backend: exim
                certificates: [ { path: chain.pem, key: key.pem, passwordFile: password } ]
                tls: { clientCertificates: { ca: chain.pem } }
              - { users: [bob], backend: exim }
          - name: imaps
            address: "*:993"
            protocol: imap
            backend: dovecot
            proxyProtocol: { trustedNetworks: [192.0.2.1] }
            tls: { clientCertificates: { ca: chain.pem } }
        backends:
          - name: postfix
            kind: postfix
            destinations: ["10.0.0.5:10465"]
            maxSessions: 9
            master: { user: gateway, passwordFile: password }
            tls: { mode: implicit, serverName: smtp.internal, ca: chain.pem }
          - { name: exim, kind: exim, destinations: ["10.0.0.6:10465"] }
          - { name: dovecot, destinations: ["10.0.0.5:10143"] }
          - { name: spare, destinations: ["10.0.0.5:10144"] }
        policies: [ { name: first, action: refuse } ]
        admin: { socket: admin.sock, tokenFile: token }
        """;

    /// <summary>
    /// Path in the documentation, a value other than the base's or the default, and, where they do not follow from the path,
    /// what is set and what is reported.
    /// </summary>
    private static readonly (string Path, string Value, string? Set, string? Report)[] Changes =
    [
        ("hostname", "mx.example.com", null, null),
        ("engine", "native", null, null),
        ("certificates[].path", "other.pem", null, "certificates"),
        ("certificates[].key", "other.pem", null, "certificates"),
        ("certificates[].passwordFile", "other.pem", null, "certificates"),
        ("listeners[].name", "mx", null, "listeners.submissions (removed), listeners.mx (added)"),
        ("listeners[].address", "*:4465", null, null),
        ("listeners[].protocol", "tcp", "listeners.1.protocol", "listeners.imaps.protocol"),
        ("listeners[].security", "starttls", null, null),
        ("listeners[].backend", "exim", null, null),
        ("listeners[].userMap", "users.map", "listeners.1.userMap", "listeners.imaps.userMap, listeners.imaps.userMap (backends)"),
        ("listeners[].authentication", "optional", null, null),
        ("listeners[].bareNewlines", "reject", null, null),
        ("listeners[].certificates[].path", "other.pem", null, "listeners.submissions.certificates"),
        ("listeners[].certificates[].key", "other.pem", null, "listeners.submissions.certificates"),
        ("listeners[].certificates[].passwordFile", "other.pem", null, "listeners.submissions.certificates"),
        ("listeners[].proxyProtocol.trustedNetworks", "192.0.2.1", "listeners.0.proxyProtocol.trustedNetworks.0", null),
        ("listeners[].proxyProtocol.others", "refuse", "listeners.1.proxyProtocol.others", "listeners.imaps.proxyProtocol.others"),
        ("listeners[].admission.allow", "192.0.2.1", "listeners.0.admission.allow.0", null),
        ("listeners[].admission.deny", "networks", "listeners.0.admission.deny.0", null),
        ("listeners[].limits.connections", "7", null, null),
        ("listeners[].lookup.url", "https://other.internal/auth", null, null),
        ("listeners[].lookup.ca", "other.pem", null, null),
        ("listeners[].lookup.headersFile", "other.headers", null, null),
        ("listeners[].lookup.sendPassword", "on", null, null),
        ("listeners[].lookup.timeout", "7s", null, null),
        ("listeners[].lookup.onFailure", "default", null, null),
        ("listeners[].lookup.backends", "spare", "listeners.0.lookup.backends.0", null),
        ("listeners[].lookup.cache.hits", "7s", null, null),
        ("listeners[].lookup.cache.misses", "7s", null, null),
        ("listeners[].lookup.cache.entries", "7", null, null),
        ("listeners[].tls.minimumVersion", "1.3", null, null),
        ("listeners[].tls.profile", "modern", null, null),
        ("listeners[].tls.unknownName", "reject", null, null),
        ("listeners[].tls.alpn", "ignore", null, null),
        ("listeners[].tls.clientCertificates.ca", "other.pem", "listeners.1.tls.clientCertificates.ca", "listeners.imaps.tls.clientCertificates.ca"),
        ("listeners[].tls.clientCertificates.crl", "other.pem", "listeners.1.tls.clientCertificates.crl",
            "listeners.imaps.tls.clientCertificates.crl"),
        ("listeners[].tls.clientCertificates.user", "commonName", "listeners.1.tls.clientCertificates.user",
            "listeners.imaps.tls.clientCertificates.user"),
        ("listeners[].tls.clientCertificates.required", "on", "listeners.1.tls.clientCertificates.required",
            "listeners.imaps.tls.clientCertificates.required"),
        ("listeners[].routes[].names", "c.example.com", "listeners.0.routes.0.names.1", null),
        ("listeners[].routes[].users", "jim", "listeners.0.routes.1.users.0", "listeners.submissions.routes.users=bob (removed), "
            + "listeners.submissions.routes.users=jim (added)"),
        ("listeners[].routes[].backend", "postfix", null, null),
        ("listeners[].routes[].certificates[].path", "other.pem", null, "listeners.submissions.routes.a.example.com.certificates"),
        ("listeners[].routes[].certificates[].key", "other.pem", null, "listeners.submissions.routes.a.example.com.certificates"),
        ("listeners[].routes[].certificates[].passwordFile", "other.pem", null, "listeners.submissions.routes.a.example.com.certificates"),
        ("listeners[].routes[].tls.minimumVersion", "1.3", null, null),
        ("listeners[].routes[].tls.profile", "modern", null, null),
        ("listeners[].routes[].tls.clientCertificates.ca", "other.pem", null, null),
        ("listeners[].routes[].tls.clientCertificates.crl", "other.pem", null, null),
        ("listeners[].routes[].tls.clientCertificates.user", "commonName", null, null),
        ("listeners[].routes[].tls.clientCertificates.required", "on", null, null),
        ("tls.minimumVersion", "1.3", null, null),
        ("tls.profile", "modern", null, null),
        ("tls.unknownName", "reject", null, null),
        ("tls.alpn", "ignore", null, null),
        ("tls.ticketKeys", "other.pem", "tls.ticketKeys.0", null),
        ("tls.checkInterval", "5m", null, null),
        ("received.client", "hide", null, null),
        ("received.group", "on", null, null),
        ("backends[].name", "other", "backends.3.name", "backends.spare (removed), backends.other (added)"),
        ("backends[].kind", "haraka", null, null),
        ("backends[].destinations", "10.0.0.7:10465", "backends.0.destinations.1", null),
        ("backends[].identity", "none", null, "backends.postfix.identity, backends.postfix.proxyProtocol"),
        ("backends[].proxyProtocol", "none", null, null),
        ("backends[].loadBalancing", "random", null, null),
        ("backends[].stickiness", "user", null, null),
        ("backends[].group", "storage", null, null),
        ("backends[].resolveEvery", "5m", null, null),
        ("backends[].sourceAddresses", "10.0.0.1", "backends.0.sourceAddresses.0", null),
        ("backends[].maxSessions", "7", null, null),
        ("backends[].queue.length", "7", null, null),
        ("backends[].queue.timeout", "7s", null, null),
        ("backends[].master.user", "other", null, null),
        ("backends[].master.passwordFile", "token", null, null),
        ("backends[].master.separator", "%", null, null),
        ("backends[].tls.mode", "none", null, null),
        ("backends[].tls.ca", "other.pem", null, null),
        ("backends[].tls.serverName", "mx.internal", null, null),
        ("backends[].tls.verify", "off", null, null),
        ("backends[].health.interval", "7s", null, null),
        ("backends[].health.timeout", "7s", null, null),
        ("backends[].health.unhealthyAfter", "7", null, null),
        ("backends[].health.healthyAfter", "7", null, null),
        ("backends[].health.ejectFor", "7s", null, null),
        ("policies[].name", "other", null, "policies"),
        ("policies[].action", "warn", null, "policies"),
        ("policies[].listeners", "imaps", "policies.0.listeners.0", "policies"),
        ("policies[].protocols", "imap", "policies.0.protocols.0", "policies"),
        ("policies[].transport", "implicit", null, "policies"),
        ("policies[].tlsBelow", "1.3", null, "policies"),
        ("policies[].cipher", "weak", null, "policies"),
        ("policies[].networks", "192.0.2.1", "policies.0.networks.0", "policies"),
        ("policies[].users", "bob", "policies.0.users.0", "policies"),
        ("policies[].serverNames", "a.example.com", "policies.0.serverNames.0", "policies"),
        ("policies[].ja4", "t13d311000_e8f1e7e78f70_1f22a2ca17c4", "policies.0.ja4.0", "policies"),
        ("policies[].programs", "MFP-*", "policies.0.programs.0", "policies"),
        ("policies[].from", "2027-03-31T00:00Z", null, "policies"),
        ("policies[].until", "2027-03-31T00:00Z", null, "policies"),
        ("policies[].sample", "10%", null, "policies"),
        ("policies[].sampleOf", "connections", null, "policies"),
        ("policies[].during", "2027-01-12T09:00Z/1h", "policies.0.during.0", "policies"),
        ("policies[].alert", "on", null, "policies"),
        ("policies[].message", "Use port 993", null, "policies"),
        ("inventory.path", "inventory.db", null, null),
        ("inventory.postgres", "Host=db.internal", null, null),
        ("inventory.passwordFile", "token", null, null),
        ("inventory.flushEvery", "7s", null, null),
        ("inventory.buffer", "100", null, null),
        ("inventory.retention.raw", "7d", null, null),
        ("inventory.retention.users", "7d", null, null),
        ("inventory.retention.totals", "7d", null, null),
        ("inventory.addresses", "full", null, null),
        ("inventory.users", "hashed", null, null),
        ("inventory.keyFile", "token", null, null),
        ("admission.allow", "192.0.2.1", "admission.allow.0", null),
        ("admission.deny", "networks", "admission.deny.0", null),
        ("limits.connections", "7", null, null),
        ("limits.memory", "70%", null, null),
        ("limits.connectionsPerClient", "7", null, null),
        ("limits.connectionRate", "7/1m", null, null),
        ("limits.handshakeRate", "7/1m", null, null),
        ("limits.ipv4Prefix", "24", null, null),
        ("limits.ipv6Prefix", "56", null, null),
        ("limits.exempt", "192.0.2.1", "limits.exempt.0", null),
        ("admin.address", "127.0.0.1:9191", null, null),
        ("admin.hostNames", "metrics.internal", "admin.hostNames.0", null),
        ("admin.socket", "other.sock", null, null),
        ("admin.socketMode", "0660", null, null),
        ("admin.tokenFile", "token2", null, null),
        ("drain.delay", "7s", null, null),
        ("drain.timeout", "7s", null, null),
        ("upgrade.timeout", "7s", null, null),
        ("upgrade.automatic", "off", null, null),
        ("timeouts.proxyHeader", "7s", null, null),
        ("timeouts.handshake", "7s", null, null),
        ("timeouts.starttls", "7s", null, null),
        ("timeouts.connect", "7s", null, null),
        ("timeouts.greeting", "7s", null, null),
        ("timeouts.preLogin", "7s", null, null),
        ("timeouts.command", "7m", null, null),
        ("timeouts.reply", "17m", null, null),
        ("timeouts.data", "7m", null, null),
        ("timeouts.relay", "37m", null, null),
        ("timeouts.write", "7s", null, null),
        ("timeouts.linger", "7s", null, null),
        ("native.openssl", "openssl", null, null),
        ("native.loops", "77", null, null),
        ("native.buffer", "32KB", null, null),
        ("native.backlog", "7", null, null),
        ("native.keepAlive", "7s", null, null),
        ("native.userTimeout", "7s", null, null),
        ("native.handshakesPerTurn", "7", null, null),
        ("log.format", "json", null, null),
        ("log.level", "debug", null, null),
        ("telemetry.otlpEndpoint", "http://collector:4317", null, null),
        ("telemetry.traces.sampleRatio", "1", null, null),
    ];

    private readonly SettingsFolder _folder = new(Base);

    public EverySettingTests()
    {
        var certificate = TestAuthority.Shared.Ecdsa("mail.example.com");
        File.WriteAllText(_folder.At("chain.pem"), certificate.FullChain);
        File.WriteAllText(_folder.At("other.pem"), certificate.FullChain);
        File.WriteAllText(_folder.At("key.pem"), certificate.Key);
        File.WriteAllText(_folder.At("password"), "secret");
        Directory.CreateDirectory(_folder.At("openssl"));
        File.WriteAllText(_folder.At("openssl/libcrypto.so.3"), "");
        File.WriteAllText(_folder.At("openssl/libssl.so.3"), "");
        File.WriteAllText(_folder.At("networks"), "192.0.2.2");
        File.WriteAllText(_folder.At("other.headers"), "X-Auth-Key: secret");
        File.WriteAllText(_folder.At("users.map"), "bob spare\n");
        foreach (var token in (string[])["token", "token2"])
        {
            File.WriteAllText(_folder.At(token), "0123456789abcdef");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(_folder.At(token), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
    }

    public static TheoryData<string> Paths => [.. Changes.Select(static change => change.Path)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_setting_is_left_out() =>
        Assert.Equal(
            Settings().Select(static setting => setting.Path).Order(),
            Changes.Select(static change => change.Path).Order());

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_change_is_reported_and_in_force_or_waits_for_a_restart(string path)
    {
        var change = Changes.Single(change => change.Path == path);
        var isCold = Settings().Single(setting => setting.Path == path).Setting.IsCold;
        var report = change.Report ?? path
            .Replace("routes[]", "routes.a.example.com", StringComparison.Ordinal)
            .Replace("listeners[]", "listeners.submissions", StringComparison.Ordinal)
            .Replace("backends[]", "backends.postfix", StringComparison.Ordinal);
        var running = Load();
        var store = new SettingsStore(running);
        var written = new SettingOverride((change.Set ?? path.Replace("[]", ".0", StringComparison.Ordinal)).Replace('.', ':'), change.Value, "test");
        var wanted = Load(written);

        using var reloader = Reloader(store, written);
        reloader.Reload();

        var last = reloader.Last!;
        Assert.True(last.Succeeded, string.Join('\n', last.Problems));
        Assert.Equal(isCold, last.NeedsRestart.Count > 0);
        Assert.Equal(isCold, last.Changes.Count == 0);
        var reported = isCold ? last.NeedsRestart : last.Changes;
        Assert.Equal(report.Split(", "), reported.Where(line => !IsConsequence(path, line)));
        Assert.Equal(isCold ? [] : SettingsSchema.Root.Differences(running, wanted), SettingsSchema.Root.Differences(running, store.Current));
        Assert.Equal(isCold ? SettingsSchema.Root.Differences(running, wanted) : [], SettingsSchema.Root.Differences(store.Current, wanted));
    }

    /// <summary>
    /// What follows from the change elsewhere: listeners and routes inherit, <c>modern</c> has no TLS 1.2, and a product has its own PROXY header.
    /// </summary>
    private static bool IsConsequence(string path, string reported) => path switch
    {
        "backends[].kind" => reported == "backends.postfix.proxyProtocol",
        "admission.allow" or "admission.deny" =>
            reported.StartsWith("listeners.", StringComparison.Ordinal) && reported.EndsWith(path, StringComparison.Ordinal),
        "tls.minimumVersion" or "tls.profile" or "tls.unknownName" or "tls.alpn" => reported.StartsWith("listeners.", StringComparison.Ordinal),
        "listeners[].tls.minimumVersion" or "listeners[].tls.unknownName" or "listeners[].tls.alpn" =>
            reported.Contains(".routes.", StringComparison.Ordinal),
        "listeners[].tls.profile" =>
            reported.Contains(".routes.", StringComparison.Ordinal) || reported == "listeners.submissions.tls.minimumVersion",
        "listeners[].routes[].tls.profile" => reported.EndsWith(".tls.minimumVersion", StringComparison.Ordinal),
        _ => false,
    };

    private static IEnumerable<(string Path, Setting Setting)> Settings() => Settings(SettingsSchema.Root, "");

    private static IEnumerable<(string Path, Setting Setting)> Settings(SettingsSection section, string prefix) =>
        section.Settings.Select(setting => (prefix + setting.Key, setting))
            .Concat(section.Sections.SelectMany(inner => Settings(inner, $"{prefix}{inner.Key}{(inner.IsList ? "[]" : "")}.")));

    private SettingsReloader Reloader(SettingsStore store, SettingOverride written)
    {
        var time = new FakeTimeProvider();
        return new(
            store,
            _folder.Loader(arguments: [written]),
            new SettingsFileWatcher([], time, NullLogger<SettingsFileWatcher>.Instance),
            [],
            time,
            NullLogger<SettingsReloader>.Instance);
    }

    private GatewaySettings Load(params SettingOverride[] overrides)
    {
        var (settings, problems) = _folder.Loader(arguments: overrides).Load();
        Assert.True(settings is not null, string.Join('\n', problems));
        return settings;
    }
}
