using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Tls.ClientCertificates;

namespace TlsFront.Tests.Tls.ClientCertificates;

/// <summary>An authority for clients' certificates, with its files.</summary>
internal sealed class ClientAuthority : IDisposable
{
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;
    private int _serial = 1;

    public ClientAuthority(string name = "CN=Clients")
    {
        var request = new CertificateRequest(name, _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(10));
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
    }

    public string AuthorityFile => Path.Combine(_folder.FullName, "ca.pem");

    public string RevocationFile => Path.Combine(_folder.FullName, "crl.pem");

    public X509Certificate2 Issue(
        string subject, IReadOnlyList<string>? mail = null, string? purpose = ClientAuth, DateTimeOffset? from = null, DateTimeOffset? to = null,
        X509KeyUsageFlags? usage = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (usage is { } flags)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, true));
        }

        if (purpose is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        }

        if (mail is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("laptop.example.org");
            mail.ToList().ForEach(names.AddEmailAddress);
            request.CertificateExtensions.Add(names.Build());
        }

        using var issued = request.Create(
            _authority, from ?? DateTimeOffset.UtcNow.AddDays(-1), to ?? DateTimeOffset.UtcNow.AddDays(30), [(byte)++_serial]);
        using var withKey = issued.CopyWithPrivateKey(key);

        // Not every platform speaks TLS with a key that is in memory alone.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }

    public void Revoke(DateTimeOffset? until, params IReadOnlyList<X509Certificate2> revoked) => WriteList(_authority, until, revoked);

    /// <summary>A list of nothing, valid from and to.</summary>
    public void List(DateTimeOffset from, DateTimeOffset until) => WriteList(_authority, until, [], from: from);

    /// <summary>Adds authorities to the file whose names are longer than 16 KiB together.</summary>
    public void AppendLongNames()
    {
        for (var i = 0; i < 5; i++)
        {
            using var other = new ClientAuthority($"CN={i}{new string('x', 4000)}");
            File.AppendAllText(AuthorityFile, $"\n{File.ReadAllText(other.AuthorityFile)}");
        }
    }

    /// <summary>A list in this authority's name, signed by <paramref name="other"/>.</summary>
    public void RevokeBy(ClientAuthority other) => other.WriteList(other._authority, null, [], RevocationFile);

    public ClientCertificatePolicy Policy(
        CertificateUser user = CertificateUser.Email, bool isRequired = false, bool revokes = false, TimeProvider? time = null) =>
        Store(new ClientCertificateSettings(AuthorityFile, revokes ? RevocationFile : null, user, isRequired), time).Find(
            new(AuthorityFile, revokes ? RevocationFile : null, user, isRequired))!;

    public static ClientCertificateStore Store(ClientCertificateSettings settings, TimeProvider? time = null) => Store(Settings(settings), time);

    public static ClientCertificateStore Store(SettingsStore settings, TimeProvider? time = null) =>
        new(settings, time ?? new FakeTimeProvider(DateTimeOffset.UtcNow), NullLogger<ClientCertificateStore>.Instance);

    public static SettingsStore Settings(ClientCertificateSettings settings)
    {
        var listener = new ListenerSettings
        {
            Name = "imaps",
            Address = new(0, 993),
            Protocol = TlsFront.Protocols.MailProtocol.Imap,
            Backend = "dovecot",
            Tls = new() { ClientCertificates = settings },
            Rules = new(),
        };
        return new SettingsStore(GatewaySettings.Blank with { Listeners = [listener] });
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _authority.Dispose();
        _key.Dispose();
    }

    private void WriteList(
        X509Certificate2 authority, DateTimeOffset? until, IReadOnlyList<X509Certificate2> revoked, string? file = null,
        DateTimeOffset? from = null)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var certificate in revoked)
        {
            builder.AddEntry(certificate, DateTimeOffset.UtcNow.AddHours(-1), X509RevocationReason.KeyCompromise);
        }

        var list = builder.Build(
            authority, 1, until ?? DateTimeOffset.UtcNow.AddDays(7), HashAlgorithmName.SHA256,
            thisUpdate: from ?? DateTimeOffset.UtcNow.AddDays(-2));
        File.WriteAllText(file ?? RevocationFile, PemEncoding.WriteString("X509 CRL", list));
    }
}
