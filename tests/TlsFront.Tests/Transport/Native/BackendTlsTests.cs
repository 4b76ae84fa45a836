using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Transport;

namespace TlsFront.Tests.Transport.Native;

/// <summary>Backends that speak TLS. Every test also asserts, at its end, that no native object is left.</summary>
public sealed class BackendTlsTests
{
    private const string Name = "smtp.internal";
    private static readonly byte[] Header = "PROXY UNKNOWN\r\n"u8.ToArray();
    private static readonly X509Certificate2 Certificate = SelfSigned();
    private static readonly X509Certificate2 RsaCertificate = SelfSignedByRsa();

    private static BackendTlsParameters Terms => new(Name, ApplicationProtocol: null, Verify: true, [Certificate]);

    [Theory]
    [InlineData(SslProtocols.Tls12, 1)]
    [InlineData(SslProtocols.Tls13, 1)]
    [InlineData(SslProtocols.Tls13, 2)]
    public async Task Bytes_pass_both_ways_and_the_header_was_in_clear(SslProtocols protocols, int loops)
    {
        await using var gateway = await StartAsync(Terms, loops);

        // More than one, so that with two loops some change from one to the other.
        for (var i = 0; i < 4; i++)
        {
            await using var client = await gateway.SecureClientAsync();
            await using var backend = await AcceptAsync(gateway, protocols);
            await client.WriteTextAsync("ping");
            Assert.Equal("ping", await backend.ReadTextAsync(4));
            await backend.WriteTextAsync("pong");
            Assert.Equal("pong", await client.ReadTextAsync(4));
            Assert.Equal((protocols, Name), (backend.SslProtocol, backend.TargetHostName));
        }
    }

    /// <summary>Both sides of the session go on with records of our own, unless the suite has no AEAD.</summary>
    [Theory]
    [InlineData(TlsCipherSuite.TLS_AES_128_GCM_SHA256, true)]
    [InlineData(TlsCipherSuite.TLS_AES_256_GCM_SHA384, true)]
    [InlineData(TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, false)]
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public async Task A_session_goes_on_without_OpenSSL(TlsCipherSuite suite, bool isWithout)
    {
        await using var gateway = await StartAsync(Terms with { Verify = false });
        for (var i = 0; i < 2; i++)
        {
            await using var client = await gateway.SecureClientAsync();
            await using var backend = new SslStream(new NetworkStream(await AcceptIntroducedAsync(gateway), ownsSocket: true));
            await backend.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = suite.ToString().Contains("RSA_", StringComparison.Ordinal)
                    && !suite.ToString().Contains("ECDSA", StringComparison.Ordinal) ? RsaCertificate : Certificate,
                CipherSuitesPolicy = new CipherSuitesPolicy([suite]),
            }).WaitAsync(NativeGateway.Patience);
            Assert.Equal(suite, backend.NegotiatedCipherSuite);
            foreach (var word in new[] { "ping", new string('x', 40_000) })
            {
                await client.WriteTextAsync(word);
                Assert.Equal(word, await backend.ReadTextAsync(word.Length));
                await backend.WriteTextAsync(word);
                Assert.Equal(word, await client.ReadTextAsync(word.Length));
            }

