using TlsFront.SystemTests.Access;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Acme;

/// <summary>Certificates as the usual ACME clients get and renew them, served as soon as they are there, under sessions that go on.</summary>
public sealed class AcmeTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output), IDisposable
{
    /// <summary>An authority's answer may take its time on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private Pebble? _pebble;

    private Pebble Authority => _pebble!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _pebble = await Pebble.StartAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Authority.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_certbot_gets_and_renews_is_handed_over_by_the_hook_and_served_at_once()
    {
        var gateway = await StartGatewayAsync();
        await using var idle = await gateway.IdleAsync(Backends.NewUser());

        await CertbotAsync(gateway, "certonly", "--agree-tos", "--register-unsafely-without-email", "--standalone", "--http-01-port", $"{Authority.HttpPort}",
            "--server", Authority.Directory, "--cert-name", Path.GetFileName(gateway.EcdsaFolder), "-d", GatewayProcess.Name);
        var issued = await EventuallyServedAsync(gateway, Path.Combine(gateway.EcdsaFolder, "fullchain.pem"));
        await CertbotAsync(gateway, "renew", "--force-renewal", "--no-random-sleep-on-renew");
        var renewed = await EventuallyServedAsync(gateway, Path.Combine(gateway.EcdsaFolder, "fullchain.pem"));

        Assert.NotEqual(issued, renewed);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(Path.Combine(gateway.EcdsaFolder, "privkey.pem")));
        await idle.AskAsync("DONE", "a3 OK");
        await idle.AskAsync("a4 NOOP", "a4 OK");
    }

    [Fact]
    public async Task The_folder_of_lego_is_served_as_it_is()
    {
        string[] account = ["--path", _folder.Path, "--server", Authority.Directory, "--email", "postmaster@example.test", "--accept-tos", "--domains", GatewayProcess.Name, "--tls", "--tls.port", $"127.0.0.1:{Authority.TlsPort}"];
        await LegoAsync([.. account, "run"]);
        var gateway = await StartGatewayAsync(prepare: gateway =>
        {
            Directory.Delete(gateway.EcdsaFolder, recursive: true);
            Directory.CreateSymbolicLink(gateway.EcdsaFolder, _folder.PathOf("certificates"));
        });
        var chain = Path.Combine(gateway.EcdsaFolder, GatewayProcess.Name + ".crt");
        var issued = await EventuallyServedAsync(gateway, chain);
        await using var idle = await gateway.IdleAsync(Backends.NewUser(), Authority.RootFile);

        // More days than it has left: due.
        await LegoAsync([.. account, "renew", "--days", "365", "--no-random-sleep"]);

        Assert.NotEqual(issued, await EventuallyServedAsync(gateway, chain));
        await idle.AskAsync("DONE", "a3 OK");
        await idle.AskAsync("a4 NOOP", "a4 OK");
        Assert.DoesNotContain("issuer.crt", gateway.Log, StringComparison.Ordinal);
    }

    private async Task CertbotAsync(GatewayProcess gateway, params IEnumerable<string> arguments) => (await Command.RunAsync("env",
        [
            $"REQUESTS_CA_BUNDLE={Authority.ApiAuthorityFile}", $"TLSFRONT_CERTIFICATES={Path.GetDirectoryName(gateway.EcdsaFolder)}", "TLSFRONT_GROUP=root",
            "certbot", .. arguments, "--non-interactive", "--deploy-hook", Script.PathOf("certbot-deploy-hook"),
            "--config-dir", _folder.Folder("etc"), "--work-dir", _folder.Folder("lib"), "--logs-dir", _folder.Folder("log"),
        ],
        within: Patience)).Succeeded();

    private async Task LegoAsync(IEnumerable<string> arguments) =>
        (await Command.RunAsync("env", [$"LEGO_CA_CERTIFICATES={Authority.ApiAuthorityFile}", "lego", .. arguments], within: Patience)).Succeeded();

    /// <summary>Waits until new clients, which trust the authority and want the name, get the certificate of this file.</summary>
    /// <returns>Its serial number.</returns>
    private async Task<string> EventuallyServedAsync(GatewayProcess gateway, string chain)
    {
        var serial = (await Command.RunAsync("openssl", ["x509", "-noout", "-serial", "-in", chain])).Succeeded().Output.Trim()["serial=".Length..];
        await Eventually.TrueAsync("the new certificate", async () => await gateway.ServedSerialAsync(gateway.Ports.Imap, "-sigalgs", "ECDSA+SHA256") == serial);
        var handshake = await Command.RunAsync("openssl",
            ["s_client", "-connect", $"127.0.0.1:{gateway.Ports.Imap}", "-servername", GatewayProcess.Name, "-verify_hostname", GatewayProcess.Name, "-CAfile", Authority.RootFile, "-verify_return_error", "-sigalgs", "ECDSA+SHA256"]);
        Assert.Contains("Verify return code: 0 (ok)", handshake.Succeeded().Output, StringComparison.Ordinal);
        return serial;
    }
}
