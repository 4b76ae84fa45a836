using System.CommandLine;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Cli;
using TlsFront.Tests.Configuration;
using TlsFront.Tests.Tls;
using TlsFront.Tests.Tls.ClientCertificates;

namespace TlsFront.Tests.Cli;

/// <summary>What <c>check-config</c> tells of revocation lists, before users with certificates do.</summary>
public sealed class RevocationProblemTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly ClientAuthority _authority = new();
    private readonly SettingsFolder _folder = new();

    public RevocationProblemTests()
    {
        var certificate = TestAuthority.Shared.Ecdsa("mail.example.com", "a.example.com");
        File.WriteAllText(_folder.At("certificate.pem"), certificate.FullChain + certificate.Key);
        _folder.Write($$"""
            hostname: mail.example.com
            certificates: [ { path: certificate.pem } ]
            listeners:
              - name: imaps
                address: "*:993"
                protocol: imap
                backend: dovecot
                tls:
                  clientCertificates:
                    ca: {{_authority.AuthorityFile}}
                    crl: {{_authority.RevocationFile}}
                routes:
                  - { names: [a.example.com], backend: dovecot, tls: { clientCertificates: { required: on } } }
            backends:
              - { name: dovecot, kind: dovecot, destinations: ["10.0.0.5:10143"], master: { user: gateway, passwordFile: certificate.pem } }
            """);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData(-9, -2, "ended")]
    [InlineData(-9, 0.9, "ends")]
    [InlineData(-9, 1.1, null)]
    [InlineData(-0.1, 0.4, null)]
    public async Task A_list_that_ended_or_has_little_time_left_is_a_warning_in_its_line(double from, double to, string? verb)
    {
        _authority.List(Now.AddDays(from), Now.AddDays(to));
        var report = await CheckAsync();
        Assert.Equal(verb is null ? 0 : 1, Count(report, ".crl has a list"));
        if (verb is not null)
        {
            Assert.Matches(@$":11\s+warning  listeners\.0\.tls\.clientCertificates\.crl has a list of CN=Clients that {verb} \d{{4}}-", report);
        }
    }

    [Fact]
    public async Task A_list_that_is_of_no_authority_is_noted_and_the_authority_without_one_is_a_warning()
    {
        using var other = new ClientAuthority("CN=Others");
        other.List(Now.AddDays(-1), Now.AddDays(6));
        File.Copy(other.RevocationFile, _authority.RevocationFile);
        var report = await CheckAsync();
        const string Setting = "listeners.0.tls.clientCertificates.crl";
        Assert.Contains($"warning  {Setting} has no list that CN=Clients signed, which is in ca: ", report, StringComparison.Ordinal);
        Assert.Contains($"note     {Setting} has a list of CN=Others, which is not in ca: ", report, StringComparison.Ordinal);

        // Beside the right one it may be of an authority below that.
        _authority.List(Now.AddDays(-1), Now.AddDays(6));
        File.AppendAllText(_authority.RevocationFile, $"\n{File.ReadAllText(other.RevocationFile)}");
        report = await CheckAsync();
        Assert.DoesNotContain("warning  listeners", report, StringComparison.Ordinal);
        Assert.Contains("has a list of CN=Others", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_list_that_is_of_no_authority_nobody_is_told_that_it_ended()
    {
        using var other = new ClientAuthority("CN=Others");
        other.List(Now.AddDays(-9), Now.AddDays(-2));
        _authority.List(Now.AddDays(-1), Now.AddDays(6));
        File.AppendAllText(_authority.RevocationFile, $"\n{File.ReadAllText(other.RevocationFile)}");
        var report = await CheckAsync();
        Assert.Equal(1, Count(report, ".crl has a list"));
        Assert.Contains("has a list of CN=Others, which is not in ca: ", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorities_with_names_that_clients_have_no_room_for_are_a_warning()
    {
        _authority.List(Now.AddDays(-1), Now.AddDays(6));
        Assert.DoesNotContain("16 KiB", await CheckAsync(), StringComparison.Ordinal);
        _authority.AppendLongNames();
        Assert.Contains("names are longer than 16 KiB together, so clients are told none", await CheckAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_in_the_name_of_an_authority_that_another_one_signed_is_none()
    {
        using var other = new ClientAuthority();
        _authority.RevokeBy(other);
        Assert.Contains("has no list that CN=Clients signed", await CheckAsync(), StringComparison.Ordinal);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private async Task<string> CheckAsync()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.Parse(["check-config", "-c", _folder.Path], new Dictionary<string, string>(), new FakeTimeProvider(Now))
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        Assert.Equal((0, ""), (exitCode, error.ToString()));
        return output.ToString();
    }
}