            Assert.Equal(isWithout ? (0, 2) : (1, 1), (gateway.Objects.Live.Ssl, gateway.Objects.LiveRecords));
            await client.ShutdownAsync();
            Assert.Equal("", await backend.ReadToEndAsync());
            await backend.ShutdownAsync();
            await gateway.EndAsync();
        }
    }

    [Fact]
    public async Task A_greeting_right_behind_the_handshake_is_not_lost()
    {
        await using var gateway = await StartAsync(Terms);
        await using var client = await gateway.SecureClientAsync();

        // In TLS 1.2 the server's Finished is the last: what it says next comes in the same segment.
        using var socket = await AcceptIntroducedAsync(gateway);
        await using var holding = new HoldingStream(new NetworkStream(socket));
        await using var backend = new SslStream(holding);
        await backend.AuthenticateAsServerAsync(Options(SslProtocols.Tls12)).WaitAsync(NativeGateway.Patience);
        await backend.WriteTextAsync("220 here\r\n");
        await holding.ReleaseAsync();
        Assert.Equal("220 here\r\n", await client.ReadTextAsync(10));
    }

    [Fact]
    public async Task Megabytes_arrive_as_they_were_sent_both_ways_at_once()
    {
        await using var gateway = await StartAsync(Terms);
        await using var client = await gateway.SecureClientAsync();
        await using var backend = await AcceptAsync(gateway);
        var up = RandomNumberGenerator.GetBytes(5_000_000);
        var down = RandomNumberGenerator.GetBytes(5_000_000);
        var received = Task.WhenAll(ReceiveAsync(backend, up.Length), ReceiveAsync(client, down.Length));
        await Task.WhenAll(client.WriteAsync(up).AsTask(), backend.WriteAsync(down).AsTask(), received).WaitAsync(NativeGateway.Patience);
        Assert.Equal(up, (await received)[0]);
        Assert.Equal(down, (await received)[1]);
    }

    [Fact]
    public async Task An_end_of_the_client_is_one_for_the_backend_which_may_still_answer()
    {
        await using var gateway = await StartAsync(Terms);
        await using var client = await gateway.SecureClientAsync();
        await using var backend = await AcceptAsync(gateway);
        await client.WriteTextAsync("last words");
        await client.ShutdownAsync();
        Assert.Equal("last words", await backend.ReadToEndAsync());
        await backend.WriteTextAsync("answer");
        await backend.ShutdownAsync();
        Assert.Equal("answer", await client.ReadToEndAsync());
        Assert.Equal(CloseReason.ClientClosed, await gateway.EndAsync());
    }

    [Fact]
    public async Task An_end_of_the_backend_ends_the_session()
    {
        await using var gateway = await StartAsync(Terms);
        await using var client = await gateway.SecureClientAsync();
        await using var backend = await AcceptAsync(gateway);
        await backend.WriteTextAsync("bye");
        await backend.ShutdownAsync();
        Assert.Equal("bye", await client.ReadToEndAsync());
        Assert.Equal(CloseReason.Completed, await gateway.EndAsync());
    }

    [Fact]
    public async Task A_reset_of_the_backend_is_one()
    {
        await using var gateway = await StartAsync(Terms);
        await using var client = await gateway.SecureClientAsync();
        using var socket = await AcceptIntroducedAsync(gateway);
        await using var backend = new SslStream(new NetworkStream(socket));
        await backend.AuthenticateAsServerAsync(Options(SslProtocols.Tls13)).WaitAsync(NativeGateway.Patience);
        await client.WriteTextAsync("ping");
        await backend.ReadTextAsync(4);
        socket.Reset();
        Assert.Equal("", await client.ReadToEndAsync());
        Assert.Equal(CloseReason.BackendReset, await gateway.EndAsync());
    }

    [Theory]
    [InlineData("another.internal", true, "hostname mismatch", CertificateDoubt.Name)]
    [InlineData("10.0.0.5", true, "IP address mismatch", CertificateDoubt.Name)]
    [InlineData(Name, false, "self-signed certificate", CertificateDoubt.Authority)]
    public async Task A_certificate_that_proves_nothing_is_refused_in_words(string name, bool known, string words, object doubt)
    {
        await using var gateway = await StartAsync(new BackendTlsParameters(name, null, Verify: true, known ? [Certificate] : null));
        await using var client = await gateway.SecureClientAsync();
        var accepting = AcceptAsync(gateway);
        var failure = Assert.IsType<CertificateRefusedException>(await gateway.FailureAsync());
        Assert.Equal(doubt, failure.Doubt);
        Assert.StartsWith($"TLS with it failed: its certificate is refused: {words}", failure.Message, StringComparison.Ordinal);
        await Record.ExceptionAsync(() => accepting);
    }

    [Fact]
    public async Task Unverified_any_certificate_will_do()
    {
        await using var gateway = await StartAsync(new BackendTlsParameters("another.internal", "imap", Verify: false, null));
        await using var client = await gateway.SecureClientAsync();
        await using var backend = await AcceptAsync(gateway);
        await client.WriteTextAsync("ping");
        Assert.Equal("ping", await backend.ReadTextAsync(4));
    }

    [Fact]
    public async Task A_backend_that_speaks_no_TLS_is_told_so()
    {
        await using var gateway = await StartAsync(Terms);
        await using var client = await gateway.SecureClientAsync();
        using var socket = await AcceptIntroducedAsync(gateway);
        await socket.SendTextAsync("220 here, in clear\r\n");
        Assert.Contains(
            "wrong version number", Assert.IsType<AuthenticationException>(await gateway.FailureAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_that_leaves_in_the_handshake_is_a_failed_try()
    {
        await using var gateway = await StartAsync(Terms);
        await using var client = await gateway.SecureClientAsync();
        using (await AcceptIntroducedAsync(gateway))
        {
        }

        Assert.IsType<AuthenticationException>(await gateway.FailureAsync());
    }

    [Fact]
    public async Task A_backend_that_says_nothing_is_given_up_in_time()
    {
        await using var gateway = await StartAsync(Terms);
        using var stop = new CancellationTokenSource();
        gateway.GiveUp = stop.Token;
        await using var client = await gateway.SecureClientAsync();
        using var socket = await AcceptIntroducedAsync(gateway);
        await stop.CancelAsync();
        Assert.IsAssignableFrom<OperationCanceledException>(await gateway.FailureAsync());
    }

    private static async Task<NativeGateway> StartAsync(BackendTlsParameters terms, int loops = 1)
    {
        var gateway = await NativeGateway.StartAsync(settings: new NativeSettings { Loops = loops }, introduction: Header);
        gateway.Terms = terms;
        return gateway;
    }

    /// <summary>The backend's end of the next session, behind the header.</summary>
    private static async Task<Socket> AcceptIntroducedAsync(NativeGateway gateway)
    {
        var socket = await gateway.AcceptBackendAsync();
        Assert.Equal("PROXY UNKNOWN\r\n", await socket.ReceiveTextAsync(Header.Length));
        return socket;
    }

    private static async Task<SslStream> AcceptAsync(NativeGateway gateway, SslProtocols protocols = SslProtocols.Tls13)
    {
        var tls = new SslStream(new NetworkStream(await AcceptIntroducedAsync(gateway), ownsSocket: true));
        await tls.AuthenticateAsServerAsync(Options(protocols)).WaitAsync(NativeGateway.Patience);
        return tls;
    }

    private static SslServerAuthenticationOptions Options(SslProtocols protocols) =>
        new() { ServerCertificate = Certificate, EnabledSslProtocols = protocols };

    private static async Task<byte[]> ReceiveAsync(Stream stream, int length)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return SelfSigned(new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256));
    }

    private static X509Certificate2 SelfSignedByRsa()
    {
        using var key = RSA.Create(2048);
        return SelfSigned(new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static X509Certificate2 SelfSigned(CertificateRequest request)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(60));
    }
}
