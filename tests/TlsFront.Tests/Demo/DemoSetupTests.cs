using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Demo;
using TlsFront.Protocols;

namespace TlsFront.Tests.Demo;

public sealed class DemoSetupTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-demo-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("mail.demo.test")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void The_certificate_is_good_for_every_name_of_the_demo_and_for_30_days(string name)
    {
        var time = new FakeTimeProvider(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var made = DemoCertificates.Create(time);
        using var authority = X509Certificate2.CreateFromPem(made.Authority);
        using var certificate = X509Certificate2.CreateFromPem(made.Certificate, made.Key);
        Assert.True(certificate.MatchesHostname(name));
        Assert.True(certificate.HasPrivateKey);
        Assert.InRange(certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime, TimeSpan.FromDays(29), TimeSpan.FromDays(30));

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        Assert.True(chain.Build(certificate));
    }

    [Fact]
    public void Files_are_replaced_whole_and_only_the_owner_reads_the_key()
    {
        var files = new DemoFiles(Path.Combine(_folder.FullName, "new", "folder"));
        files.Write(new("authority", "certificate", "a longer key"));
        File.WriteAllText(files.Key + ".new", "left by a crash");
        files.Write(new("authority 2", "certificate 2", "key 2"));
        Assert.Equal("key 2", File.ReadAllText(files.Key));
        Assert.Equal("certificate 2", File.ReadAllText(files.Certificate));
        Assert.Equal("authority 2", File.ReadAllText(files.Authority));
        Assert.Equal(["ca.pem", "mail.key", "mail.pem"], Directory.GetFiles(files.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(files.Key));
        }
    }

    [Fact]
    public async Task The_settings_put_three_listeners_on_loopback_in_front_of_the_store()
    {
        await using var servers = new DemoMailServers(new(TimeProvider.System), TimeProvider.System, NullLogger.Instance);
        var settings = DemoSettings.Build(new(DemoPorts.DefaultBase), new("/demo"), servers);
        Assert.Equal(
            [(4465, MailProtocol.Smtp), (4993, MailProtocol.Imap), (4995, MailProtocol.Pop3)],
            settings.Listeners.Select(listener => (listener.Address.Port, listener.Protocol)));
        Assert.All(settings.Listeners, listener => Assert.Equal(IPAddress.Loopback, listener.Address.Address));
        Assert.Equal(new[] { servers.Smtp, servers.Imap, servers.Pop3 }.Select(server => server.EndPoint.ToString()), settings.Listeners
            .Select(listener => settings.Backends.Single(backend => backend.Name == listener.Backend).Destinations.Single()));
        Assert.Equal(new(IPAddress.Loopback, 9090), settings.Admin.Address);
        Assert.Equal(5090, new DemoPorts(5000).Admin);
        Assert.Equal(IPEndPoint.MaxPort, new DemoPorts(DemoPorts.MaximumBase).Pop3);
    }

    [Fact]
    public void The_guide_quotes_what_a_shell_would_split()
    {
        var guide = new StringWriter();
        DemoGuide.Write(guide, new(5000), new("/it's a/folder"));
        Assert.Contains(@"--cacert '/it'\''s a/folder/ca.pem' -u demo:demo", guide.ToString(), StringComparison.Ordinal);
        Assert.Contains("smtps://localhost:5465 ", guide.ToString(), StringComparison.Ordinal);
    }
}
