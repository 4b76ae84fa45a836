using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.ClientCertificates;

/// <summary>What clients that are asked for a certificate hear of whom it may be.</summary>
public sealed partial class NamedAuthorityTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output), IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Clients_are_told_the_authorities_that_the_file_has_now()
    {
        var file = _folder.PathOf("ca.pem");
        await MakeAuthorityAsync("Before", file);
        var gateway = await StartGatewayAsync(Setup with { ClientCertificates = $"{{ ca: \"{file}\" }}" });
        Assert.Equal(["Before"], await NamesAsync("-tls1_3"));
        Assert.Equal(["Before"], await NamesAsync("-tls1_2"));

        await MakeAuthorityAsync("After", _folder.PathOf("new.pem"));
        File.Move(_folder.PathOf("new.pem"), file, overwrite: true);
        await Eventually.TrueAsync("the new authority", async () => (await NamesAsync("-tls1_3")) is ["After"]);
        Assert.Equal(["After"], await NamesAsync("-tls1_2"));

        async Task<string[]> NamesAsync(string version)
        {
            var told = (await gateway.OpenSslAsync(gateway.Ports.Imap, "", version)).Succeeded().Output;
            return [.. AuthorityName().Matches(told).Select(static match => match.Groups[1].Value)];
        }
    }

    // OpenSSL 3.2 and later print no spaces around the equals signs.
    [GeneratedRegex("^O ?= ?Certified users, CN ?= ?(.*?)\r?$", RegexOptions.Multiline)]
    private static partial Regex AuthorityName();

    private async Task MakeAuthorityAsync(string name, string file) => (await Command.RunAsync("openssl", [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9", "-subj", $"/O=Certified users/CN={name}",
        "-keyout", _folder.PathOf($"{name}.key"), "-out", file])).Succeeded();
}
