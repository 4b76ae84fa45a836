using System.Security.Cryptography.X509Certificates;
using TlsFront.SystemTests.Certificates;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Acme;

/// <summary>
/// Pebble: an authority that speaks ACME (RFC 8555) and validates as the public ones do, all on loopback,
/// with a name server for which every name is this machine.
/// </summary>
public sealed class Pebble : IAsyncDisposable
{
    private readonly Daemon _names;
    private readonly Daemon _server;
    private readonly string _management;

    private Pebble(Daemon names, Daemon server, int port, int management, int httpPort, int tlsPort, string apiAuthority)
    {
        (_names, _server) = (names, server);
        Directory = $"https://localhost:{port}/dir";
        _management = $"https://localhost:{management}";
        (HttpPort, TlsPort, ApiAuthority) = (httpPort, tlsPort, apiAuthority);
    }

    /// <summary>Where ACME clients begin.</summary>
    public string Directory { get; }

    /// <summary>Where it looks for answers to http-01 challenges, in place of port 80.</summary>
    public int HttpPort { get; }

    /// <summary>Where it looks for answers to tls-alpn-01 challenges (RFC 8737), in place of port 443.</summary>
    public int TlsPort { get; }

    /// <summary>File with what ACME clients have to trust to speak with it.</summary>
    public string ApiAuthority { get; }

    /// <summary>Starts one that lives in <paramref name="folder"/>.</summary>
    public static async Task<Pebble> StartAsync(TemporaryFolder folder)
    {
        using var authority = new TestAuthority();
        var api = authority.Issue(KeyKind.Rsa, "localhost").WriteTo(folder.PathOf("api"));
        var apiAuthority = folder.PathOf("api-authority.pem");
        await File.WriteAllTextAsync(apiAuthority, authority.Pem);
        var (port, management, http, tls, dns, dnsManagement) = (Ports.Next(), Ports.Next(), Ports.Next(), Ports.Next(), Ports.Next(), Ports.Next());
        var configuration = folder.PathOf("pebble.json");
        await File.WriteAllTextAsync(configuration, $$"""
            {
              "pebble": {
                "listenAddress": "127.0.0.1:{{port}}",
                "managementListenAddress": "127.0.0.1:{{management}}",
                "certificate": "{{folder.PathOf("api", "fullchain.pem")}}",
                "privateKey": "{{folder.PathOf("api", "privkey.pem")}}",
                "httpPort": {{http}},
                "tlsPort": {{tls}},
                "certificateValidityPeriod": 3600
              }
            }
            """);
        var names = await Daemon.StartAsync(
            "pebble-challtestsrv",
            [
                "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", $"127.0.0.1:{dns}", "-http01", "", "-https01", "", "-tlsalpn01", "",
                "-management", $"127.0.0.1:{dnsManagement}"
            ]);
        var server = await Daemon.StartAsync(
            "env",
            // It validates at once, and refuses no request to see whether clients try again.
            ["PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0", "pebble", "-config", configuration, "-dnsserver", $"127.0.0.1:{dns}"]);
        var pebble = new Pebble(names, server, port, management, http, tls, apiAuthority);
        await Eventually.TrueAsync("Pebble listens", async () => server.HasExited || await Ports.IsOpenAsync(management));
        Assert.False(server.HasExited, string.Join('\n', server.Lines));
        return pebble;
    }

    /// <summary>Its own certificate, PEM: what mail clients trust.</summary>
    public async Task<string> RootAsync()
    {
        var root = (
            await Command.RunAsync(
                "curl", ["--silent", "--show-error", "--fail", "--cacert", ApiAuthority, $"{_management}/roots/0"])).Succeeded().Output;
        using var certificate = X509Certificate2.CreateFromPem(root);
        return certificate.ExportCertificatePem() + "\n";
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _names.DisposeAsync();
    }
}
