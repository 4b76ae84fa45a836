using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Cli;
using TlsFront.Tests.Configuration;
using TlsFront.Tests.Tls;

namespace TlsFront.Tests.Cli;

/// <summary>What the commands tell of certificates.</summary>
public sealed class CertificateCommandTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Listeners_that_present_the_same_are_told_of_once_and_others_apart()
    {
        Write("certificate.pem", TestAuthority.Shared.Valid(Now.AddDays(-10), Now.AddDays(80.5), "mail.example.com"));
        Write("own.pem", TestAuthority.Shared.Valid(Now.AddDays(-10), Now.AddDays(70.5), "pop.example.com"));
        _folder.Write("""
            hostname: mail.example.com
            certificates: [ { path: certificate.pem } ]
            listeners:
              - { name: submissions, address: "*:465", protocol: smtp, security: implicit, backend: postfix }
              - { name: imaps, address: "*:993", protocol: imap, security: implicit, backend: dovecot }
              - { name: pop3s, address: "*:995", protocol: pop3, security: implicit, backend: pop3, certificates: [ { path: own.pem } ] }
            backends:
              - { name: postfix, kind: postfix, destinations: ["10.0.0.5:10465"] }
              - { name: dovecot, kind: dovecot, destinations: ["10.0.0.5:10143"] }
              - { name: pop3, kind: dovecot, destinations: ["10.0.0.5:10110"] }
            """);
        var (exitCode, output, error) = await RunAsync("certificates");
        var (shared, own) = (Served("certificate.pem", 80), Served("own.pem", 70));
        Assert.Equal((0, ""), (exitCode, error));
        Assert.EndsWith($"""

            listeners submissions, imaps (TLS 1.2 and later)
              mail.example.com: {shared}
              any other name, or none: {shared}
            listener pop3s (TLS 1.2 and later)
              pop.example.com: {own}
              mail.example.com: {shared}
              any other name, or none: {own}

            """, output, StringComparison.Ordinal);
    }

    [Theory]
    // 90 days: the alert's 14; 6 days, such as Let's Encrypt's short-lived ones: a quarter.
    [InlineData(-80, 13.75, "it expires on 2026-01-14 18:00:00Z, in 13 days; renew it")]
    [InlineData(-76, 14.1, null)]
    [InlineData(-4.75, 1.25, "it expires on 2026-01-02 06:00:00Z, in 30 hours; renew it")]
    [InlineData(-4.25, 1.75, null)]
    [InlineData(-90, -1, "it expired on 2025-12-31 00:00:00Z; clients refuse it")]
    public async Task A_renewal_that_is_overdue_is_a_warning_and_something_to_do(double from, double to, string? warning)
    {
        Write("certificate.pem", TestAuthority.Shared.Valid(Now.AddDays(from), Now.AddDays(to), "mail.example.com"));
        var (exitCode, output, _) = await RunAsync("certificates");
        Assert.Equal(warning is null ? 0 : 1, exitCode);
        Assert.Equal(warning is not null, output.Contains($"  warning  {warning}\n", StringComparison.Ordinal));

        var (valid, report, _) = await RunAsync("check-config");
        Assert.Equal(0, valid);
        Assert.Equal(
            warning is not null, report.Contains($"warning  certificates.0.path has a problem: {warning}\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Addresses_are_among_the_names_and_paths_are_without_detours()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=self", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("mail.example.com");
        names.AddIpAddress(IPAddress.Parse("192.0.2.1"));
        names.AddIpAddress(IPAddress.Parse("2001:db8::1"));
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(Now.AddDays(-10), Now.AddDays(80));
        File.WriteAllText(_folder.At("certificate.pem"), certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        Directory.CreateDirectory(_folder.At("sub"));
        _folder.Write(SettingsFolder.Good.Replace("path: certificate.pem", "path: ./sub/..//certificate.pem", StringComparison.Ordinal));
        var (exitCode, output, _) = await RunAsync("certificates");
        Assert.Equal(0, exitCode);
        Assert.StartsWith(
            $"{_folder.At("certificate.pem")}\n  names    mail.example.com, 192.0.2.1, 2001:db8::1\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bad_file_among_many_is_an_error_and_the_others_are_served()
    {
        Directory.CreateDirectory(_folder.At("live"));
        Write("live/a.pem", TestAuthority.Shared.Valid(Now.AddDays(-10), Now.AddDays(80.5), "mail.example.com"));
        File.CreateSymbolicLink(_folder.At("live/b.pem"), "/nowhere/b.pem");
        _folder.Write(SettingsFolder.Good.Replace("certificate.pem", "live", StringComparison.Ordinal));
        var (exitCode, output, _) = await RunAsync("check-config");
        Assert.Equal(1, exitCode);
        Assert.Contains(
            $"error    certificates.0.path is not usable: {_folder.At("live/b.pem")}: the symbolic link leads to /nowhere/b.pem, "
            + "which does not exist\n",
            output, StringComparison.Ordinal);
        Assert.Contains("the gateway starts without it and serves the others in its folder", output, StringComparison.Ordinal);

        var (listed, certificates, error) = await RunAsync("certificates");
        Assert.Equal(1, listed);
        Assert.StartsWith(_folder.At("live/b.pem"), error, StringComparison.Ordinal);
        Assert.Contains("  any other name, or none: ECDSA ", certificates, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_of_one_type_alone_are_noted_with_the_clients_that_share_no_suite()
    {
        var ecdsa = TestAuthority.Shared.Valid(Now.AddDays(-10), Now.AddDays(80.5), "mail.example.com");
        var rsa = TestAuthority.Shared.Rsa("mail.example.com");
        var time = new DateTimeOffset(DateTime.UtcNow, TimeSpan.Zero);

        Write("certificate.pem", rsa);
        var (exitCode, output, _) = await RunAsync(time, "check-config");
        Assert.Equal(0, exitCode);
        Assert.Contains(
            "note     certificates.0.path has RSA keys only: on submissions, imaps old clients share no cipher suite, such as Windows 7 and 8.1, "
            + "whose suites of the profile are for ECDSA\n", output, StringComparison.Ordinal);
        Assert.Contains("if you have such clients, add a certificate with an ECDSA key for the same names", output, StringComparison.Ordinal);
        Assert.EndsWith("valid, 0 errors, 0 warnings\n", output, StringComparison.Ordinal);
        Assert.Contains(
            "; TLS 1.2 clients with suites for ECDSA only are refused\n", (await RunAsync(time, "certificates")).Output, StringComparison.Ordinal);

        // With TLS 1.3 alone every suite goes with every key.
        string[] modern = ["--set", "tls.minimumVersion=1.3"];
        Assert.DoesNotContain("note ", (await RunAsync(time, ["check-config", .. modern])).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("are refused", (await RunAsync(time, ["certificates", .. modern])).Output, StringComparison.Ordinal);

        Write("certificate.pem", ecdsa);
        Assert.Contains("note     certificates.0.path has ECDSA keys only: ", (await RunAsync("check-config")).Output, StringComparison.Ordinal);

        Write("certificate.pem", TestAuthority.Shared.Ecdsa("mail.example.com"));
        Write("rsa.pem", rsa);
        _folder.Write(SettingsFolder.Good.Replace("- path: certificate.pem", "- path: certificate.pem\n  - path: rsa.pem", StringComparison.Ordinal));
        Assert.DoesNotContain("note ", (await RunAsync(time, "check-config")).Output, StringComparison.Ordinal);
    }

    private string Served(string file, int days) =>
        $"ECDSA {_folder.At(file)} ({days} days left, chain complete); clients that verify RSA only are refused";

    private void Write(string file, TestCertificate certificate) => File.WriteAllText(_folder.At(file), certificate.FullChain + certificate.Key);

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string command) => RunAsync(Now, command);

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(DateTimeOffset now, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.Parse([.. arguments, "-c", _folder.Path], new Dictionary<string, string>(), new FakeTimeProvider(now))
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
