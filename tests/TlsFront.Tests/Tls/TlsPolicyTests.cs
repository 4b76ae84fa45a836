using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.Hello;

namespace TlsFront.Tests.Tls;

public sealed class TlsPolicyTests : IDisposable
{
    private const ushort EcdsaSuite = 0xC02B;
    private const ushort RsaSuite = 0xC02F;
    private const ushort Tls13Suite = 0x1301;

    private static readonly TestCertificate Ecdsa = TestAuthority.Shared.Ecdsa("mail.example.com");
    private static readonly TestCertificate Rsa = TestAuthority.Shared.Rsa("mail.example.com");

    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // A list without the suites, then without the signatures, then without the curve of the ECDSA certificate.
    [InlineData(new ushort[] { 0x0303 }, new[] { RsaSuite }, new ushort[] { 0x0403, 0x0401 }, new ushort[] { 23 }, false)]
    [InlineData(new ushort[] { 0x0303 }, new[] { EcdsaSuite, RsaSuite }, new ushort[] { 0x0401 }, new ushort[] { 23 }, false)]
    [InlineData(new ushort[] { 0x0303 }, new[] { EcdsaSuite, RsaSuite }, new ushort[] { 0x0401, 0x0403 }, new ushort[] { 29 }, false)]
    [InlineData(new ushort[] { 0x0303 }, new[] { EcdsaSuite, RsaSuite }, new ushort[] { 0x0401, 0x0403 }, new ushort[] { 29, 23 }, true)]
    [InlineData(new ushort[] { 0x0303 }, new[] { RsaSuite, EcdsaSuite }, new ushort[] { 0x0804, 0x0503 }, new ushort[] { }, true)]
    [InlineData(new ushort[] { 0x0304, 0x0303 }, new[] { Tls13Suite }, new ushort[] { 0x0403, 0x0804 }, new ushort[] { 29 }, true)]
    [InlineData(new ushort[] { 0x0304, 0x0303 }, new[] { Tls13Suite }, new ushort[] { 0x0503, 0x0804 }, new ushort[] { 23 }, false)]
    [InlineData(new ushort[] { 0x0304, 0x0303 }, new[] { Tls13Suite }, new ushort[] { 0x0804 }, new ushort[] { 23 }, false)]
    public void The_client_gets_the_certificate_it_can_verify(ushort[] versions, ushort[] suites, ushort[] signatures, ushort[] groups, bool ecdsa)
    {
        var builder = new HelloBuilder { Suites = suites }.ServerName("mail.example.com").Versions(versions).Signatures(signatures);
        var selection = Policy(_folder.Store(Rsa, Ecdsa)).Select(Hello(groups.Length == 0 ? builder : builder.Groups(groups)));
        Assert.Equal(ecdsa ? CertificateKeyType.Ecdsa : CertificateKeyType.Rsa, selection.Certificate!.KeyType);
    }

