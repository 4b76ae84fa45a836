using System.Security.Cryptography;
using TlsFront.Transport.Native.Records;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Tests.Transport.Native.Records;

/// <summary>The key schedule of TLS 1.3: the secrets of RFC 8448 section 3, and beside OpenSSL's own whatever a handshake may ask for.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class KeyScheduleTests
{
    private const string EarlySecret = "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a";
    private const string Shared = "8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d";
    private const string HandshakeSecret = "1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac";
    private const string MasterSecret = "18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919";

    [Fact]
    public void The_stages_are_those_of_RFC_8448()
    {
        var stage = new byte[32];
        KeySchedule.Extract(32, default, default, stage);
        Assert.Equal(EarlySecret, Convert.ToHexStringLower(stage));
        KeySchedule.Extract(32, stage, Convert.FromHexString(Shared), stage);
        Assert.Equal(HandshakeSecret, Convert.ToHexStringLower(stage));
        KeySchedule.Extract(32, stage, default, stage);
        Assert.Equal(MasterSecret, Convert.ToHexStringLower(stage));
    }

    [Theory]
    [InlineData("SHA2-256", 32)]
    [InlineData("sha256", 32)]
    [InlineData("SHA2-384", 48)]
    [InlineData("SHA-384", 48)]
    public void What_our_provider_derives_is_what_OpenSSLs_does(string digest, int hash)
    {
        byte[]?[] secrets = [null, .. Enumerable.Range(0, 5).Select(_ => RandomNumberGenerator.GetBytes(hash))];
        foreach (var input in secrets)
        {
            foreach (var previous in secrets)
            {
                Assert.Equal(
                    KeyDerivation.Extract(ours: false, digest, previous, input, hash),
                    KeyDerivation.Extract(ours: true, digest, previous, input, hash));
            }
        }

        foreach (var label in new[] { "", "c hs traffic", "s ap traffic", "finished", "key", "iv", "res binder", "resumption", new string('x', 60) })
        {
            foreach (var length in new[] { 1, 12, 16, 32, hash })
            {
                var (secret, context) = (RandomNumberGenerator.GetBytes(hash), RandomNumberGenerator.GetBytes(length == 1 ? 0 : hash));
                Assert.Equal(
                    KeyDerivation.Expand(ours: false, digest, secret, label, context, length),
                    KeyDerivation.Expand(ours: true, digest, secret, label, context, length));
            }
        }
    }

    [Theory]
    [InlineData("SHA2-512", 32, "key")]
    [InlineData("", 32, "key")]
    [InlineData("SHA2-256", 33, "key")]
    [InlineData("SHA2-256", 0x10000, "key")]
    public void What_TLS_1_3_does_not_derive_is_refused(string digest, int length, string label) =>
        Assert.Null(KeyDerivation.Expand(ours: true, digest, new byte[32], label, [], length));

    [Fact]
    public void Without_a_secret_nothing_is_derived() => Assert.Null(KeyDerivation.Expand(ours: true, "SHA2-256", [], "key", [], 16));

    /// <summary>What OpenSSL derives for others in this process, .NET's TLS among them, is not touched.</summary>
    [Fact]
    public void Who_does_not_ask_for_ours_gets_OpenSSLs()
    {
        Assert.Equal("tlsfront", KeyDerivation.ProviderOf(ours: true));
        Assert.Equal("default", KeyDerivation.ProviderOf(ours: false));
        Assert.True(KeyScheduleProvider.IsInUse);
    }

    [Fact]
    public void Secrets_of_a_handshake_that_is_not_at_work_are_shown_to_nobody()
    {
        using var secrets = new TrafficSecrets();
        TrafficSecrets.Show("c ap traffic"u8, new byte[32]);
        Assert.True(secrets.Client.IsEmpty);
        Assert.True(secrets.Server.IsEmpty);
    }

    [Fact]
    public void A_hmac_is_that_of_its_key_whatever_the_thread_computed_before()
    {
        var (key, mac) = (RandomNumberGenerator.GetBytes(48), new byte[48]);
        foreach (var hash in new[] { 48, 32, 48 })
        {
            Hmac.OfLength(hash).Compute(RandomNumberGenerator.GetBytes(hash), "others"u8, mac);
            Hmac.OfLength(48).Compute(key, "octets"u8, mac);
            Assert.Equal(HMACSHA384.HashData(key, "octets"u8), mac);
            Hmac.Wipe();
        }
    }
}
