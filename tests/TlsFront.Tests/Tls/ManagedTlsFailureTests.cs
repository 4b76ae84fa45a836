using System.Buffers;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tls;
using TlsFront.Transport.Managed;

namespace TlsFront.Tests.Tls;

[UnsupportedOSPlatform("windows")]
public sealed class ManagedTlsFailureTests : ManagedTlsTest
{
    [Fact]
    public async Task An_unknown_name_gets_alert_112_on_a_strict_listener()
    {
        var policy = Policy(new TlsSettings(UnknownName: UnknownName.Reject), store: Folder.Store(Ecdsa));
        var (server, alert) = await RefusedAsync(policy, Client(name: "unknown.example.com"));
        Assert.Equal(CloseReason.TlsUnknownName, server.Outcome.Failure);
        Assert.Equal(112, alert);
        Assert.Contains("unknown.example.com", server.Outcome.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TlsProfile.Intermediate, (int)TlsVersion.Tls13)]
    [InlineData(TlsProfile.Modern, (int)TlsVersion.Tls12)]
    public async Task A_version_below_the_minimum_gets_alert_70(object profile, int minimum)
    {
        var policy = Policy(new TlsSettings((TlsVersion)minimum, (TlsProfile)profile), store: Folder.Store(Ecdsa));
        var (server, alert) = await RefusedAsync(policy, Client(SslProtocols.Tls12));
        Assert.Equal(CloseReason.TlsVersionTooOld, server.Outcome.Failure);
        Assert.Equal(70, alert);
        Assert.Equal("client offers at most TLS 1.2; minimum is TLS 1.3", server.Outcome.Detail);
    }

    [Fact]
    public async Task Suites_outside_the_profile_get_alert_40()
    {
        var options = Client(SslProtocols.Tls12);
        options.CipherSuitesPolicy = new CipherSuitesPolicy(
            [TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256]);
        var (server, alert) = await RefusedAsync(Policy(store: Folder.Store(Rsa)), options);
        Assert.Equal(CloseReason.TlsNoSharedCipher, server.Outcome.Failure);
        Assert.Equal(40, alert);
    }

    [Fact]
    public async Task Suites_without_a_common_group_are_no_suites_in_common()
    {
        await Pair.Client.Output.WriteAsync(new HelloBuilder { Suites = [0xC02F] }.Groups(0x1A1A).Signatures(0x0401, 0x0804).Record(), Deadline);
        var result = await ManagedTlsHandshake.AuthenticateAsync(Pair.Server, Policy(store: Folder.Store(Rsa)), Deadline);
        Assert.Equal(TlsOutcome.NoSharedCipher, result.Outcome);
    }

    /// <summary>P-521, X448 and ffdhe2048, which OpenSSL would take.</summary>
    [Theory]
    [InlineData(25, "secp521r1")]
    [InlineData(30, "x448")]
    [InlineData(256, "ffdhe2048")]
    public async Task A_group_outside_the_profile_gets_alert_40(int group, string name)
    {
        var hello = new HelloBuilder().Versions(0x0304).Groups((ushort)group).Signatures(0x0403).Record();
        await Pair.Client.Output.WriteAsync(hello, Deadline);
        var result = await ManagedTlsHandshake.AuthenticateAsync(Pair.Server, Policy(store: Folder.Store(Ecdsa)), Deadline);
        Assert.Equal($"client and gateway share no key exchange group: client offers only {name}", result.Outcome.Detail);
        Assert.Equal(TlsRefusal.Record(TlsAlert.HandshakeFailure), (await Pair.Client.Input.ReadAsync(Deadline)).Buffer.ToArray());
    }