    [Fact]
    public void A_1_3_client_that_verifies_pkcs_1_only_can_verify_no_rsa_certificate()
    {
        var selection = Policy(_folder.Store(Rsa)).Select(Hello(Modern().Signatures(0x0401)));
        Assert.Equal(TlsAlert.HandshakeFailure, selection.Refusal!.Alert);
        Assert.Contains("whose key is RSA", selection.Refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_whose_issuer_the_client_verifies_too_goes_first()
    {
        var policy = Policy(_folder.Store(Ecdsa, TestAuthority.SelfSignedRsa("mail.example.com")));
        Assert.Equal(
            CertificateKeyType.Rsa, policy.Select(Hello(Modern().Signatures(0x0403, 0x0804).CertificateSignatures(0x0401))).Certificate!.KeyType);
        Assert.Equal(
            CertificateKeyType.Ecdsa,
            policy.Select(Hello(Modern().Signatures(0x0403, 0x0804).CertificateSignatures(0x0401, 0x0403))).Certificate!.KeyType);
        Assert.Equal(CertificateKeyType.Ecdsa, policy.Select(Hello(Modern().Signatures(0x0403).CertificateSignatures(0x0401))).Certificate!.KeyType);
    }

    [Fact]
    public void A_valid_certificate_goes_before_an_expired_one_for_the_same_name()
    {
        var now = DateTimeOffset.UtcNow;
        var expired = TestAuthority.Shared.Valid(now.AddDays(-90), now.AddDays(-1), "mail.example.com");
        var selection = Policy(_folder.Store(expired, Ecdsa)).Select(Hello(Modern().ServerName("mail.example.com").Signatures(0x0403)));
        Assert.Equal(Ecdsa.Thumbprint, selection.Certificate!.Leaf.Thumbprint);
    }

    [Fact]
    public void The_name_itself_goes_before_a_wildcard_unless_the_client_cannot_verify_it()
    {
        var wildcard = TestAuthority.Shared.Ecdsa("*.example.com");
        var policy = Policy(_folder.Store(wildcard, Rsa));
        Assert.Equal(
            CertificateKeyType.Rsa, policy.Select(Hello(Modern().ServerName("mail.example.com").Signatures(0x0403, 0x0804))).Certificate!.KeyType);
        Assert.Equal(CertificateKeyType.Ecdsa, policy.Select(Hello(Modern().ServerName("mail.example.com").Signatures(0x0403))).Certificate!.KeyType);
        Assert.Equal(
            CertificateKeyType.Ecdsa, policy.Select(Hello(Modern().ServerName("www.example.com").Signatures(0x0403, 0x0804))).Certificate!.KeyType);
    }

    [Fact]
    public void A_valid_wildcard_goes_before_an_expired_certificate_for_the_name_itself()
    {
        var now = DateTimeOffset.UtcNow;
        var expired = TestAuthority.Shared.Valid(now.AddDays(-90), now.AddDays(-1), "mail.example.com");
        var wildcard = TestAuthority.Shared.Ecdsa("*.example.com");
        var hello = Hello(Modern().ServerName("mail.example.com").Signatures(0x0403));
        Assert.Equal(wildcard.Thumbprint, Policy(_folder.Store(expired, wildcard)).Select(hello).Certificate!.Leaf.Thumbprint);
        var old = TestAuthority.Shared.Valid(now.AddDays(-90), now.AddDays(-1), "*.example.com");
        Assert.Equal(expired.Thumbprint, Policy(_folder.Store(expired, old)).Select(hello).Certificate!.Leaf.Thumbprint);
    }

    [Fact]
    public void The_default_has_its_variants_too()
    {
        var policy = Policy(_folder.Store(Ecdsa, TestAuthority.Shared.Rsa("other.example.com"), Rsa));
        Assert.Equal(Rsa.Thumbprint, policy.Select(Hello(Modern().Signatures(0x0804))).Certificate!.Leaf.Thumbprint);
    }

    [Theory]
    [InlineData(new ushort[] { 0x0304 }, TlsAlert.MissingExtension)]
    [InlineData(new ushort[] { 0x0303 }, TlsAlert.HandshakeFailure)]
    public void A_client_that_does_not_say_what_it_verifies_is_refused(ushort[] versions, object alert)
    {
        var selection = Policy(_folder.Store(Rsa)).Select(Hello(new HelloBuilder().Versions(versions)));
        Assert.Equal((TlsAlert)alert, selection.Refusal!.Alert);
        Assert.Equal(CloseReason.TlsHandshakeFailed, selection.Refusal.Reason);
    }

    [Fact]
    public void Old_clients_are_told_apart_from_those_without_a_version()
    {
        var policy = Policy(_folder.Store(Rsa));
        Assert.Equal(
            "client offers at most TLS 1.0; minimum is TLS 1.2", policy.Select(Hello(new HelloBuilder { LegacyVersion = 0x0301 })).Refusal!.Detail);
        Assert.Equal(
            "client offers no known TLS version; minimum is TLS 1.2", policy.Select(Hello(new HelloBuilder().Versions(0x7F1C))).Refusal!.Detail);
    }

    [Fact]
    public void A_1_3_client_without_a_1_3_suite_shares_none()
    {
        var selection = Policy(_folder.Store(Rsa)).Select(
            Hello(new HelloBuilder { Suites = [RsaSuite] }.Versions(0x0304, 0x0303).Signatures(0x0804)));
        Assert.Equal(CloseReason.TlsNoSharedCipher, selection.Refusal!.Reason);
        Assert.Equal("no suite in common: client offers no cipher suite of the profile for TLS 1.3", selection.Refusal.Detail);
    }

    [Fact]
    public void A_client_whose_suites_need_a_certificate_of_the_other_type_is_told_to_share_no_suite()
    {
        // Windows 7 and 8.1: ECDHE with AES-GCM for ECDSA alone; with RSA, CBC or finite fields, which no profile has.
        var windows7 = new HelloBuilder { Suites = [0xC028, 0xC027, 0xC014, 0xC013, 0x009F, 0x009E, 0x009D, 0x009C, 0xC02C, 0xC02B, 0xC024] }
            .ServerName("mail.example.com").Groups(23, 24).Signatures(0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203);
        Assert.Equal(
            (CloseReason.TlsNoSharedCipher, TlsAlert.HandshakeFailure,
                "no suite in common: of the profile for TLS 1.2 the client offers those for ECDSA keys alone, and the only "
                + "certificate for this name has an RSA key; configure one with an ECDSA key as well"),
            Refusal(windows7, Rsa));
        Assert.Equal(Ecdsa.Thumbprint, Policy(_folder.Store(Rsa, Ecdsa)).Select(Hello(windows7)).Certificate!.Leaf.Thumbprint);

        var rsaOnly = new HelloBuilder { Suites = [RsaSuite] }.ServerName("mail.example.com").Signatures(0x0401);
        Assert.Equal(
            (CloseReason.TlsNoSharedCipher, TlsAlert.HandshakeFailure,
                "no suite in common: of the profile for TLS 1.2 the client offers those for RSA keys alone, and the only "
                + "certificate for this name has an ECDSA key; configure one with an RSA key as well"),
            Refusal(rsaOnly, Ecdsa));

        // The suite is there, and the curve is not.
        var curveless = new HelloBuilder { Suites = [EcdsaSuite] }.ServerName("mail.example.com").Groups(29).Signatures(0x0403);
        Assert.StartsWith("client cannot verify the only certificate for this name", Refusal(curveless, Ecdsa).Detail, StringComparison.Ordinal);
        Assert.Equal("client can verify none of the certificates for this name", Refusal(curveless, Ecdsa, Rsa).Detail);

        (CloseReason Reason, TlsAlert? Alert, string Detail) Refusal(HelloBuilder hello, params TestCertificate[] certificates)
        {
            var refusal = Policy(_folder.Store(certificates)).Select(Hello(hello)).Refusal!;
            return (refusal.Reason, refusal.Alert, refusal.Detail);
        }
    }

    [Fact]
    public void Each_policy_has_parameters_of_its_own_so_that_no_ticket_crosses_them()
    {
        var store = _folder.Store(Rsa);
        var hello = Hello(Modern().Signatures(0x0804));
        var policy = Policy(store);
        Assert.Same(policy.Select(hello).Parameters, policy.Select(hello).Parameters);
        Assert.NotSame(policy.Select(hello).Parameters, Policy(store).Select(hello).Parameters);
    }

    private static TlsPolicy Policy(CertificateStore store) => new(new TlsSettings(), MailProtocol.Smtp, store);

    private static HelloBuilder Modern() => new HelloBuilder().Versions(0x0304, 0x0303);

    private static ClientHello Hello(HelloBuilder builder)
    {
        Assert.True(ClientHelloParser.TryParse(builder.Message().AsSpan(4), out var hello, out _));
        return hello!;
    }
}
