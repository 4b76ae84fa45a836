using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.Tls.Certificates;

namespace TlsFront.Tests.Tls;

/// <summary>Encrypted keys and PKCS #12 on real files.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CertificatePasswordTests : IDisposable
{
    private const string Password = "pass wörd ";

    private static readonly TestCertificate Certificate = TestAuthority.Shared.Ecdsa("mail.example.com");

    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void An_encrypted_key_is_read_with_the_password_without_its_newline(string end)
    {
        var reading = CertificateLoader.Load(Encrypted(Password + end));
        Assert.Equal(Certificate.Thumbprint, reading.Certificate?.Leaf.Thumbprint);
        Assert.True(reading.Certificate!.Leaf.HasPrivateKey);
        Assert.Null(reading.Warning);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public void A_pkcs_12_file_is_read_whole_and_its_root_left_out(string end)
    {
        var read = CertificateLoader.Load(new(Pfx(Password), null, PasswordFile(Password + end))).Certificate!;
        Assert.Equal(Certificate.Thumbprint, read.Leaf.Thumbprint);
        Assert.True(read.Leaf.HasPrivateKey);
        Assert.Equal("CN=Test Intermediate", Assert.Single(read.Intermediates).Subject);
        Assert.True(read.HasChain);
    }

    [Fact]
    public void A_pkcs_12_file_without_password_needs_no_password_file() => Assert.NotNull(CertificateLoader.Load(new(Pfx(null), null)).Certificate);

    [Fact]
    public void A_key_named_beside_a_pkcs_12_file_is_a_problem_and_not_ignored()
    {
        File.WriteAllText(_folder.At("a.key"), Certificate.Key);
        var reading = CertificateLoader.Load(new(Pfx(null), _folder.At("a.key")));
        Assert.Null(reading.Certificate);
        Assert.Contains(
            $"a.pfx: the file is PKCS #12 and holds its own key; remove the key {_folder.At("a.key")}", reading.Problem, StringComparison.Ordinal);
    }

    /// <summary>Nobody named it there: it may be that of a PEM file of the same name.</summary>
    [Fact]
    public void A_key_that_lies_beside_a_pkcs_12_file_in_a_folder_of_many_does_no_harm()
    {
        Pfx(null);
        File.WriteAllText(_folder.At("a.key"), "another's");
        Assert.NotNull(CertificateLoader.Load(Assert.Single(CertificateDirectory.Expand(new(_folder.Path, null)))).Certificate);
    }

    [Fact]
    public void A_password_for_a_key_that_is_not_encrypted_is_warned_of()
    {
        File.WriteAllText(_folder.At("a.pem"), Certificate.FullChain + Certificate.Key);
        var reading = CertificateLoader.Load(new(_folder.At("a.pem"), null, PasswordFile(Password)));
        Assert.NotNull(reading.Certificate);
        Assert.Contains("the private key is not encrypted", reading.Warning, StringComparison.Ordinal);
        Assert.Contains("remove passwordFile", reading.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_of_a_folder_may_be_for_others_than_this_key()
    {
        Directory.CreateDirectory(_folder.At("many"));
        File.WriteAllText(_folder.At("many", "a.pem"), Certificate.FullChain + Certificate.Key);
        Assert.All(
            CertificateDirectory.Expand(new(_folder.At("many"), null, PasswordFile(Password))),
            static source => Assert.Null(CertificateLoader.Load(source).Warning));
    }

    [Fact]
    public void Two_warnings_of_one_source_are_both_told()
    {
        File.WriteAllText(_folder.At("a.pem"), Certificate.FullChain + Certificate.Key);
        var settings = new CertificateSettings(_folder.At("a.pem"), null, PasswordFile(Password));
        File.SetUnixFileMode(settings.PasswordFile!, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var warning = CertificateLoader.Load(settings).Warning;
        Assert.Contains("chmod 640", warning, StringComparison.Ordinal);
        Assert.Contains("is not encrypted", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_or_missing_password_is_a_problem_that_names_the_remedy_and_no_password()
    {
        foreach (var settings in new[] { Encrypted("wr0ng"), new(Pfx(Password), null, _folder.At("password")) })
        {
            var wrong = CertificateLoader.Load(settings);
            Assert.Null(wrong.Certificate);
            Assert.Contains("the password in passwordFile does not open", wrong.Problem, StringComparison.Ordinal);
            Assert.DoesNotContain("wr0ng", wrong.Problem, StringComparison.Ordinal);
            Assert.Contains("with passwordFile", CertificateLoader.Load(settings with { PasswordFile = null }).Problem, StringComparison.Ordinal);
            Assert.Contains(
                "none: the password's file does not exist", CertificateLoader.Load(settings with { PasswordFile = _folder.At("none") }).Problem,
                StringComparison.Ordinal);
        }

        Assert.Contains("holds no password", CertificateLoader.Load(Encrypted("\n")).Problem, StringComparison.Ordinal);
        Assert.Contains("thus no password", CertificateLoader.Load(Encrypted(new string('x', 5000))).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_of_another_certificate_is_told_from_a_wrong_password()
    {
        var settings = Encrypted(Password);
        File.WriteAllText(settings.Path, TestAuthority.Shared.Ecdsa("mail.example.com").FullChain);
        Assert.Contains("is not the key of", CertificateLoader.Load(settings).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_pkcs_12_file_is_a_problem_at_every_length()
    {
        var path = Pfx(Password);
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length += 53)
        {
            File.WriteAllBytes(path, whole[..length]);
            var reading = CertificateLoader.Load(new(path, null, PasswordFile(Password)));
            Assert.Null(reading.Certificate);
            Assert.Contains(path, reading.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_password_that_others_may_read_is_warned_of_and_never_logged()
    {
        var settings = Encrypted(Password);
        File.SetUnixFileMode(settings.PasswordFile!, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Empty(_folder.Store().UpdateSources([settings]));
        var warning = Assert.Single(_folder.Logger.Collector.GetSnapshot(), static record => record.Level == LogLevel.Warning).Message;
        Assert.Contains($"chmod 640 {settings.PasswordFile}", warning, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Logger.Collector.GetSnapshot(), static record => record.Message.Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public void A_password_that_is_mended_is_taken_over()
    {
        var settings = Encrypted(Password);
        var store = _folder.Store();
        Assert.Empty(store.UpdateSources([settings]));
        File.WriteAllText(settings.PasswordFile!, "wr0ng");
        store.Refresh();
        store.Refresh();
        File.WriteAllText(settings.PasswordFile!, Password);
        store.Refresh();
        Assert.Equal(2, _folder.Logger.Collector.GetSnapshot().Count(static record => record.Level == LogLevel.Information));
        Assert.Single(_folder.Logger.Collector.GetSnapshot(), static record => record.Level == LogLevel.Error);
    }

    private CertificateSettings Encrypted(string passwordFile)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(Certificate.Key);
        File.WriteAllText(_folder.At("a.crt"), Certificate.FullChain);
        File.WriteAllText(
            _folder.At("a.key"),
            key.ExportEncryptedPkcs8PrivateKeyPem(Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)));
        return new(_folder.At("a.crt"), _folder.At("a.key"), PasswordFile(passwordFile));
    }

    private string PasswordFile(string content)
    {
        File.WriteAllText(_folder.At("password"), content);
        File.SetUnixFileMode(_folder.At("password"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return _folder.At("password");
    }

    private string Pfx(string? password)
    {
        File.WriteAllBytes(_folder.At("a.pfx"), Certificate.Pkcs12(password));
        return _folder.At("a.pfx");
    }
}