    [Theory]
    [InlineData(MailProtocol.Imap)]
    [InlineData(MailProtocol.Pop3)]
    public async Task A_foreign_application_protocol_gets_alert_120(object protocol)
    {
        var options = Client();
        options.ApplicationProtocols = [SslApplicationProtocol.Http2];
        var (server, alert) = await RefusedAsync(Policy(protocol: (MailProtocol)protocol, store: Folder.Store(Ecdsa)), options);
        Assert.Equal(CloseReason.TlsNoSharedProtocol, server.Outcome.Failure);
        Assert.Equal(120, alert);
    }

    [Fact]
    public async Task Without_a_certificate_the_client_gets_alert_80()
    {
        var (server, alert) = await RefusedAsync(Policy(store: Folder.Store()), Client());
        Assert.Equal(CloseReason.TlsNoCertificate, server.Outcome.Failure);
        Assert.Equal(80, alert);
    }

    [Fact]
    public async Task A_client_that_speaks_plain_text_is_named_as_such_and_gets_no_alert()
    {
        await Pair.Client.Output.WriteAsync("EHLO client.example.com\r\n"u8.ToArray(), Deadline);
        var result = await ManagedTlsHandshake.AuthenticateAsync(Pair.Server, Policy(store: Folder.Store(Ecdsa)), Deadline);
        Assert.Equal(CloseReason.NotTls, result.Outcome.Failure);
        Assert.Contains("SMTP command in plain text", result.Outcome.Detail, StringComparison.Ordinal);
        Assert.False(Pair.Client.Input.TryRead(out _));
    }

