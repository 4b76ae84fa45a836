using System.Runtime.Versioning;
using TlsFront.Connections;
using TlsFront.Tests.Tls;
using TlsFront.Tls;

namespace TlsFront.Tests.Transport.Native;

/// <summary>Every way a handshake fails behind the ClientHello, and what an operator reads of it.</summary>
[SupportedOSPlatform("linux")]
public sealed class HandshakeFailureTests
{
    private const ushort X25519 = 29;
    private const ushort P256 = 23;
    private static readonly byte[] Handshake = [22, 3, 3];
    private static readonly byte[] Encrypted = [23, 3, 3];

    /// <summary>What OpenSSL's own client makes of errors in verification (X509_V_ERR_...).</summary>
    [Theory]
    [InlineData(10, "client rejects our certificate: expired")]
    [InlineData(20, "client rejects our certificate: unknown CA")]
    [InlineData(23, "client rejects our certificate: revoked")]
    [InlineData(26, "client rejects our certificate: unsupported type")]
    [InlineData(62, "client rejects our certificate: bad certificate")]
    [InlineData(999, "client rejects our certificate: certificate unknown")]
    [InlineData(7, "client ended the handshake: our signature or key did not verify")]
    [InlineData(50, "client ended the handshake: handshake failure")]
    [InlineData(1, "client ended the handshake: internal error")]
    public async Task A_client_that_rejects_the_certificate_is_quoted_in_both_versions(int error, string expected)
    {
        await using var gateway = await NativeGateway.StartAsync();
        foreach (var version in (TlsVersion[])[TlsVersion.Tls12, TlsVersion.Tls13])
        {
            using var client = new OpenSslClient(gateway.Address, maximumVersion: (int)version) { VerificationError = error };
            Assert.NotEqual(1, await client.HandshakeAsync());

            Assert.Equal(Failed(expected), await gateway.HandshakeAsync());
        }
    }

    [Theory]
    [InlineData(10, "client ended the handshake: unexpected message")]
    [InlineData(20, "client ended the handshake: our message did not decrypt")]
    [InlineData(21, "client ended the handshake: our message did not decrypt")]
    [InlineData(22, "client ended the handshake: record too long")]
    [InlineData(40, "client ended the handshake: handshake failure")]
    [InlineData(42, "client rejects our certificate: bad certificate")]
    [InlineData(43, "client rejects our certificate: unsupported type")]
    [InlineData(44, "client rejects our certificate: revoked")]
    [InlineData(45, "client rejects our certificate: expired")]
    [InlineData(46, "client rejects our certificate: certificate unknown")]
    [InlineData(47, "client ended the handshake: illegal parameter")]
    [InlineData(48, "client rejects our certificate: unknown CA")]
    [InlineData(49, "client ended the handshake: access denied")]
    [InlineData(50, "client ended the handshake: it could not read our message")]
    [InlineData(51, "client ended the handshake: our signature or key did not verify")]
    [InlineData(70, "client ended the handshake: protocol version")]
    [InlineData(71, "client ended the handshake: insufficient security")]
    [InlineData(80, "client ended the handshake: internal error")]
    [InlineData(86, "client ended the handshake: inappropriate fallback to an older TLS version")]
    [InlineData(90, "client ended the handshake: cancelled by its user")]
    [InlineData(109, "client ended the handshake: missing extension")]
    [InlineData(110, "client ended the handshake: unsupported extension")]
    [InlineData(112, "client ended the handshake: unrecognized name")]
    [InlineData(113, "client rejects our certificate: bad OCSP response")]
    [InlineData(116, "client ended the handshake: certificate required")]
    [InlineData(120, "client ended the handshake: no common application protocol")]
    [InlineData(250, "client ended the handshake with alert 250")]
    public async Task Every_alert_has_its_words(byte alert, string expected) =>
        Assert.Equal(Failed(expected), await EndAsync([.. Tls12().Record(), 21, 3, 3, 0, 2, 2, alert]));

    [Fact]
    public async Task A_client_that_says_goodbye_in_its_handshake_has_left() =>
        Assert.Equal(
            new TlsOutcome(null, CloseReason.TlsClientLeft, "client left during the handshake, with a goodbye"),
            await EndAsync([.. Tls12().Record(), 21, 3, 3, 0, 2, 1, 0]));

