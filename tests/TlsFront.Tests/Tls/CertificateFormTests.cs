using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TlsFront.Tls.Certificates;

namespace TlsFront.Tests.Tls;

/// <summary>Files in other forms than PEM, and PEM that was put together by hand.</summary>
public sealed class CertificateFormTests : IDisposable
{
    private static readonly TestCertificate Ecdsa = TestAuthority.Shared.Ecdsa("mail.example.com");
    private static readonly TestCertificate Sec1 = TestAuthority.Shared.Ecdsa(ECCurve.NamedCurves.nistP384, "mail.example.com");
    private static readonly TestCertificate Rsa = TestAuthority.Shared.Rsa("mail.example.com");

    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DER_is_told_from_PKCS_12_with_the_command_that_converts_it()
    {
        using var certificate = X509Certificate2.CreateFromPem(Ecdsa.Leaf);
        using var key = ECDsa.Create();
        key.ImportFromPem(Ecdsa.Key);
        using var rsa = RSA.Create();
        rsa.ImportFromPem(Rsa.Key);
        var (cer, pem) = (_folder.At("mail.cer"), _folder.At("mail.pem"));
        File.WriteAllText(pem, Ecdsa.FullChain);

        Assert.Equal($"{cer}: the file is DER, not PEM; convert it: openssl x509 -inform der -in {cer} -out ...", Problem(certificate.RawData));
        Assert.Equal(
            $"{cer}: the file is PKCS #7 in DER, not PEM; convert it: openssl pkcs7 -inform der -print_certs -in {cer} -out ...",
            Problem(new X509Certificate2Collection { certificate }.Export(X509ContentType.Pkcs7)!));
        Assert.All(
            (byte[][])[key.ExportPkcs8PrivateKey(), key.ExportECPrivateKey(), rsa.ExportRSAPrivateKey(), rsa.ExportPkcs8PrivateKey()],
            der => Assert.Equal($"{cer}: the private key is DER, not PEM; convert it: openssl pkey -inform der -in {cer} -out ...", KeyProblem(der)));
        Assert.Equal($"{cer}: the file is PKCS #12, which holds certificate and key; name it in path, without key", KeyProblem(Ecdsa.Pkcs12(null)));

        string? Problem(byte[] content)
        {
            File.WriteAllBytes(cer, content);
            return CertificateLoader.Load(new(cer, null)).Problem;
        }

        string? KeyProblem(byte[] content)
        {
            File.WriteAllBytes(cer, content);
            return CertificateLoader.Load(new(pem, cer)).Problem;
        }
    }

    [Fact]
    public void PKCS_7_in_PEM_is_named()
    {
        using var certificate = X509Certificate2.CreateFromPem(Ecdsa.Leaf);
        var path = Write(new string(PemEncoding.Write("PKCS7", new X509Certificate2Collection { certificate }.Export(X509ContentType.Pkcs7)!)));
        var problem = CertificateLoader.Load(new(path, null)).Problem;
        Assert.Equal($"{path}: the file is PKCS #7; convert it: openssl pkcs7 -print_certs -in {path} -out ...", problem);
    }

    [Fact]
    public void A_missing_line_break_is_named_with_its_line()
    {
        var lines = Ecdsa.Leaf.TrimEnd().Split('\n').Length;
        var path = Write(Ecdsa.Leaf.TrimEnd() + Ecdsa.Intermediate + Ecdsa.Key);
        Assert.Equal(
            $"{path}: a line break is missing between two certificates, line {lines}: write -----BEGIN in a line of its own",
            CertificateLoader.Load(new(path, null)).Problem);

        var key = Write("\n" + Ecdsa.Key.TrimEnd() + Ecdsa.FullChain, "other.pem");
        var end = 1 + Ecdsa.Key.TrimEnd().Split('\n').Length;
        var words = $"{key}: a line break is missing between two blocks, line {end}: write -----BEGIN in a line of its own";
        Assert.Equal(words, CertificateLoader.Load(new(key, null)).Problem);
        Assert.Equal(words, CertificateLoader.Load(new(Write(Ecdsa.FullChain), key)).Problem);
    }

    [Fact]
    public void The_key_of_another_certificate_is_named_with_both_types_in_each_form_of_PEM()
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(Rsa.Key);
        Mismatch(Ecdsa, Rsa.Key, "RSA 2048", "ECDSA P-256");
        Mismatch(Ecdsa, rsa.ExportPkcs8PrivateKeyPem(), "RSA 2048", "ECDSA P-256");
        Mismatch(Rsa, Sec1.Key, "ECDSA P-384", "RSA 2048");
        Mismatch(Rsa, Ecdsa.Key, "ECDSA P-256", "RSA 2048");
        Mismatch(Sec1, Ecdsa.Key, "ECDSA P-256", "ECDSA P-384");
        Mismatch(Ecdsa, Sec1.Key, "ECDSA P-384", "ECDSA P-256");
        Mismatch(Rsa, TestAuthority.Shared.Rsa(3072, "mail.example.com").Key, "RSA 3072", "RSA 2048");

        void Mismatch(TestCertificate certificate, string key, string has, string needs)
        {
            var (pem, file) = (Write(certificate.FullChain), Write(key, "mail.key"));
            var problem = CertificateLoader.Load(new(pem, file)).Problem;
            Assert.Equal($"{file} ({has}) is not the key of {pem} ({needs}); use certificate and key of the same renewal", problem);
        }
    }

    [Fact]
    public void A_damaged_key_and_one_of_another_type_are_told_in_our_words()
    {
        var pem = Write(Ecdsa.FullChain);
        foreach (var content in (byte[][])[[1, 2, 3], Convert.FromHexString("302E020100300506032B657004220420" + new string('7', 64))])
        {
            var key = Write(new string(PemEncoding.Write("PRIVATE KEY", content)), "mail.key");
            Assert.Equal(
                $"{key}: the private key cannot be used: it is neither RSA nor ECDSA, the types mail clients verify, or it is damaged",
                CertificateLoader.Load(new(pem, key)).Problem);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_certificate_that_stands_in_its_chain_twice_is_said_to_and_nothing_is_said_to_be_missing(int which)
    {
        var twice = which == 0 ? Ecdsa.Leaf : Ecdsa.Intermediate;
        var reading = CertificateLoader.Load(new(Write(Ecdsa.Leaf + twice + Ecdsa.Intermediate + Ecdsa.Key), null));
        Assert.Equal(
            $"certificate \"CN={(which == 0 ? "server" : "Test Intermediate")}\" stands in it twice and is presented once; remove one of the two",
            Assert.Single(reading.Warnings(DateTimeOffset.UtcNow)));
        Assert.Equal(2, reading.Certificate!.ChainLength);
    }

    [Fact]
    public void A_byte_order_mark_does_no_harm()
    {
        var path = _folder.At("mail.pem");
        File.WriteAllText(path, Ecdsa.FullChain + Ecdsa.Key, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.NotNull(CertificateLoader.Load(new(path, null)).Certificate);
    }

    private string Write(string content, string file = "mail.pem")
    {
        File.WriteAllText(_folder.At(file), content);
        return _folder.At(file);
    }
}
