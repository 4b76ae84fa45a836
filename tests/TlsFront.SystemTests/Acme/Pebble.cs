using TlsFront.SystemTests.Certificates;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Acme;

/// <summary>An ACME server (RFC 8555) for tests, Let's Encrypt's own, with a DNS server that says every name is on 127.0.0.1.</summary>
public sealed class Pebble : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly int _api = Ports.Next();
    private readonly int _management = Ports.Next();
    private Daemon? _names;
    private Daemon? _server;

    private Pebble()
    {
    }

    /// <summary>Where clients find it.</summary>
    public string Directory => $"https://localhost:{_api}/dir";

    /// <summary>What its clients trust it by; not what they get certificates from.</summary>
    public string ApiAuthorityFile => _folder.PathOf("api.pem");

    /// <summary>The root of the certificates it issues, made anew at each of its starts.</summary>
    public string RootFile => _folder.PathOf("root.pem");

    /// <summary>Where it asks for the answer to http-01 (RFC 8555 section 8.3).</summary>
    public int HttpPort { get; } = Ports.Next();

    /// <summary>Where it asks for the answer to tls-alpn-01 (RFC 8737).</summary>
    public int TlsPort { get; } = Ports.Next();

    /// <summary>Starts one.</summary>
    public static async Task<Pebble> StartAsync()
    {
        var pebble = new Pebble();
        try
        {
            await pebble.RunAsync();
            return pebble;
        }
        catch
        {
            await pebble.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var daemon in new[] { _server, _names }.OfType<Daemon>())
        {
            await daemon.DisposeAsync();
        }

        _authority.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync()
    {
        File.WriteAllText(ApiAuthorityFile, _authority.Pem);
        _authority.Issue(KeyKind.Ecdsa, "localhost").WriteTo(_folder.Folder("api"));
        var configuration = _folder.PathOf("pebble.json");
        // Ninety days, as Let's Encrypt gives.
        await File.WriteAllTextAsync(configuration, $$"""
            { "pebble": {
                "listenAddress": "127.0.0.1:{{_api}}", "managementListenAddress": "127.0.0.1:{{_management}}",
                "certificate": "{{_folder.PathOf("api", "fullchain.pem")}}", "privateKey": "{{_folder.PathOf("api", "privkey.pem")}}",
                "httpPort": {{HttpPort}}, "tlsPort": {{TlsPort}}, "ocspResponderURL": "", "certificateValidityPeriod": 7776000 } }
            """);
        var (dns, dnsManagement) = (Ports.Next(), Ports.Next());
        _names = await Daemon.StartAsync("pebble-challtestsrv",
            ["-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", $"127.0.0.1:{dns}", "-http01", "", "-https01", "", "-tlsalpn01", "", "-management", $"127.0.0.1:{dnsManagement}"]);
        await Eventually.TrueAsync("the names", () => Ports.IsOpenAsync(dnsManagement));
        // It would wait some seconds before each look and refuse some requests, to try its clients; here it is they who are trusted.
        _server = await Daemon.StartAsync("env",
            ["PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0", "pebble", "-config", configuration, "-dnsserver", $"127.0.0.1:{dns}"]);
        await Eventually.TrueAsync("the ACME server", async () => await Ports.IsOpenAsync(_api) && await Ports.IsOpenAsync(_management));
        var root = await Command.RunAsync("curl", ["--silent", "--show-error", "--fail", "--cacert", ApiAuthorityFile, $"https://localhost:{_management}/roots/0"]);
        await File.WriteAllTextAsync(RootFile, root.Succeeded().Output);
    }
}
