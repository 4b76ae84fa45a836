using System.Net;
using TlsFront.Compatibility;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;
using TlsFront.Tests.Tls;

namespace TlsFront.Tests.Compatibility;

/// <summary>What the clients get whose hellos come with the program, on both engines.</summary>
public sealed class CompatibilityTests : IDisposable
{
    private const string NoSuite = "no suite in common: client offers no cipher suite of the profile for TLS 1.2";
    private const string NoGroup = "client and gateway share no key exchange group: client offers only secp521r1";
    private const string OtherKey =
        "no suite in common: of the profile for TLS 1.2 the client offers those for ECDSA keys alone, "
        + "and the only certificate for this name has an RSA key; configure one with an ECDSA key as well";

    /// <summary>By the file's name: what its client speaks at best, and what else keeps it from the intermediate profile.</summary>
    private static readonly Dictionary<string, (int Minor, string? Obstacle)> Expected = new()
    {
        ["android-4"] = (0, null),
        ["apple-ios-15"] = (3, null),
        ["apple-ios-5"] = (2, NoSuite),
        ["apple-ios-9"] = (2, null),
        ["bearssl-0.6"] = (2, null),
        ["dotnet"] = (3, null),
        ["gnutls-3.7"] = (3, null),
        ["gnutls-tls1.0"] = (0, null),
        ["gnutls-tls1.2"] = (2, null),
        ["go"] = (3, null),
        ["java-17"] = (3, null),
        ["java-7"] = (0, null),
        ["java-8-like"] = (2, null),
        ["mbedtls-2.28"] = (2, null),
        ["mbedtls-tls1.0"] = (0, null),
        ["node-20"] = (3, null),
        ["node-24"] = (3, null),
        ["nss-3.87"] = (3, null),
        ["nss-thunderbird-like"] = (3, null),
        ["nss-tls1.0"] = (0, null),
        ["openssl-0.9.8"] = (0, null),
        ["openssl-1.0.0"] = (0, null),
        ["openssl-1.0.1"] = (2, null),
        ["openssl-1.0.2-like"] = (2, null),
        ["openssl-1.1.1-like"] = (3, null),
        ["openssl-3.0"] = (3, null),
        ["openssl-no-name"] = (2, null),
        ["openssl-p521"] = (3, NoGroup),
        ["openssl-rsa-key-exchange"] = (2, NoSuite),
        ["openssl-tls1.0"] = (0, null),
        ["openssl-tls1.1"] = (1, null),
        ["python-3.11"] = (3, null),
        ["windows-10"] = (2, null),
        ["windows-11"] = (3, null),
        ["windows-7-tls1.0"] = (0, null),
        ["windows-7-tls1.2"] = (2, OtherKey),
        ["windows-8.1"] = (2, OtherKey),
        ["windows-xp"] = (0, null),
        ["wolfssl-5.5"] = (3, null),
    };

    private static readonly string[] EngineNames = OperatingSystem.IsLinux() ? ["Managed", "Native"] : ["Managed"];
    private static readonly TestCertificate Ecdsa = TestAuthority.Shared.Ecdsa("mail.example.com");
    private static readonly TestCertificate Rsa = TestAuthority.Shared.Rsa("mail.example.com");

    private readonly CertificateFolder _folder = new();

    public static TheoryData<string> Engines => [.. EngineNames];

