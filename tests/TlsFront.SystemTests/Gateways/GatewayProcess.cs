using System.Net;
using TlsFront.SystemTests.Certificates;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Gateways;

/// <summary>The real executable as a process of its own, with a certificate authority, certificates and a configuration file.</summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    /// <summary>The name clients ask for; both certificates are for it.</summary>
    public const string Name = "mail.example.test";

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _admin = new();
    private Daemon? _process;

    private GatewayProcess()
    {
        AuthorityFile = _folder.PathOf("ca.pem");
        EcdsaFolder = _folder.Folder("ecdsa");
        RsaFolder = _folder.Folder("rsa");
        ConfigurationFile = _folder.PathOf("tlsfront.yaml");
    }

    /// <summary>Issues the certificates.</summary>
    public TestAuthority Authority { get; } = new();

    /// <summary>What clients trust.</summary>
    public string AuthorityFile { get; }

    /// <summary>The folder of the ECDSA certificate, certbot's names.</summary>
    public string EcdsaFolder { get; }

    /// <summary>The folder of the RSA certificate.</summary>
    public string RsaFolder { get; }

    /// <summary>Its tlsfront.yaml.</summary>
    public string ConfigurationFile { get; }

    /// <summary>Where it listens.</summary>
    public GatewayPorts Ports { get; private set; } = new(0, 0, 0, 0);

    /// <summary>The process.</summary>
    public Daemon Process => _process ?? throw new InvalidOperationException("The gateway was not started.");

    /// <summary>What it logged.</summary>
    public string Log => _process is null ? "" : string.Join('\n', Process.Lines);

    /// <summary>Starts a gateway and waits until it is ready.</summary>
    public static async Task<GatewayProcess> StartAsync(GatewaySetup setup, Action<GatewayProcess>? prepare = null)
    {
        var gateway = new GatewayProcess();
        try
        {
            File.WriteAllText(gateway.AuthorityFile, gateway.Authority.Pem);
            gateway.Authority.Issue(KeyKind.Ecdsa, Name, "localhost").WriteTo(gateway.EcdsaFolder);
            gateway.Authority.Issue(KeyKind.Rsa, Name, "localhost").WriteTo(gateway.RsaFolder);
            prepare?.Invoke(gateway);
            await gateway.RunAsync(setup);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the configuration file anew, with the same ports.</summary>
    public void Configure(GatewaySetup setup) => File.WriteAllText(ConfigurationFile, setup.ToYaml(Ports, [EcdsaFolder, RsaFolder]));

    /// <summary>Status of an address of the admin endpoint; null when it does not answer.</summary>
    public async Task<HttpStatusCode?> StatusAsync(string path)
    {
        try
        {
            using var response = await _admin.GetAsync(new Uri($"http://127.0.0.1:{Ports.Admin}{path}"));
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Text of an address of the admin endpoint.</summary>
    public Task<string> GetAsync(string path) => _admin.GetStringAsync(new Uri($"http://127.0.0.1:{Ports.Admin}{path}"));

    /// <summary>What the live page is told first: all there is to show.</summary>
    public async Task<string> LiveAsync()
    {
        using var response = await _admin.GetAsync(
            new Uri($"http://127.0.0.1:{Ports.Admin}/api/v1/events"), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        string? line;
        do
        {
            line = await reader.ReadLineAsync();
        }
        while (line?.StartsWith("data:", StringComparison.Ordinal) is false);

        return line ?? throw new InvalidOperationException("The live page is told nothing.");
    }

    /// <summary>Opens a dialogue over TLS with one of its ports.</summary>
    public Session Open(int port, params IEnumerable<string> options) => OpenBy([], port, options);

    /// <summary>Opens a connection from a process that <paramref name="launcher"/> starts.</summary>
    public Session OpenBy(IReadOnlyList<string> launcher, int port, params IEnumerable<string> options) =>
        Session.OpenBy(launcher, port, ["ca=" + AuthorityFile, "name=" + Name, .. options]);

    /// <summary>Runs curl, which trusts the authority and finds the gateway by name.</summary>
    public Task<Command> CurlAsync(int port, string url, string input, params IEnumerable<string> arguments) =>
        Command.RunAsync("curl", [
            "--silent", "--show-error", "--max-time", "30", "--cacert", AuthorityFile, "--resolve", $"{Name}:{port}:127.0.0.1",
            .. arguments, url.Replace("HOST", $"{Name}:{port}", StringComparison.Ordinal)], input);

    /// <summary>Runs openssl s_client up to the end of the connection, or of its input.</summary>
    public Task<Command> OpenSslAsync(int port, string input, params IEnumerable<string> arguments) =>
        Command.RunAsync("openssl", ["s_client", "-connect", $"127.0.0.1:{port}", "-CAfile", AuthorityFile, .. arguments], input);

    /// <summary>Serial number of the certificate a new handshake gets.</summary>
    public async Task<string> ServedSerialAsync(int port, params IEnumerable<string> arguments)
    {
        var handshake = await OpenSslAsync(port, "", ["-servername", Name, .. arguments]);
        var certificate = await Command.RunAsync("openssl", ["x509", "-noout", "-serial"], handshake.Succeeded().Output);
        return certificate.Succeeded().Output.Trim()["serial=".Length..];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _admin.Dispose();
        Authority.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync(GatewaySetup setup)
    {
        for (var attempt = 1; ; attempt++)
        {
            Ports = new GatewayPorts(
                Processes.Ports.Next(), Processes.Ports.Next(), Processes.Ports.Next(), Processes.Ports.Next(),
                (Processes.Ports.Next(), Processes.Ports.Next(), Processes.Ports.Next()),
                (Processes.Ports.Next(), Processes.Ports.Next()), Processes.Ports.Next());
            Configure(setup);
            var (command, arguments) = GatewayBinary.Command(["run", "-c", ConfigurationFile, .. setup.Arguments]);
            string[] line = [.. setup.Launcher(Ports), command, .. arguments];
            _process = await Daemon.StartAsync(line[0], line[1..]);
            await Eventually.TrueAsync("the gateway is ready", async () => _process.HasExited || await StatusAsync("/readyz") == HttpStatusCode.OK);
            if (!_process.HasExited)
            {
                return;
            }

            await _process.ExitAsync();
            Assert.True(attempt < 3, $"The gateway does not start:\n{Log}");
            await _process.DisposeAsync();
        }
    }
}