    [Fact]
    public async Task After_a_refusal_no_byte_of_the_client_was_consumed()
    {
        await Pair.Client.Output.WriteAsync("EHLO x\r\n"u8.ToArray(), Deadline);
        await ManagedTlsHandshake.AuthenticateAsync(Pair.Server, Policy(store: Folder.Store(Ecdsa)), Deadline);
        Assert.True(Pair.Server.Input.TryRead(out var rest));
        Assert.Equal(8, rest.Buffer.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public async Task A_client_that_leaves_before_its_hello_is_complete_is_a_value(int sent)
    {
        var hello = await Hellos.CaptureAsync(Client());
        await Pair.Client.Output.WriteAsync(hello.AsMemory(0, sent), Deadline);
        await Pair.Client.Output.CompleteAsync();
        var result = await ManagedTlsHandshake.AuthenticateAsync(Pair.Server, Policy(store: Folder.Store(Ecdsa)), Deadline);
        Assert.Equal(CloseReason.TlsClientLeft, result.Outcome.Failure);
        Assert.Null(result.Stream);
    }

    [Fact]
    public async Task A_client_that_leaves_within_the_handshake_is_a_value()
    {
        await Pair.Client.Output.WriteAsync(await Hellos.CaptureAsync(Client()), Deadline);
        await Pair.Client.Output.CompleteAsync();
        var result = await ManagedTlsHandshake.AuthenticateAsync(Pair.Server, Policy(store: Folder.Store(Ecdsa)), Deadline);
        Assert.Equal(CloseReason.TlsClientLeft, result.Outcome.Failure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_deadline_is_a_value_before_and_after_the_hello(bool afterHello)
    {
        if (afterHello)
        {
            await Pair.Client.Output.WriteAsync(await Hellos.CaptureAsync(Client()), Deadline);
        }

        using var deadline = new CancellationTokenSource();
        var handshake = ManagedTlsHandshake.AuthenticateAsync(Pair.Server, Policy(store: Folder.Store(Ecdsa)), deadline.Token).AsTask();
        if (afterHello)
        {
            await Pair.Client.Input.ReadAsync(Deadline);
        }

        await deadline.CancelAsync();
        var result = await handshake.WaitAsync(Deadline);
        Assert.Equal(CloseReason.TlsHandshakeTimeout, result.Outcome.Failure);
    }

    [Fact]
    public async Task A_client_that_rejects_the_certificate_is_told_from_other_failures()
    {
        await Pair.Client.Output.WriteAsync(await Hellos.CaptureAsync(Client(SslProtocols.Tls12)), Deadline);
        var server = ManagedTlsHandshake.AuthenticateAsync(Pair.Server, Policy(store: Folder.Store(Ecdsa)), Deadline).AsTask();
        await Pair.Client.Input.ReadAsync(Deadline);
        await Pair.Client.Output.WriteAsync(new byte[] { 0x15, 3, 3, 0, 2, 2, 48 }, Deadline);
        var outcome = (await server).Outcome;
        Assert.Equal(CloseReason.TlsHandshakeFailed, outcome.Failure);
        Assert.Equal("client rejected the certificate: alert 48 (unknown_ca)", outcome.Detail);
    }

    [Fact]
    public async Task Garbage_after_the_hello_is_a_failed_handshake()
    {
        await Pair.Client.Output.WriteAsync(await Hellos.CaptureAsync(Client()), Deadline);
        await Pair.Client.Output.WriteAsync("this is not a record"u8.ToArray(), Deadline);
        var result = await ManagedTlsHandshake.AuthenticateAsync(Pair.Server, Policy(store: Folder.Store(Ecdsa)), Deadline);
        Assert.Equal(CloseReason.TlsHandshakeFailed, result.Outcome.Failure);
        Assert.NotNull(result.Outcome.Detail);
    }

    /// <summary>What is no record SslStream refuses itself, without an alert; an empty one even by an exception of another kind.</summary>
    [Theory]
    [InlineData(new byte[] { (byte)'E', (byte)'H', (byte)'L', (byte)'O', (byte)' ', (byte)'x', 13, 10 }, false)]
    [InlineData(new byte[] { (byte)'E', (byte)'H', (byte)'L', (byte)'O', (byte)' ', (byte)'x', 13, 10 }, true)]
    [InlineData(new byte[] { 22, 9, 9, 0, 1, 1 }, true)]
    [InlineData(new byte[] { 22, 3, 3, 0, 0 }, false)]
    public async Task A_client_that_stops_speaking_tls_gets_alert_10(byte[] garbage, bool isLater)
    {
        var hello = await Hellos.CaptureAsync(Client(SslProtocols.Tls12));
        await Pair.Client.Output.WriteAsync(isLater ? hello : [.. hello, .. garbage], Deadline);
        var handshake = ManagedTlsHandshake.AuthenticateAsync(Pair.Server, Policy(store: Folder.Store(Ecdsa)), Deadline);
        if (isLater)
        {
            var flight = await Pair.Client.Input.ReadAsync(Deadline);
            Pair.Client.Input.AdvanceTo(flight.Buffer.End);
            await Pair.Client.Output.WriteAsync(garbage, Deadline);
        }

        var expected = new TlsOutcome(null, CloseReason.TlsHandshakeFailed, "client stopped speaking TLS in the middle of the handshake");
        Assert.Equal(expected, (await handshake).Outcome);
        Assert.Equal(TlsRefusal.Record(TlsAlert.UnexpectedMessage), (await Pair.Client.Input.ReadAsync(Deadline)).Buffer.ToArray()[^7..]);
    }

    [Fact]
    public async Task Behind_an_encrypted_record_there_is_no_plain_alert()
    {
        var hello = await Hellos.CaptureAsync(Client(SslProtocols.Tls13));
        await Pair.Client.Output.WriteAsync(hello, Deadline);
        var handshake = ManagedTlsHandshake.AuthenticateAsync(Pair.Server, Policy(store: Folder.Store(Ecdsa)), Deadline);
        var flight = await Pair.Client.Input.ReadAsync(Deadline);
        Pair.Client.Input.AdvanceTo(flight.Buffer.End);
        await Pair.Client.Output.WriteAsync("EHLO x\r\n"u8.ToArray(), Deadline);

        Assert.Equal(CloseReason.TlsHandshakeFailed, (await handshake).Outcome.Failure);
        Assert.False(Pair.Client.Input.TryRead(out _));
    }
}
