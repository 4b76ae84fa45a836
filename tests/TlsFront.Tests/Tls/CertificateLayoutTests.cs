using TlsFront.Configuration;
using TlsFront.Tls.Certificates;

namespace TlsFront.Tests.Tls;

/// <summary>Folders as the tools leave them that issue certificates or copy them.</summary>
public sealed class CertificateLayoutTests : IDisposable
{
    private static readonly TestCertificate Certificate = TestAuthority.Shared.Ecdsa("mail.example.com");

    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // acme.sh, of each type of key, and copied to a folder of another name; other files of its own lie beside.
    [InlineData("mail.example.com_ecc", "fullchain.cer", "mail.example.com.key", "mail.example.com.cer", "ca.cer", "mail.example.com.conf")]
    [InlineData("mail.example.com", "fullchain.cer", "mail.example.com.key", "mail.example.com.cer", "ca.cer")]
    [InlineData("mail", "fullchain.cer", "mail.example.com.key")]
    [InlineData("mail.example.com", "fullchain.cer", "mail.example.com.key", "other.key")]
    // mailcow's data/assets/ssl, Mailu's certs and the dumpers that come with both; cert.pem beside certbot's key.
    [InlineData("ssl", "cert.pem", "key.pem", "dhparams.pem")]
    [InlineData("mail.example.com", "cert.pem", "privkey.pem")]
    [InlineData("mail.example.com", "fullchain.pem", "key.pem")]
    // traefik-certs-dumper --domain-subdir.
    [InlineData("mail.example.com", "certificate.crt", "privatekey.key")]
    [InlineData("mail.example.com", "certificate.pem", "privatekey.pem")]
    // Caddy.
    [InlineData("mail.example.com", "mail.example.com.crt", "mail.example.com.key", "mail.example.com.json")]
    [InlineData("wildcard_.example.com", "wildcard_.example.com.crt", "wildcard_.example.com.key")]
    public void A_folder_is_recognised_by_its_names_itself_and_from_one_level_up(string folder, string chain, string key, params string[] others)
    {
        foreach (var other in others)
        {
            Write("live", folder, other, "other");
        }

        Write("live", folder, chain, Certificate.FullChain);
        Write("live", folder, key, Certificate.Key);
        foreach (var path in (string[])[_folder.At("live", folder), _folder.At("live", folder) + "/", _folder.At("live")])
        {
            var read = CertificateLoader.Load(Assert.Single(CertificateDirectory.Expand(new(path, null))));
            Assert.Null(read.Problem);
            Assert.Equal((Certificate.Thumbprint, 2), (read.Certificate!.Leaf.Thumbprint, read.Certificate.ChainLength));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("certs")]
    public void The_flat_folders_of_traefik_certs_dumper_are_recognised(string path)
    {
        Write("dump", "certs", "mail.example.com.crt", Certificate.FullChain);
        Write("dump", "private", "mail.example.com.key", Certificate.Key);
        Write("dump", "private", "letsencrypt.key", "an account's");
        Assert.NotNull(CertificateLoader.Load(Assert.Single(CertificateDirectory.Expand(new(_folder.At("dump", path), null)))).Certificate);
    }

    [Fact]
    public void Of_two_pairs_the_complete_one_counts_and_then_the_one_with_the_chain()
    {
        Write("live", "a", "cert.pem", TestAuthority.Shared.Ecdsa("other.example.com").FullChain);
        Write("live", "a", "tls.crt", Certificate.FullChain);
        Write("live", "a", "tls.key", Certificate.Key);
        Assert.Equal(Certificate.Thumbprint, Read().Leaf.Thumbprint);

        var other = TestAuthority.Shared.Ecdsa("mail.example.com");
        Write("live", "a", "fullchain.pem", other.FullChain);
        Assert.Equal(Certificate.Thumbprint, Read().Leaf.Thumbprint);
        Write("live", "a", "privkey.pem", other.Key);
        Assert.Equal(other.Thumbprint, Read().Leaf.Thumbprint);

        LoadedCertificate Read() => CertificateLoader.Load(new(_folder.At("live", "a"), null)).Certificate!;
    }

    [Fact]
    public void The_home_of_acme_sh_is_a_folder_of_many()
    {
        var rsa = TestAuthority.Shared.Rsa("mail.example.com");
        Write(".acme.sh", "mail.example.com", "fullchain.cer", rsa.FullChain);
        Write(".acme.sh", "mail.example.com", "mail.example.com.key", rsa.Key);
        Write(".acme.sh", "mail.example.com_ecc", "fullchain.cer", Certificate.FullChain);
        Write(".acme.sh", "mail.example.com_ecc", "mail.example.com.key", Certificate.Key);
        Write(".acme.sh", "ca", "account.json", "{}");
        Write(".acme.sh", "dnsapi", "dns_cf.sh", "#!/bin/sh");
        var store = _folder.Store();
        Assert.Empty(store.UpdateSources([new CertificateSettings(_folder.At(".acme.sh"), null)]));
        Assert.Equal([CertificateKeyType.Rsa, CertificateKeyType.Ecdsa], store.Current.All.Select(static certificate => certificate.KeyType));
        Assert.DoesNotContain(_folder.Logger.Collector.GetSnapshot(), static record => record.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    private void Write(string parent, string folder, string file, string content)
    {
        Directory.CreateDirectory(_folder.At(parent, folder));
        File.WriteAllText(_folder.At(parent, folder, file), content);
    }
}
