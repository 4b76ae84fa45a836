using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Tls;
using TlsFront.Tls;

namespace TlsFront.Tests.Transport.Native;

/// <summary>What the native engine's TLS does beyond, or otherwise than, the managed one's.</summary>
[SupportedOSPlatform("linux")]
public sealed class NativeTlsTests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, false)]
    public async Task The_certificate_is_one_the_client_verifies_and_comes_with_its_chain(TlsCipherSuite suite, bool rsa)
    {
        await using var gateway = await NativeGateway.StartAsync();
        var presented = default(string);
        await using var client = new SslStream(new NetworkStream(await gateway.ConnectAsync(), ownsSocket: true));
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mail.example.com",
            EnabledSslProtocols = SslProtocols.Tls12,
            CipherSuitesPolicy = new CipherSuitesPolicy([suite]),
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            {
                presented = ((X509Certificate2)certificate!).Thumbprint;
                return chain!.ChainPolicy.ExtraStore.Count > 0;
            },
        }).WaitAsync(NativeGateway.Patience);

        Assert.Equal((rsa ? NativeGateway.Rsa : NativeGateway.Ecdsa).Thumbprint, presented);
    }

    [Fact]
    public async Task The_protocol_of_the_listener_is_negotiated_and_others_are_refused()
    {
        await using var gateway = await NativeGateway.StartAsync();
        await using (var client = await ConnectAsync(gateway, "h2", "imap"))
        {
            Assert.Equal("imap", client.NegotiatedApplicationProtocol.ToString());
            Assert.Equal("imap", (await gateway.HandshakeAsync()).Facts!.ApplicationProtocol);
        }

        await Assert.ThrowsAsync<AuthenticationException>(() => ConnectAsync(gateway, "h2"));
        Assert.Equal(CloseReason.TlsNoSharedProtocol, (await gateway.HandshakeAsync()).Failure);
    }

    [Theory]
    [InlineData("h2", null)]
    [InlineData("imap", "imap")]
    public async Task A_lenient_listener_ignores_foreign_protocols_alone(string offered, string? negotiated)
    {
        await using var gateway = await NativeGateway.StartAsync();
        gateway.Policy = new TlsPolicy(new TlsSettings(Alpn: AlpnMode.Ignore), MailProtocol.Imap, gateway.Certificates);
        await using var client = await ConnectAsync(gateway, offered);

        Assert.Equal(negotiated ?? "", client.NegotiatedApplicationProtocol.ToString());
        Assert.Equal(negotiated, (await gateway.HandshakeAsync()).Facts!.ApplicationProtocol);
    }

    /// <summary>46 KB of ALPN ids, in records of 16 KB.</summary>
    [Theory]
    [InlineData(97)]
    [InlineData(16_384)]
    [InlineData(1_000_000)]
    public async Task A_large_hello_is_served_in_whatever_pieces_it_arrives(int size)
    {
        await using var gateway = await NativeGateway.StartAsync();
        await using var client = new SslStream(new ChoppingStream(new NetworkStream(await gateway.ConnectAsync(), ownsSocket: true), size));
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mail.example.com",
            ApplicationProtocols = [.. Hellos.ForeignProtocols(180), new("imap")],
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        }).WaitAsync(NativeGateway.Patience);

        Assert.Equal("imap", client.NegotiatedApplicationProtocol.ToString());
    }

    /// <summary>RFC 6066 section 3; in the hello of TLS 1.2, among the encrypted extensions of 1.3.</summary>
    [Theory]
    [InlineData("mail.example.com", true)]
    [InlineData("routed.example", true)]
    [InlineData("unknown.example", false)]
    public async Task A_server_name_is_acknowledged_where_it_chose_the_certificate_or_the_route(string name, bool isAcknowledged)
    {
        await using var gateway = await NativeGateway.StartAsync();
        var route = new RouteSettings { Names = ["routed.example"], Backend = "", Tls = new TlsSettings() };
        var backend = TestGateway.Settings("/nowhere").Backends[0];
        gateway.Policy = new TlsPolicy(new TlsSettings(), MailProtocol.Imap, gateway.Certificates, [(route, backend)]);
        foreach (var version in (TlsVersion[])[TlsVersion.Tls12, TlsVersion.Tls13])
        {
            using var client = new OpenSslClient(gateway.Address, maximumVersion: (int)version, serverName: name);
            Assert.Equal(1, await client.HandshakeAsync());
            Assert.Equal(isAcknowledged ? name : null, client.AcknowledgedName);
        }
    }

    [Fact]
    public async Task A_client_that_rejects_the_certificate_is_quoted()
    {
        await using var gateway = await NativeGateway.StartAsync();
        using var client = new OpenSslClient(gateway.Address, verify: true);
        Assert.NotEqual(1, await client.HandshakeAsync());

        Assert.Equal(
            new TlsOutcome(null, CloseReason.TlsHandshakeFailed, "client rejects our certificate: unknown CA"), await gateway.HandshakeAsync());
    }

    [Fact]
    public async Task A_client_too_old_is_told_by_alert_and_the_operator_in_words()
    {
        await using var gateway = await NativeGateway.StartAsync();
        gateway.Policy = new TlsPolicy(new TlsSettings(TlsVersion.Tls13), MailProtocol.Imap, gateway.Certificates);

        using var client = new OpenSslClient(gateway.Address, maximumVersion: (int)TlsVersion.Tls12);
        Assert.NotEqual(1, await client.HandshakeAsync());

        var outcome = await gateway.HandshakeAsync();
        Assert.Equal(
            new TlsOutcome(null, CloseReason.TlsVersionTooOld, "client offers at most TLS 1.2; minimum is TLS 1.3"), outcome with { Ja4 = null });
        Assert.StartsWith("t12i", outcome.Ja4, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_without_a_common_group_is_named()
    {
        await using var gateway = await NativeGateway.StartAsync();
        using var client = new OpenSslClient(gateway.Address, groups: "X448");
        Assert.NotEqual(1, await client.HandshakeAsync());

        Assert.Equal(
            "client and gateway share no key exchange group: client offers only x448", (await gateway.HandshakeAsync()).Detail);
    }

    [Theory]
    [InlineData("P-256", "secp256r1")]
    [InlineData("P-384", "secp384r1")]
    public async Task The_group_is_negotiated_with_a_retried_hello_and_named(string offered, string named)
    {
        await using var gateway = await NativeGateway.StartAsync();
        using var client = new OpenSslClient(gateway.Address, groups: offered);
        Assert.Equal(1, await client.HandshakeAsync());

        Assert.Equal(named, (await gateway.HandshakeAsync()).Facts!.Group);
    }

    [Fact]
    public async Task A_client_that_speaks_plain_text_is_named()
    {
        await using var gateway = await NativeGateway.StartAsync();
        using var client = await gateway.ConnectAsync();
        await client.SendTextAsync("EHLO client\r\n");

        Assert.Equal(CloseReason.NotTls, (await gateway.HandshakeAsync()).Failure);
        Assert.Equal("", await client.ReceiveToEndAsync());
    }

    [Fact]
    public async Task A_replaced_certificate_is_presented_from_then_on_and_sessions_live_on()
    {
        await using var gateway = await NativeGateway.StartAsync();
        await using var old = await gateway.SecureClientAsync();
        using var backend = await gateway.AcceptBackendAsync();
        var renewed = TestAuthority.Shared.Ecdsa("mail.example.com");
        gateway.Policy = new TlsPolicy(new TlsSettings(), MailProtocol.Imap, _folder.Store(renewed));

        await using var next = await gateway.SecureClientAsync();

        Assert.Equal(renewed.Thumbprint, ((X509Certificate2)next.RemoteCertificate!).Thumbprint);
        await old.WriteTextAsync("alive");
        Assert.Equal("alive", await backend.ReceiveTextAsync(5));
    }

    [Fact]
    public async Task Renewals_and_reloads_leave_no_contexts_behind()
    {
        await using var gateway = await NativeGateway.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            var store = _folder.Store(TestAuthority.Shared.Ecdsa("mail.example.com"));
            for (var reload = 0; reload < 3; reload++)
            {
                gateway.Policy = new TlsPolicy(new TlsSettings(), MailProtocol.Imap, store);
                await using var client = await gateway.SecureClientAsync();
            }

            // The one that is presented, and the one before it.
            Assert.InRange(gateway.Objects.Live.Contexts, 1, 2);
        }
    }

    private static async Task<SslStream> ConnectAsync(NativeGateway gateway, params string[] protocols)
    {
        var client = new SslStream(new NetworkStream(await gateway.ConnectAsync(), ownsSocket: true));
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mail.example.com",
            ApplicationProtocols = [.. protocols.Select(static protocol => new SslApplicationProtocol(protocol))],
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        }).WaitAsync(NativeGateway.Patience);
        return client;
    }
}
