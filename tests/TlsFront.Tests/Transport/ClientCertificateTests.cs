using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Tls.ClientCertificates;
using TlsFront.Tls;

namespace TlsFront.Tests.Transport;

/// <summary>Clients that are asked for a certificate, in real handshakes: the same on both engines.</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private readonly ClientAuthority _authority = new();

    public static TheoryData<bool, SslProtocols> Engines =>
        new() { { false, SslProtocols.Tls12 }, { false, SslProtocols.Tls13 }, { true, SslProtocols.Tls12 }, { true, SslProtocols.Tls13 } };

    /// <summary>Those that tell clients the authorities: elsewhere than on Linux .NET cannot.</summary>
    public static TheoryData<bool, SslProtocols> NamingEngines
    {
        get
        {
            var engines = new TheoryData<bool, SslProtocols>() { { true, SslProtocols.Tls12 }, { true, SslProtocols.Tls13 } };
            if (OperatingSystem.IsLinux())
            {
                engines.Add(false, SslProtocols.Tls12);
                engines.Add(false, SslProtocols.Tls13);
            }

            return engines;
        }
    }

    public void Dispose() => _authority.Dispose();

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_good_certificate_says_who_the_client_is(bool isNative, SslProtocols version)
    {
        using var certificate = _authority.Issue("CN=Alice", ["alice@example.org"]);
        var outcome = await SecureAsync(isNative, version, isRequired: true, certificate);
        Assert.Equal(
            new ClientCertificateFacts("alice@example.org", CommonName: null, _authority.AuthorityFile, "02", "CN=Clients"),
            outcome.Facts?.ClientCertificate);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_client_without_one_is_served_where_none_is_required(bool isNative, SslProtocols version)
    {
        var outcome = await SecureAsync(isNative, version, isRequired: false, certificate: null);
        Assert.NotNull(outcome.Facts);
        Assert.Null(outcome.Facts.ClientCertificate);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_client_without_one_is_refused_where_one_is_required(bool isNative, SslProtocols version)
    {
        var outcome = await SecureAsync(isNative, version, isRequired: true, certificate: null);
        Assert.Equal(
            (CloseReason.TlsClientCertificate, "client has no certificate, which this listener requires"), (outcome.Failure, outcome.Detail));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_certificate_of_another_authority_is_refused_also_where_none_is_required(bool isNative, SslProtocols version)
    {
        using var other = new ClientAuthority("CN=Others");
        using var certificate = other.Issue("CN=Alice", ["alice@example.org"]);
        var outcome = await SecureAsync(isNative, version, isRequired: false, certificate);
        Assert.Equal(
            (CloseReason.TlsClientCertificate, "client's certificate is refused: it is of no authority in ca (serial 02, issuer CN=Others)"),
            (outcome.Failure, outcome.Detail));
    }

    [Theory]
    [MemberData(nameof(NamingEngines))]
    public async Task A_client_that_has_only_one_of_another_authority_shows_none(bool isNative, SslProtocols version)
    {
        using var other = new ClientAuthority("CN=Others");
        using var certificate = other.Issue("CN=Alice", ["alice@example.org"]);
        var named = new List<string>();
        var outcome = await SecureAsync(isNative, version, isRequired: false, certificate, named: named);
        Assert.Equal(["CN=Clients"], named);
        Assert.NotNull(outcome.Facts);
        Assert.Null(outcome.Facts.ClientCertificate);

        using var good = _authority.Issue("CN=Alice", ["alice@example.org"]);
        outcome = await SecureAsync(isNative, version, isRequired: false, good, named: []);
        Assert.Equal("alice@example.org", outcome.Facts?.ClientCertificate?.User);
    }

    [Theory]
    [MemberData(nameof(NamingEngines))]
    public async Task Every_authority_of_the_file_is_named(bool isNative, SslProtocols version)
    {
        using var other = new ClientAuthority("CN=Others");
        await File.AppendAllTextAsync(_authority.AuthorityFile, "\n" + await File.ReadAllTextAsync(other.AuthorityFile));
        var named = new List<string>();
        await SecureAsync(isNative, version, isRequired: false, certificate: null, named: named);
        Assert.Equal(["CN=Clients", "CN=Others"], named);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Authorities_with_names_that_clients_have_no_room_for_let_users_in_unnamed(bool isNative, SslProtocols version)
    {
        _authority.AppendLongNames();
        var named = new List<string>();
        await SecureAsync(isNative, version, isRequired: false, certificate: null, named: named);
        Assert.Empty(named);

        using var good = _authority.Issue("CN=Alice", ["alice@example.org"]);
        var outcome = await SecureAsync(isNative, version, isRequired: true, good);
        Assert.Equal("alice@example.org", outcome.Facts?.ClientCertificate?.User);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_certificate_of_absurd_size_is_not_even_judged(SslProtocols version)
    {
        using var certificate = _authority.Issue($"CN={new string('x', 33_000)}", ["alice@example.org"]);
        var outcome = await SecureAsync(isNative: true, version, isRequired: false, certificate);
        Assert.Equal(CloseReason.TlsHandshakeFailed, outcome.Failure);
        Assert.Equal("client sent a message longer than TLS allows", outcome.Detail);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_revoked_certificate_is_refused(bool isNative, SslProtocols version)
    {
        using var certificate = _authority.Issue("CN=Alice", ["alice@example.org"]);
        _authority.Revoke(null, certificate);
        var outcome = await SecureAsync(isNative, version, isRequired: false, certificate, revokes: true);
        Assert.Equal(
            (CloseReason.TlsClientCertificate, "client's certificate is refused: it is revoked (serial 02, issuer CN=Clients)"),
            (outcome.Failure, outcome.Detail));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_gateways_own_handshakes_need_none(bool isNative, SslProtocols version)
    {
        var outcome = await SecureAsync(isNative, version, isRequired: true, certificate: null, isOwn: true);
        Assert.NotNull(outcome.Facts);
    }

    private async Task<TlsOutcome> SecureAsync(
        bool isNative, SslProtocols version, bool isRequired, X509Certificate2? certificate, bool revokes = false, bool isOwn = false,
        List<string>? named = null)
    {
        var settings = new ClientCertificateSettings(_authority.AuthorityFile, revokes ? _authority.RevocationFile : null, IsRequired: isRequired);
        using var clients = ClientAuthority.Store(settings);
        using var policy = new TestPolicy(new TlsSettings { ClientCertificates = settings }, clients);
        await using var rig = await ConnectionRig.StartAsync(isNative);
        var secured = rig.SecureAsync(isOwn ? policy.Policy.WithoutClientCertificates() : policy.Policy);
        await using var stream = new NetworkStream(rig.Client);
        await using var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "mail.example.com",
                EnabledSslProtocols = version,
                ClientCertificates = certificate is null ? null : [certificate],
                LocalCertificateSelectionCallback = (_, _, _, _, acceptable) => Select(certificate, acceptable, named)!,
                RemoteCertificateValidationCallback = static (_, server, _, _) => server is not null,
            }).WaitAsync(TestClient.Patience);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            // In TLS 1.2 the client hears of its refusal before it is done.
        }

        return await secured;
    }

    /// <summary>As a mail program does that heeds the authorities it is told, where <paramref name="named"/> takes them; else regardless.</summary>
    private static X509Certificate2? Select(X509Certificate2? certificate, string[] acceptable, List<string>? named)
    {
        if (named is null)
        {
            return certificate;
        }

        // The first time is before the handshake.
        named.AddRange(acceptable.Except(named));
        return certificate is not null && acceptable.Contains(certificate.Issuer) ? certificate : null;
    }
}
