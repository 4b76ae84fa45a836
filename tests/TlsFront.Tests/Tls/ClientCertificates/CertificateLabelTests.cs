using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Tls.ClientCertificates;

namespace TlsFront.Tests.Tls.ClientCertificates;

/// <summary>What logs say of certificates that may have been made to mislead who reads them.</summary>
public sealed class CertificateLabelTests
{
    [Theory]
    [InlineData("02", "02")]
    [InlineData("00C3A1", "C3A1")]
    [InlineData("0A1B2C3D4E5F60718293A4B5C6D7E8F901234567", "0A1B2C3D4E5F60718293A4B5C6D7E8F901234567")]
    [InlineData("0A1B2C3D4E5F60718293A4B5C6D7E8F90123456789", "0A1B2C3D4E5F60718293A4B5C6D7E8F901234567...")]
    [InlineData("000A1B2C3D4E5F60718293A4B5C6D7E8F90123456789", "0A1B2C3D4E5F60718293A4B5C6D7E8F901234567...")]
    public void A_serial_number_is_what_openssl_prints_of_it(string encoded, string shown)
    {
        using var certificate = Make(new X500DistinguishedName("CN=Users"), Convert.FromHexString(encoded));
        Assert.Equal(shown, CertificateLabel.SerialNumber(certificate));
    }

    [Fact]
    public void A_negative_serial_number_which_nobody_should_issue_is_shown_as_such()
    {
        using var certificate = Make(new X500DistinguishedName("CN=Users"), [0x7F]);

        // An INTEGER of one octet, behind the version.
        var encoded = certificate.RawData;
        encoded[encoded.AsSpan().IndexOf("\u0002\u0001\u007F"u8) + 2] = 0xFF;
        using var negative = X509CertificateLoader.LoadCertificate(encoded);
        Assert.Equal("-01", CertificateLabel.SerialNumber(negative));
    }

    [Theory]
    [InlineData("Users", "CN=Users")]
    [InlineData("Example Users", "CN=Example_Users")]
    [InlineData("Büro 7", "CN=B?ro_7")]
    [InlineData("x\u3164y\u05D0z\U0001F600", "CN=x?y?z?")]
    [InlineData("x\r\nforged line", "CN=\"x??forged_line\"")]
    [InlineData("x\u202Ey\u0000z\u001B[2J", "CN=x?y?z?[2J")]
    public void An_issuer_is_one_word_whatever_is_in_it(string name, string shown)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        using var certificate = Make(builder.Build(), [2]);
        Assert.Equal(shown, CertificateLabel.Issuer(certificate));
    }

    [Fact]
    public void An_issuer_of_several_parts_is_one_word_and_a_long_one_is_cut()
    {
        using var several = Make(new X500DistinguishedName("CN=Users, O=Example Ltd, C=DE"), [2]);
        Assert.Equal("CN=Users,O=Example_Ltd,C=DE", CertificateLabel.Issuer(several));

        using var longer = Make(new X500DistinguishedName($"CN={new string('x', 1000)}"), [2]);
        Assert.Equal($"CN={new string('x', 125)}...", CertificateLabel.Issuer(longer));
    }

    [Fact]
    public void What_is_longer_than_anybody_needs_is_not_even_converted()
    {
        using var endless = Make(new X500DistinguishedName($"CN={new string('x', 5000)}"), [.. Enumerable.Repeat((byte)0x11, 5000)]);
        Assert.Equal("?", CertificateLabel.Issuer(endless));
        Assert.Equal($"{new string('1', 40)}...", CertificateLabel.SerialNumber(endless));
    }

    private static X509Certificate2 Make(X500DistinguishedName issuer, byte[] serialNumber)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=alice", key, HashAlgorithmName.SHA256);
        var now = DateTimeOffset.UtcNow;
        return request.Create(issuer, X509SignatureGenerator.CreateForECDsa(key), now, now.AddDays(1), serialNumber);
    }
}
