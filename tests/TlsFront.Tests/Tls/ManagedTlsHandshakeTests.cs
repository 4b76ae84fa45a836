using System.Buffers;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tls;
using TlsFront.Transport.Managed;

namespace TlsFront.Tests.Tls;

[UnsupportedOSPlatform("windows")]
public sealed class ManagedTlsHandshakeTests : IDisposable
{
    private static readonly TestCertificate Ecdsa = TestAuthority.Shared.Ecdsa("mail.example.com");
    private static readonly TestCertificate Rsa = TestAuthority.Shared.Rsa("mail.example.com");
    private static readonly TestCertificate Other = TestAuthority.Shared.Ecdsa("other.example.com", "*.wild.example.com");

    private readonly CertificateFolder _folder = new();
    private readonly DuplexPipePair _pair = new();
    private readonly CancellationTokenSource _watchdog = new(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        _folder.Dispose();
        _watchdog.Dispose();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, (int)TlsVersion.Tls12)]
    [InlineData(SslProtocols.Tls13, (int)TlsVersion.Tls13)]
    public async Task Both_versions_are_negotiated_and_named_in_the_facts(SslProtocols protocols, int version)
    {
        var (server, client) = await ConnectAsync(Policy(store: _folder.Store(Ecdsa)), Client(protocols));

        Assert.Equal(CloseReason.None, server.Outcome.Failure);
        Assert.Equal((TlsVersion)version, server.Outcome.Facts!.Version);
        Assert.Equal(client!.NegotiatedCipherSuite.ToString(), server.Outcome.Facts.CipherSuite);
        Assert.StartsWith("TLS_", server.Outcome.Facts.CipherSuite, StringComparison.Ordinal);
        Assert.Equal("mail.example.com", server.Outcome.Facts.ServerName);
        Assert.Null(server.Outcome.Facts.ApplicationProtocol);
    }

    [Fact]
    public async Task Bytes_pass_both_ways_and_those_sent_with_the_finished_are_not_lost()
    {
        var (server, client) = await ConnectAsync(Policy(store: _folder.Store(Ecdsa)), Client(), hello: "EHLO early\r\n"u8.ToArray());

        var buffer = new byte[64];
        var read = await server.Stream!.ReadAtLeastAsync(buffer, 12, cancellationToken: _watchdog.Token);
        Assert.Equal("EHLO early\r\n", Encoding.ASCII.GetString(buffer, 0, read));
        await server.Stream.WriteAsync("250 ok\r\n"u8.ToArray(), _watchdog.Token);
        read = await client!.ReadAtLeastAsync(buffer, 8, cancellationToken: _watchdog.Token);
        Assert.Equal("250 ok\r\n", Encoding.ASCII.GetString(buffer, 0, read));
    }

    [Fact]
    public async Task The_chain_presented_has_the_intermediate_and_lacks_the_root()
    {
        var presented = 0;
        var options = Client();
        options.RemoteCertificateValidationCallback = (_, _, chain, _) =>
        {
            // What the chain engine got to work with is what the server sent.
            presented = chain!.ChainPolicy.ExtraStore.Count;
            return presented > 0;
        };
        await ConnectAsync(Policy(store: _folder.Store(Ecdsa)), options);
        Assert.Equal(2, presented);
    }

    [Theory]
    [InlineData("other.example.com", true)]
    [InlineData("a.wild.example.com", true)]
    [InlineData("OTHER.example.com", true)]
    [InlineData("a.b.wild.example.com", false)]
    [InlineData("wild.example.com", false)]
    [InlineData("unknown.example.com", false)]
    [InlineData("", false)]
    public async Task The_certificate_follows_the_server_name(string name, bool other)
    {
        var options = Client(name: name);
        var (_, client) = await ConnectAsync(Policy(store: _folder.Store(Ecdsa, Other)), options);
        Assert.Equal((other ? Other : Ecdsa).Thumbprint, Thumbprint(client));
    }

    [Fact]
    public async Task An_unknown_name_gets_alert_112_on_a_strict_listener()
    {
        var policy = Policy(new TlsSettings(UnknownName: UnknownName.Reject), store: _folder.Store(Ecdsa));
        var (server, alert) = await RefusedAsync(policy, Client(name: "unknown.example.com"));
        Assert.Equal(CloseReason.TlsUnknownName, server.Outcome.Failure);
        Assert.Equal(112, alert);
        Assert.Contains("unknown.example.com", server.Outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_name_gets_the_default_even_on_a_strict_listener()
    {
        var policy = Policy(new TlsSettings(UnknownName: UnknownName.Reject), store: _folder.Store(Ecdsa));
        var (server, client) = await ConnectAsync(policy, Client(name: ""));
        Assert.Null(server.Outcome.Facts!.ServerName);
        Assert.Equal(Ecdsa.Thumbprint, Thumbprint(client));
    }

    [Theory]
    [InlineData(TlsProfile.Intermediate, (int)TlsVersion.Tls13)]
    [InlineData(TlsProfile.Modern, (int)TlsVersion.Tls12)]
    public async Task A_version_below_the_minimum_gets_alert_70(object profile, int minimum)
    {
        var policy = Policy(new TlsSettings((TlsVersion)minimum, (TlsProfile)profile), store: _folder.Store(Ecdsa));
        var (server, alert) = await RefusedAsync(policy, Client(SslProtocols.Tls12));
        Assert.Equal(CloseReason.TlsVersionTooOld, server.Outcome.Failure);
        Assert.Equal(70, alert);
        Assert.Equal("client offers at most TLS 1.2; minimum is TLS 1.3", server.Outcome.Detail);
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, false)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true)]
    public async Task Rsa_or_ecdsa_is_chosen_by_the_suites_of_a_1_2_client(TlsCipherSuite suite, bool ecdsa)
    {
        var options = Client(SslProtocols.Tls12);
        options.CipherSuitesPolicy = new CipherSuitesPolicy([suite]);
        var (_, client) = await ConnectAsync(Policy(store: _folder.Store(Rsa, Ecdsa)), options);
        Assert.Equal((ecdsa ? Ecdsa : Rsa).Thumbprint, Thumbprint(client));
    }

    [Fact]
    public async Task Suites_outside_the_profile_get_alert_40()
    {
        var options = Client(SslProtocols.Tls12);
        options.CipherSuitesPolicy = new CipherSuitesPolicy([TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256]);
        var (server, alert) = await RefusedAsync(Policy(store: _folder.Store(Rsa)), options);
        Assert.Equal(CloseReason.TlsNoSharedCipher, server.Outcome.Failure);
        Assert.Equal(40, alert);
    }

    [Theory]
    [InlineData(MailProtocol.Imap, "imap", "imap")]
    [InlineData(MailProtocol.Imap, "h2 imap", "imap")]
    [InlineData(MailProtocol.Imap, "", null)]
    [InlineData(MailProtocol.Pop3, "pop3", "pop3")]
    [InlineData(MailProtocol.Smtp, "h2 smtp", null)]
    [InlineData(MailProtocol.Tcp, "xmpp-client", null)]
    public async Task The_application_protocol_is_the_listeners_or_none(object protocol, string offered, string? negotiated)
    {
        var options = Client();
        options.ApplicationProtocols = [.. offered.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => new SslApplicationProtocol(id))];
        var (server, client) = await ConnectAsync(Policy(protocol: (MailProtocol)protocol, store: _folder.Store(Ecdsa)), options);
        Assert.Equal(negotiated, server.Outcome.Facts!.ApplicationProtocol);
        Assert.Equal(negotiated ?? "", client!.NegotiatedApplicationProtocol.ToString());
    }

    [Theory]
    [InlineData(MailProtocol.Imap)]
    [InlineData(MailProtocol.Pop3)]
    public async Task A_foreign_application_protocol_gets_alert_120(object protocol)
    {
        var options = Client();
        options.ApplicationProtocols = [SslApplicationProtocol.Http2];
        var (server, alert) = await RefusedAsync(Policy(protocol: (MailProtocol)protocol, store: _folder.Store(Ecdsa)), options);
        Assert.Equal(CloseReason.TlsNoSharedProtocol, server.Outcome.Failure);
        Assert.Equal(120, alert);
    }

    [Fact]
    public async Task Without_a_certificate_the_client_gets_alert_80()
    {
        var (server, alert) = await RefusedAsync(Policy(store: _folder.Store()), Client());
        Assert.Equal(CloseReason.TlsNoCertificate, server.Outcome.Failure);
        Assert.Equal(80, alert);
    }

    [Fact]
    public async Task A_client_that_speaks_plain_text_is_named_as_such_and_gets_no_alert()
    {
        await _pair.Client.Output.WriteAsync("EHLO client.example.com\r\n"u8.ToArray(), _watchdog.Token);
        var result = await ManagedTlsHandshake.AuthenticateAsync(_pair.Server, Policy(store: _folder.Store(Ecdsa)), _watchdog.Token);
        Assert.Equal(CloseReason.NotTls, result.Outcome.Failure);
        Assert.Contains("SMTP command in plain text", result.Outcome.Detail, StringComparison.Ordinal);
        Assert.False(_pair.Client.Input.TryRead(out _));
    }

    [Fact]
    public async Task After_a_refusal_no_byte_of_the_client_was_consumed()
    {
        await _pair.Client.Output.WriteAsync("EHLO x\r\n"u8.ToArray(), _watchdog.Token);
        await ManagedTlsHandshake.AuthenticateAsync(_pair.Server, Policy(store: _folder.Store(Ecdsa)), _watchdog.Token);
        Assert.True(_pair.Server.Input.TryRead(out var rest));
        Assert.Equal(8, rest.Buffer.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public async Task A_client_that_leaves_before_its_hello_is_complete_is_a_value(int sent)
    {
        var hello = await Hellos.CaptureAsync(Client());
        await _pair.Client.Output.WriteAsync(hello.AsMemory(0, sent), _watchdog.Token);
        await _pair.Client.Output.CompleteAsync();
        var result = await ManagedTlsHandshake.AuthenticateAsync(_pair.Server, Policy(store: _folder.Store(Ecdsa)), _watchdog.Token);
        Assert.Equal(CloseReason.TlsClientLeft, result.Outcome.Failure);
        Assert.Null(result.Stream);
    }

    [Fact]
    public async Task A_client_that_leaves_within_the_handshake_is_a_value()
    {
        await _pair.Client.Output.WriteAsync(await Hellos.CaptureAsync(Client()), _watchdog.Token);
        await _pair.Client.Output.CompleteAsync();
        var result = await ManagedTlsHandshake.AuthenticateAsync(_pair.Server, Policy(store: _folder.Store(Ecdsa)), _watchdog.Token);
        Assert.Equal(CloseReason.TlsClientLeft, result.Outcome.Failure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_deadline_is_a_value_before_and_after_the_hello(bool afterHello)
    {
        if (afterHello)
        {
            await _pair.Client.Output.WriteAsync(await Hellos.CaptureAsync(Client()), _watchdog.Token);
        }

        using var deadline = new CancellationTokenSource();
        var handshake = ManagedTlsHandshake.AuthenticateAsync(_pair.Server, Policy(store: _folder.Store(Ecdsa)), deadline.Token).AsTask();
        if (afterHello)
        {
            await _pair.Client.Input.ReadAsync(_watchdog.Token);
        }

        await deadline.CancelAsync();
        var result = await handshake.WaitAsync(_watchdog.Token);
        Assert.Equal(CloseReason.TlsHandshakeTimeout, result.Outcome.Failure);
    }

    [Fact]
    public async Task A_client_that_rejects_the_certificate_is_told_from_other_failures()
    {
        await _pair.Client.Output.WriteAsync(await Hellos.CaptureAsync(Client(SslProtocols.Tls12)), _watchdog.Token);
        var server = ManagedTlsHandshake.AuthenticateAsync(_pair.Server, Policy(store: _folder.Store(Ecdsa)), _watchdog.Token).AsTask();
        await _pair.Client.Input.ReadAsync(_watchdog.Token);
        await _pair.Client.Output.WriteAsync(new byte[] { 0x15, 3, 3, 0, 2, 2, 48 }, _watchdog.Token);
        var outcome = (await server).Outcome;
        Assert.Equal(CloseReason.TlsHandshakeFailed, outcome.Failure);
        Assert.Equal("client rejected the certificate: alert 48 (unknown_ca)", outcome.Detail);
    }

    [Fact]
    public async Task A_ticket_does_not_resume_so_that_none_crosses_policies()
    {
        const int PreSharedKey = 41;
        var store = _folder.Store(Ecdsa);
        var (first, client) = await ConnectAsync(Policy(store: store), Client(SslProtocols.Tls13));
        await first.Stream!.WriteAsync("* OK\r\n"u8.ToArray(), _watchdog.Token);
        await client!.ReadExactlyAsync(new byte[6], _watchdog.Token);
        await client.ShutdownAsync();
        await client.DisposeAsync();

        var hello = await Hellos.CaptureAsync(Client(SslProtocols.Tls13));
        var pair = new DuplexPipePair();
        await pair.Client.Output.WriteAsync(hello, _watchdog.Token);
        var server = ManagedTlsHandshake.AuthenticateAsync(pair.Server, Policy(new TlsSettings(TlsVersion.Tls13), store: store), _watchdog.Token).AsTask();
        var answer = (await pair.Client.Input.ReadAsync(_watchdog.Token)).Buffer.ToArray();
        await pair.Client.Output.CompleteAsync();
        await server;

        Assert.Contains(PreSharedKey, Hellos.Extensions(hello));
        Assert.DoesNotContain(PreSharedKey, Hellos.Extensions(answer));
    }

    [Fact]
    public async Task No_1_2_session_is_issued_so_that_none_resumes_under_another_policy()
    {
        var hello = new HelloBuilder().Signatures(0x0403).Groups(23).Extension(11, [1, 0]).Extension(35, []).Record();
        await _pair.Client.Output.WriteAsync(hello, _watchdog.Token);
        var server = ManagedTlsHandshake.AuthenticateAsync(_pair.Server, Policy(store: _folder.Store(Ecdsa)), _watchdog.Token).AsTask();
        var answer = (await _pair.Client.Input.ReadAsync(_watchdog.Token)).Buffer.ToArray();

        const int SessionTicket = 35;
        Assert.DoesNotContain(SessionTicket, Hellos.Extensions(answer));
        Assert.Equal(0, answer[Hellos.SessionIdentifier]);
        await _pair.Client.Output.CompleteAsync();
        await server;
    }

    [Fact]
    public async Task Garbage_after_the_hello_is_a_failed_handshake()
    {
        await _pair.Client.Output.WriteAsync(await Hellos.CaptureAsync(Client()), _watchdog.Token);
        await _pair.Client.Output.WriteAsync("this is not a record"u8.ToArray(), _watchdog.Token);
        var result = await ManagedTlsHandshake.AuthenticateAsync(_pair.Server, Policy(store: _folder.Store(Ecdsa)), _watchdog.Token);
        Assert.Equal(CloseReason.TlsHandshakeFailed, result.Outcome.Failure);
        Assert.NotNull(result.Outcome.Detail);
    }

    [Fact]
    public async Task A_hello_that_arrives_byte_by_byte_is_served()
    {
        var policy = Policy(store: _folder.Store(Ecdsa));
        var trickle = new DuplexPipePair();
        var server = ManagedTlsHandshake.AuthenticateAsync(trickle.Server, policy, _watchdog.Token).AsTask();
        var hello = await Hellos.CaptureAsync(Client());
        foreach (var octet in hello)
        {
            await trickle.Client.Output.WriteAsync(new[] { octet }, _watchdog.Token);
        }

        // The server's answer proves that the hello was taken.
        var answer = await trickle.Client.Input.ReadAsync(_watchdog.Token);
        Assert.Equal(22, answer.Buffer.FirstSpan[0]);
        await trickle.Client.Output.CompleteAsync();
        await server;
    }

    private static SslClientAuthenticationOptions Client(SslProtocols protocols = SslProtocols.None, string name = "mail.example.com") => new()
    {
        TargetHost = name,
        EnabledSslProtocols = protocols,
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { TestAuthority.Shared.Root },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        },
        RemoteCertificateValidationCallback = static (_, _, _, errors) => (errors & SslPolicyErrors.RemoteCertificateChainErrors) == 0,
    };

    private static TlsPolicy Policy(TlsSettings? settings = null, MailProtocol protocol = MailProtocol.Smtp, CertificateStore? store = null) =>
        new(settings ?? new TlsSettings(), protocol, store!);

    private static string? Thumbprint(SslStream? client) => ((X509Certificate2?)client?.RemoteCertificate)?.Thumbprint;

    private async Task<(ManagedTlsResult Server, SslStream? Client)> ConnectAsync(TlsPolicy policy, SslClientAuthenticationOptions options, byte[]? hello = null)
    {
        var client = new SslStream(new DuplexPipeStream(_pair.Client));
        var server = ManagedTlsHandshake.AuthenticateAsync(_pair.Server, policy, _watchdog.Token).AsTask();
        await client.AuthenticateAsClientAsync(options, _watchdog.Token);
        if (hello is not null)
        {
            await client.WriteAsync(hello, _watchdog.Token);
        }

        return (await server, client);
    }

    /// <summary>Runs a handshake the policy refuses; returns the alert that a real client read from the wire.</summary>
    private async Task<(ManagedTlsResult Server, int Alert)> RefusedAsync(TlsPolicy policy, SslClientAuthenticationOptions options)
    {
        await using var client = new SslStream(new DuplexPipeStream(_pair.Client));
        var server = ManagedTlsHandshake.AuthenticateAsync(_pair.Server, policy, _watchdog.Token).AsTask();
        var failure = await Assert.ThrowsAsync<AuthenticationException>(() => client.AuthenticateAsClientAsync(options, _watchdog.Token));
        var result = await server;
        Assert.Null(result.Stream);
        Assert.Null(result.Outcome.Facts);
        // OpenSSL: the reason of an alert received is its number plus 1000.
        return (result, (failure.GetBaseException().HResult & 0x7FFFFF) - 1000);
    }
}
