using System.Security.Cryptography;
using TlsFront.Configuration;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.Hello;

namespace TlsFront.Tests.Tls;

public sealed class CertificateLoaderTests : IDisposable
{
    private static readonly TestCertificate Certificate = TestAuthority.Shared.Ecdsa("mail.example.com", "*.example.org");

    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("fullchain.pem", "privkey.pem")]
    [InlineData("tls.crt", "tls.key")]
    public void A_folder_is_read_by_the_names_of_certbot_and_kubernetes(string chain, string key)
    {
        File.WriteAllText(_folder.At(chain), Certificate.FullChain);
        File.WriteAllText(_folder.At(key), Certificate.Key);
        var read = Read(new(_folder.Path, null)).Certificate!;
        Assert.Equal(Certificate.Thumbprint, read.Leaf.Thumbprint);
        Assert.True(read.Leaf.HasPrivateKey);
        Assert.Equal(2, read.ChainLength);
        Assert.Equal(_folder.At(chain), read.Source);
        Assert.Equal(["mail.example.com", "*.example.org"], read.Names.AsEnumerable());
        Assert.Equal((CertificateKeyType.Ecdsa, 256, NamedGroup.Secp256R1), (read.KeyType, read.KeySize, read.Curve));
        Assert.Empty(read.Warnings(DateTimeOffset.UtcNow));
    }

    [Fact]
    public void The_full_chain_goes_before_the_leaf_beside_it()
    {
        File.WriteAllText(_folder.At("cert.pem"), Certificate.Leaf);
        File.WriteAllText(_folder.At("privkey.pem"), Certificate.Key);
        Assert.Contains(
            "fullchain.pem", Assert.Single(Read(new(_folder.Path, null)).Certificate!.Warnings(DateTimeOffset.UtcNow)), StringComparison.Ordinal);
        File.WriteAllText(_folder.At("fullchain.pem"), Certificate.FullChain);
        Assert.Equal(2, Read(new(_folder.Path, null)).Certificate!.ChainLength);
    }

    [Fact]
    public void A_pair_of_files_and_one_file_of_both_are_read()
    {
        File.WriteAllText(_folder.At("a.crt"), Certificate.FullChain);
        File.WriteAllText(_folder.At("a.key"), Certificate.Key);
        File.WriteAllText(_folder.At("key-first.pem"), Certificate.Key + Certificate.FullChain);
        File.WriteAllText(_folder.At("key-last.pem"), Certificate.FullChain + Certificate.Key);
        Assert.NotNull(Read(new(_folder.At("a.crt"), _folder.At("a.key"))).Certificate);
        Assert.NotNull(Read(new(_folder.At("key-first.pem"), null)).Certificate);
        Assert.NotNull(Read(new(_folder.At("key-last.pem"), null)).Certificate);
    }

    [Fact]
    public void Keys_in_each_form_of_PEM_are_read()
    {
        Assert.Equal(CertificateKeyType.Rsa, Read(_folder.Write(TestAuthority.Shared.Rsa("a.example"))).Certificate!.KeyType);
        Assert.Equal(
            NamedGroup.Secp384R1, Read(_folder.Write(TestAuthority.Shared.Ecdsa(ECCurve.NamedCurves.nistP384, "a.example"))).Certificate!.Curve);
        var parameters = Certificate with
        {
            Key = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + Certificate.Key
        };
        Assert.NotNull(Read(_folder.Write(parameters)).Certificate);
    }

    [Fact]
    public void Dates_and_names_that_clients_refuse_are_warned_of()
    {
        var now = DateTimeOffset.UtcNow;
        Assert.Contains("expired", Warning(TestAuthority.Shared.Valid(now.AddDays(-9), now.AddDays(-1), "a.example")), StringComparison.Ordinal);
        Assert.Contains(
            "not valid before", Warning(TestAuthority.Shared.Valid(now.AddDays(1), now.AddDays(9), "a.example")), StringComparison.Ordinal);
        Assert.Contains("no DNS name", Warning(TestAuthority.Shared.Ecdsa()), StringComparison.Ordinal);

        string Warning(TestCertificate certificate) => Assert.Single(Read(_folder.Write(certificate)).Certificate!.Warnings(now));
    }

    [Fact]
    public void A_missing_intermediate_is_named()
    {
        var other = new TestAuthority().Ecdsa("a.example");
        Assert.Contains("\"CN=Test Intermediate\" is missing", Warning(Certificate with { Intermediate = "" }), StringComparison.Ordinal);
        Assert.Contains("\"CN=Test Intermediate\" is missing", Warning(Certificate with { Intermediate = other.Leaf }), StringComparison.Ordinal);
        Assert.Contains(
            "\"CN=Test Root\" is missing", Warning(Certificate with { Intermediate = Certificate.Intermediate + other.Leaf }),
            StringComparison.Ordinal);
        Assert.Empty(
            Read(_folder.Write(Certificate with { Intermediate = Certificate.Intermediate + TestAuthority.Shared.Root.ExportCertificatePem() }))
                .Certificate!.Warnings(DateTimeOffset.UtcNow));
        Assert.Empty(Read(_folder.Write(TestAuthority.SelfSignedRsa("a.example"))).Certificate!.Warnings(DateTimeOffset.UtcNow));

        string Warning(TestCertificate certificate) => Assert.Single(Read(_folder.Write(certificate)).Certificate!.Warnings(DateTimeOffset.UtcNow));
    }

    public static TheoryData<string, string, string, string> Unusable
    {
        get
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var encrypted = key.ExportEncryptedPkcs8PrivateKeyPem(
                "secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1));
            var small = TestAuthority.Shared.Rsa(1024, "a.example");
            var odd = TestAuthority.Shared.Ecdsa(ECCurve.CreateFromFriendlyName("secp256k1"), "a.example");
            var old = TestAuthority.SelfSignedSha1("a.example");
            return new()
            {
                { old.FullChain, old.Key, "fullchain.pem", "SHA-1" },
                { Certificate.FullChain, TestAuthority.Shared.Ecdsa("mail.example.com").Key, "privkey.pem (ECDSA P-256)", "is not the key of" },
                { Certificate.FullChain, TestAuthority.Shared.Rsa("mail.example.com").Key, "privkey.pem (RSA 2048)", "(ECDSA P-256)" },
                { Certificate.Intermediate + Certificate.Leaf, Certificate.Key, "is that of certificate 2", "put the server's certificate first" },
                { Certificate.FullChain[..^40], Certificate.Key, "fullchain.pem", "incomplete" },
                { Certificate.Leaf[..200] + "\n" + Certificate.FullChain, Certificate.Key, "fullchain.pem", "incomplete" },
                { Certificate.FullChain, Certificate.Key[..60], "privkey.pem", "no complete PEM private key" },
                { Certificate.FullChain, encrypted, "privkey.pem", "passphrase" },
                {
                    Certificate.FullChain,
                    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
                    "privkey.pem", "passphrase"
                },
                { "", "", "fullchain.pem", "the file is empty" },
                { Certificate.FullChain, "", "privkey.pem", "the file is empty" },
                { "garbage\0\xff", Certificate.Key, "fullchain.pem", "no PEM certificate" },
                { "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", Certificate.Key, "fullchain.pem", "not a certificate" },
                { small.FullChain, small.Key, "fullchain.pem", "at least 2048" },
                { odd.FullChain, odd.Key, "fullchain.pem", "P-256" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Unusable))]
    public void What_cannot_be_used_is_a_problem_that_names_file_and_fault(string chain, string key, string file, string words)
    {
        File.WriteAllText(_folder.At("fullchain.pem"), chain);
        File.WriteAllText(_folder.At("privkey.pem"), key);
        var problem = Read(new(_folder.Path, null)).Problem;
        Assert.Contains(file, problem, StringComparison.Ordinal);
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_a_problem_that_names_it()
    {
        Assert.Contains("the folder is empty", Read(new(_folder.Path, null)).Problem, StringComparison.Ordinal);
        Assert.Contains("does not exist", Read(new(_folder.At("none.pem"), null)).Problem, StringComparison.Ordinal);
        File.WriteAllText(_folder.At("fullchain.pem"), Certificate.FullChain);
        Assert.Contains("privkey.pem: the file does not exist", Read(new(_folder.Path, null)).Problem, StringComparison.Ordinal);
        Assert.Contains("holds no complete private key", Read(new(_folder.At("fullchain.pem"), null)).Problem, StringComparison.Ordinal);
        File.WriteAllBytes(_folder.At("large.pem"), new byte[1024 * 1024 + 1]);
        Assert.Contains("larger than 1 MB", Read(new(_folder.At("large.pem"), null)).Problem, StringComparison.Ordinal);
    }

    private static CertificateReading Read(CertificateSettings settings) => CertificateLoader.Load(settings);
}
