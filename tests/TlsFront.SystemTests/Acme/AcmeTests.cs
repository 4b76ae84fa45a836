using TlsFront.SystemTests.Access;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Acme;

/// <summary>
/// Certificates from an ACME authority by the tools that operators use: issued, served, renewed, and taken over under a live session.
/// </summary>
public sealed class AcmeTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output), IDisposable
{
    private static readonly string[] Ecdsa = ["-sigalgs", "ECDSA+SHA256"];

    private readonly TemporaryFolder _folder = new();

    private string Lineage => _folder.PathOf("certbot", "live", GatewayProcess.Name);

    private string Handed => _folder.PathOf("handed", GatewayProcess.Name);

    /// <summary>As root, certbot's folder itself can be read.</summary>
    [Fact]
    public async Task A_certificate_of_certbot_is_served_from_its_own_folder_and_its_renewal_is_taken_over()
    {
        await using var pebble = await Pebble.StartAsync(_folder);
        await IssuedByCertbotAsync(pebble);
        await ServesRenewalsAsync(
            pebble, Lineage, Path.Combine(Lineage, "fullchain.pem"),
            () => CertbotAsync(pebble, "renew", "--force-renewal", "--no-random-sleep-on-renew"));
    }

    [Fact]
    public async Task The_deploy_hook_hands_each_certificate_of_certbot_to_the_gateway()
    {
        await using var pebble = await Pebble.StartAsync(_folder);
        await IssuedByCertbotAsync(pebble, "--deploy-hook", DeployHook);
        await ServesRenewalsAsync(
            pebble, Handed, Path.Combine(Lineage, "fullchain.pem"),
            () => CertbotAsync(pebble, "renew", "--force-renewal", "--no-random-sleep-on-renew"));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(Path.Combine(Handed, "privkey.pem")));
    }

    /// <summary>lego proves the name by TLS (RFC 8737) and leaves NAME.crt, NAME.key and the issuer's certificate in one folder.</summary>
    [Fact]
    public async Task A_certificate_of_lego_is_served_from_its_folder_and_its_renewal_is_taken_over()
    {
        await using var pebble = await Pebble.StartAsync(_folder);
        await LegoAsync(pebble, "run");
        var certificates = _folder.PathOf("lego", "certificates");
        await ServesRenewalsAsync(
            pebble, certificates, Path.Combine(certificates, $"{GatewayProcess.Name}.crt"),
            () => LegoAsync(pebble, "renew", "--days", "90", "--no-random-sleep"));
    }

    [Fact]
    public async Task The_deploy_hook_hands_each_certificate_of_lego_to_the_gateway()
    {
        await using var pebble = await Pebble.StartAsync(_folder);
        await LegoAsync(pebble, "run", "--run-hook", DeployHook);
        await ServesRenewalsAsync(
            pebble, Handed, Path.Combine(Handed, "fullchain.pem"),
            () => LegoAsync(pebble, "renew", "--days", "90", "--no-random-sleep", "--renew-hook", DeployHook));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Where the hook puts certificates, and whose they are.</summary>
    private string[] ForHook => [$"TLSFRONT_CERTIFICATES={Path.GetDirectoryName(Handed)}", "TLSFRONT_GROUP=root"];

    private static string DeployHook => Script.PathOf("certbot-deploy-hook");

    /// <summary>
    /// The gateway presents what <paramref name="file"/> holds, and what it holds after <paramref name="renew"/>; the session of before goes on.
    /// </summary>
    private async Task ServesRenewalsAsync(Pebble pebble, string folder, string file, Func<Task> renew)
    {
        var root = await pebble.RootAsync();
        var user = Backends.NewUser();
        var gateway = await StartGatewayAsync(prepare: gateway =>
        {
            Directory.Delete(gateway.EcdsaFolder, recursive: true);
            Directory.CreateSymbolicLink(gateway.EcdsaFolder, folder);
            File.WriteAllText(gateway.AuthorityFile, root);
        });
        var first = await SerialAsync(file);
        Assert.Equal(first, await gateway.ServedSerialAsync(gateway.Ports.Imap, Ecdsa));
        // It verifies the chain up to the authority's root.
        await using var idle = await gateway.IdleAsync(user);

        await renew();

        var second = await SerialAsync(file);
        Assert.NotEqual(first, second);
        await Eventually.TrueAsync("the renewed certificate", async () => await gateway.ServedSerialAsync(gateway.Ports.Imap, Ecdsa) == second);
        await idle.AskAsync("DONE", "a3 OK");
        await idle.AskAsync("a4 NOOP", "a4 OK");
        await using var next = await gateway.IdleAsync(user);
    }

    private static async Task<string> SerialAsync(string file) =>
        (await Command.RunAsync("openssl", ["x509", "-noout", "-serial", "-in", file])).Succeeded().Output.Trim()["serial=".Length..];

    private Task IssuedByCertbotAsync(Pebble pebble, params IEnumerable<string> arguments) => CertbotAsync(pebble,
    [
        "certonly", "--standalone", "--http-01-address", "127.0.0.1", "--http-01-port", $"{pebble.HttpPort}", "--agree-tos", "--email",
        "postmaster@example.test",
        "--domain", GatewayProcess.Name, "--key-type", "ecdsa", .. arguments,
    ]);

    private async Task CertbotAsync(Pebble pebble, params IEnumerable<string> arguments) => (await Command.RunAsync(
        "env",
        [
            .. ForHook, $"REQUESTS_CA_BUNDLE={pebble.ApiAuthority}", "certbot", .. arguments, "--non-interactive", "--server", pebble.Directory,
            "--config-dir", _folder.PathOf("certbot"),
            "--work-dir", _folder.PathOf("certbot-work"), "--logs-dir", _folder.PathOf("certbot-logs"),
        ])).Succeeded();

    private async Task LegoAsync(Pebble pebble, string command, params IEnumerable<string> arguments) => (await Command.RunAsync(
        "env",
        [
            .. ForHook, $"LEGO_CA_CERTIFICATES={pebble.ApiAuthority}", "lego", "--accept-tos", "--server", pebble.Directory, "--email",
            "postmaster@example.test", "--path", _folder.PathOf("lego"),
            "--domains", GatewayProcess.Name, "--tls", "--tls.port", $"127.0.0.1:{pebble.TlsPort}", command, .. arguments,
        ])).Succeeded();
}
