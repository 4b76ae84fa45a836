using Microsoft.Extensions.DependencyInjection;
using TlsFront.Configuration;
using TlsFront.Tests.Tls;

namespace TlsFront.Tests.Functional;

/// <summary>Files that settings point to are settings: the gateway looks at every one of them.</summary>
public sealed class SettingsFilesTests : IDisposable
{
    private readonly TicketKeyFolder _folder = new();
    private readonly CertificateFolder _certificates = new();

    public void Dispose()
    {
        _folder.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public async Task A_report_names_every_kind_of_file_that_changed_since_the_last()
    {
        var certificate = TestAuthority.Shared.Ecdsa("mail.example.com");
        _certificates.Write(certificate, "mail");
        var path = _certificates.At("mail", "fullchain.pem");
        var authorities = _certificates.At("ca.pem");
        File.WriteAllText(authorities, certificate.FullChain);
        var (key, networks, token, users) = (
            _folder.Write("key"), _folder.Write("networks", "192.0.2.1"u8.ToArray()), _folder.Write("token", "0123456789abcdef"u8.ToArray()),
            _folder.Write("users", "bob dovecot-imap\n"u8.ToArray()));
        await using var gateway = await TestGateway.StartAsync(settings => settings with
        {
            Certificates = [new CertificateSettings(_certificates.At("mail"), null)],
            TicketKeys = [key],
            Backends =
            [
                .. settings.Backends.Select(backend => backend with { Tls = new() { Mode = BackendTlsMode.Implicit, Authorities = authorities } })
            ],
            Listeners =
            [
                .. settings.Listeners.Select(listener => listener with
                {
                    Admission = new(null, new(NetworkSet.Empty, [networks])),
                    UserMap = listener.Name == "imaps" ? users : null,
                })
            ],
            Admin = settings.Admin with { TokenFile = token },
        });
        var watcher = gateway.Host.Services.GetRequiredService<SettingsFileWatcher>();
        Assert.Empty(watcher.Report());

        _certificates.Write(TestAuthority.Shared.Ecdsa("mail.example.com"), "mail");
        File.AppendAllText(authorities, TestAuthority.Shared.Ecdsa("other.example.com").FullChain);
        _folder.Write("key");
        _folder.Write("networks", "192.0.2.0/24"u8.ToArray());
        _folder.Write("token", "fedcba9876543210f"u8.ToArray());
        _folder.Write("users", "jim dovecot-imap\n* dovecot-imap\n"u8.ToArray());
        Assert.Equal(new[] { authorities, key, networks, path, token, users }.Order(), watcher.Report().Select(static file => file.Path).Order());
        Assert.Empty(watcher.Report());
    }
}