    public static TheoryData<string, string, string> Combinations()
    {
        var combinations = new TheoryData<string, string, string>();
        foreach (var engine in EngineNames)
        {
            foreach (var keys in (string[])["ECDSA", "RSA", "ECDSA RSA", "RSA ECDSA"])
            {
                combinations.Add(engine, keys, "intermediate");
                combinations.Add(engine, keys, "modern");
                combinations.Add(engine, keys, "1.3");
            }
        }

        return combinations;
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task Every_client_gets_what_it_and_the_rules_allow(string engine, string keys, string rules)
    {
        var settings = Settings(engine, rules switch
        {
            "modern" => new TlsSettings(Profile: TlsProfile.Modern).Effective,
            "1.3" => new TlsSettings(MinimumVersion: TlsVersion.Tls13),
            _ => new TlsSettings(),
        }) with
        { Certificates = [.. keys.Split(' ').Select(static key => key == "RSA" ? Rsa : Ecdsa).Select(certificate => _folder.Write(certificate))] };

        var reports = await RunAsync(settings);

        var names = HelloSet.ShippedNames.Select(static name => Path.GetFileNameWithoutExtension(name)).ToList();
        Assert.Equal(Expected.Keys.Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        Assert.All(names.Zip(reports), pair => Assert.Equal(
            ExpectedWords(pair.First, rules == "intermediate" ? 2 : 3, keys), Words(Assert.Single(pair.Second.Outcomes))));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Each_name_that_is_routed_has_outcomes_of_its_own(string engine)
    {
        var (ofListener, ofRoute) = (_folder.Write(Rsa), _folder.Write(TestAuthority.Shared.Ecdsa("*.example.org")));
        var settings = Settings(engine, new TlsSettings()) with { Certificates = [ofListener, ofRoute] };
        settings = settings with
        {
            Listeners =
            [
                settings.Listeners[0] with
                {
                    Routes =
                    [
                        new() { Names = ["*.example.org"], Backend = "dovecot", Tls = new(MinimumVersion: TlsVersion.Tls13) },
                        new() { Names = ["strict.example.net"], Backend = "dovecot", Tls = new(UnknownName: UnknownName.Reject) },
                        new() { Users = ["bob"], Backend = "dovecot", Tls = new() },
                    ],
                },
            ],
        };

        var reports = (await RunAsync(settings)).ToDictionary(static report => report.Client);

        Assert.Equal(
            [
                "imaps : 1.2 RSA", "imaps *.example.org: client offers at most TLS 1.2; minimum is TLS 1.3",
                "imaps strict.example.net: no certificate covers the name strict.example.net the client asks for",
            ],
            reports["Java 8"].Outcomes.Select(Told));
        Assert.Equal(["imaps : 1.3 RSA", "imaps *.example.org: 1.3 ECDSA"], reports["OpenSSL 3.0"].Outcomes.Take(2).Select(Told));

        // What names no server reaches no route.
        Assert.Equal(["imaps : 1.2 RSA"], reports["OpenSSL without a server name"].Outcomes.Select(Told));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_listener_that_refuses_unknown_names_is_asked_for_its_own(string engine)
    {
        var settings = Settings(engine, new TlsSettings(UnknownName: UnknownName.Reject)) with
        {
            Certificates = [_folder.Write(TestAuthority.Shared.Ecdsa("*.example.com", "other.example.com"))],
        };

        var outcome = (await RunAsync(settings)).Single(static report => report.Client == "Go 1.19").Outcomes[0];

        Assert.Equal(
            ("TLS 1.3", "TLS_AES_128_GCM_SHA256", "x25519", "ECDSA"), (outcome.Version, outcome.CipherSuite, outcome.Group, outcome.Certificate));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_retry_for_another_group_is_an_answer(string engine)
    {
        var settings = Settings(engine, new TlsSettings()) with { Certificates = [_folder.Write(Ecdsa)] };
        var octets = new HelloBuilder().Versions(0x0304).Groups(29, 23).Signatures(0x0403).Extension(45, [1, 1]).Extension(51, [0, 0]).Record();
        Assert.True(HelloRecords.TryRead(octets, out var records, out _));
        var hello = new RecordedHello { Client = "No key share", Recorded = new DateOnly(2026, 12, 1), Source = "composed", Records = records };

        var reports = await CompatibilityCheck.RunAsync(settings, [hello], TimeProvider.System, CancellationToken.None);

        var outcome = Assert.Single(Assert.Single(reports).Outcomes);
        Assert.Equal((true, "TLS 1.3", "x25519"), (outcome.Accepted, outcome.Version, outcome.Group));
    }

    /// <summary>What nothing serves by default is served on the island, for whom a policy names.</summary>
    [Theory]
    [InlineData("ECDSA RSA")]
    [InlineData("RSA")]
    public async Task Clients_of_before_TLS_1_2_are_served_on_an_island(string keys)
    {
        var settings = Settings("Native", new TlsSettings(MinimumVersion: TlsVersion.Tls10)) with
        {
            Certificates = [.. keys.Split(' ').Select(key => _folder.Write(key == "RSA" ? Rsa : Ecdsa))],
        };
        var outcomes = (await RunAsync(settings)).ToDictionary(static report => report.Client, static report => report.Outcomes[0]);
        foreach (var client in (string[])["Java 7", "OpenSSL 0.9.8", "OpenSSL 1.0.0", "Windows 7"])
        {
            var (name, outcome) = outcomes.First(entry => entry.Key.StartsWith(client, StringComparison.Ordinal));
            Assert.True(outcome is { Accepted: true, NeedsPolicy: true, Version: "TLS 1.0" }, $"{name}: {outcome}");
        }

        Assert.All(
            outcomes.Values,
            static outcome => Assert.Equal(
                outcome.Accepted && (outcome.Version is "TLS 1.0" or "TLS 1.1" || CipherStrength.IsWeak(outcome.CipherSuite!)), outcome.NeedsPolicy));
        Assert.True(outcomes["OpenSSL 3.0"] is { Accepted: true, NeedsPolicy: false, Version: "TLS 1.3" });
    }

    [Fact]
    public async Task The_native_engine_gives_everything_back()
    {
        var store = _folder.Store(Ecdsa, Rsa);
        var policy = new TlsFront.Tls.TlsPolicy(new TlsSettings(), MailProtocol.Imap, store);
        var rehearsal = new TlsFront.Transport.Native.Tls.NativeRehearsal(TimeProvider.System);
        foreach (var hello in HelloSet.ReadShipped())
        {
            _ = await rehearsal.AnswerAsync(hello.Records.Octets, policy, CancellationToken.None);
        }

        Assert.Equal((0, 1, 0, 0, 0), rehearsal.Objects.Live);
        rehearsal.Dispose();
        Assert.Equal((0, 0, 0, 0, 0), rehearsal.Objects.Live);
    }

    private static string ExpectedWords(string name, int minimum, string keys)
    {
        var (minor, obstacle) = Expected[name];
        var key = keys.Split(' ') is [var only] ? only : "ECDSA";
        return minor < minimum ? $"client offers at most TLS 1.{minor}; minimum is TLS 1.{minimum}"
            : obstacle is not null && (obstacle != OtherKey || key == "RSA") ? obstacle
            : $"1.{minor} {key}";
    }

    private static string Told(ClientOutcome outcome) => $"{outcome.Listener} {outcome.Route}: {Words(outcome)}";

    private static string? Words(ClientOutcome outcome)
    {
        Assert.Equal(outcome.Accepted, outcome.Reason is null);
        return outcome.Accepted ? $"{outcome.Version!["TLS ".Length..]} {outcome.Certificate}" : outcome.Reason;
    }

    private static Task<IReadOnlyList<ClientReport>> RunAsync(GatewaySettings settings) =>
        CompatibilityCheck.RunAsync(settings, HelloSet.ReadShipped(), TimeProvider.System, CancellationToken.None);

    private static GatewaySettings Settings(string engine, TlsSettings tls) => Functional.TestGateway.Settings("") with
    {
        Engine = Enum.Parse<EngineChoice>(engine),
        Listeners =
        [
            new()
            {
                Name = "imaps",
                Address = new IPEndPoint(IPAddress.Loopback, 0),
                Protocol = MailProtocol.Imap,
                Backend = "dovecot",
                Tls = tls,
                Rules = new SessionRules(),
            },
        ],
        Backends =
        [
            new() { Name = "dovecot", Kind = BackendKind.Dovecot, Destinations = ["192.0.2.1:143"], ProxyProtocol = ProxyHeaderVersion.None },
        ],
    };
}