    [Fact]
    public async Task A_client_that_falls_back_though_it_need_not_is_refused()
    {
        var outcome = await EndAsync(new HelloBuilder { Suites = [0xC02B, 0xC02F, 0x5600] }.Groups(X25519).Signatures(0x0403, 0x0804).Record());
        Assert.Equal(CloseReason.TlsHandshakeFailed, outcome.Failure);
        Assert.Contains("TLS_FALLBACK_SCSV", outcome.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: mail.example.com\r\n\r\n")]
    [InlineData("EHLO client.example.com\r\n")]
    public async Task A_client_that_goes_on_in_plain_text_is_named(string text) =>
        Assert.Equal(
            Failed("client stopped speaking TLS in the middle of the handshake"),
            await EndAsync([.. Tls12().Record(), .. System.Text.Encoding.ASCII.GetBytes(text)]));

    [Fact]
    public async Task Suites_without_a_common_group_are_no_suites_in_common() =>
        Assert.Equal(
            TlsOutcome.NoSharedCipher, await EndAsync(new HelloBuilder { Suites = [0xC02F] }.Groups(0x1A1A).Signatures(0x0401, 0x0804).Record()));

    [Fact]
    public async Task Plain_text_behind_a_hello_of_TLS_1_3_is_named_too() =>
        Assert.Equal(
            Failed("client stopped speaking TLS in the middle of the handshake"),
            await EndAsync([.. Tls13(X25519, 32).Record(), .. "EHLO client.example.com\r\n"u8]));

    [Fact]
    public async Task A_message_before_its_turn_is_named()
    {
        // Finished, where the key exchange is awaited; then ChangeCipherSpec; then data of the application.
        foreach (
            var record in (byte[][])[[.. Handshake, 0, 16, 20, 0, 0, 12, .. new byte[12]], [20, 3, 3, 0, 1, 1], [.. Encrypted, 0, 5, .. "hello"u8]])
        {
            Assert.Equal(Failed("client sent a message out of its turn"), await EndAsync([.. Tls12().Record(), .. record]));
        }
    }

    [Fact]
    public async Task A_message_that_does_not_decrypt_is_named() =>
        Assert.Equal(
            Failed("client's message does not decrypt: it was damaged on its way, or client and gateway disagree about the keys"),
            await EndAsync([.. Tls13(X25519, 32).Record(), .. Encrypted, 0, 48, .. new byte[48]]));

    [Fact]
    public async Task A_record_longer_than_TLS_allows_is_named()
    {
        Assert.Equal(
            Failed("client sent a message longer than TLS allows"), await EndAsync([.. Tls13(X25519, 32).Record(), .. Encrypted, 0xFF, 0xFF]));
        Assert.Equal(
            Failed("client sent a message longer than TLS allows"), await EndAsync([.. Tls12().Record(), .. Handshake, 0, 4, 16, 0xFF, 0xFF, 0xFF]));
    }

    [Fact]
    public async Task An_invalid_key_share_is_named()
    {
        Assert.Equal(Failed("client sent an invalid key share"), await EndAsync(Tls13(P256, 65).Record()));
    }

    [Fact]
    public async Task A_malformed_key_exchange_is_named() =>
        Assert.Equal(Failed("client sent a malformed message"), await EndAsync([.. Tls12().Record(), .. Handshake, 0, 6, 16, 0, 0, 2, 9, 9]));

    [Fact]
    public void An_error_of_another_library_is_not_taken_for_one_of_TLS()
    {
        // Reason 193 means something else there.
        var outcome = TlsFront.Transport.Native.Tls.TlsFailure.Describe((4UL << 23) | 193);
        Assert.Equal(CloseReason.TlsHandshakeFailed, outcome.Failure);
        Assert.StartsWith("handshake failed: ", outcome.Detail, StringComparison.Ordinal);
    }

    private static HelloBuilder Tls12() => new HelloBuilder { Suites = [0xC02B, 0xC02F] }.Groups(X25519, P256).Signatures(0x0403, 0x0804);

    private static HelloBuilder Tls13(ushort group, int shareLength) => new HelloBuilder().Versions(0x0304).Groups(group).Signatures(0x0403, 0x0804)
        .Extension(
            51, HelloBuilder.Vector16([(byte)(group >> 8), (byte)group, .. HelloBuilder.Vector16([.. Enumerable.Repeat((byte)9, shareLength)])]));

    /// <summary>How a handshake ends whose client sends just this.</summary>
    private static async Task<TlsOutcome> EndAsync(byte[] sent)
    {
        await using var gateway = await NativeGateway.StartAsync();
        using var client = await gateway.ConnectAsync();
        await client.SendAsync(sent);
        return await gateway.HandshakeAsync();
    }

    private static TlsOutcome Failed(string detail) => new(null, CloseReason.TlsHandshakeFailed, detail);
}
