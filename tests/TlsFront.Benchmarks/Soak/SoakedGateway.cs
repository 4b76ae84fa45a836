using TlsFront.Benchmarks.Compare;

namespace TlsFront.Benchmarks.Soak;

/// <summary>The gateway under load, as a process of its own.</summary>
internal sealed class SoakedGateway : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly string _folder;
    private readonly string _logFile;
    private readonly SinkPorts _sinks;
    private readonly ChildProcess _process;
    private readonly int _admin = FreePorts.Take();
    private int _version;

    /// <param name="folder">For its files.</param>
    /// <param name="publish">Folder of a publish.</param>
    /// <param name="engine">Value of <c>--engine</c>.</param>
    /// <param name="sinks">Its backends.</param>
    public SoakedGateway(string folder, string publish, string engine, SinkPorts sinks)
    {
        _folder = folder;
        _sinks = sinks;
        _logFile = Path.Combine(folder, "tlsfront.log");
        RenewCertificates();
        Configure();
        var native = Path.Combine(publish, "tlsfront");
        var managed = Path.Combine(publish, "tlsfront.dll");
        string[] command = File.Exists(managed) ? ["dotnet", managed] : [native];
        _process = ChildProcess.Start(
            $"0-{Environment.ProcessorCount - 1}", _logFile, [.. command, "run", "-c", ConfigurationFile, "--engine", engine]);
        Readiness.Wait(Transfers, [_process], "the gateway");
    }

    /// <summary>Name clients ask for.</summary>
    public const string Name = "ecdsa.bench.test";

    /// <summary>Ports of its listeners on 127.0.0.1.</summary>
    public int Transfers { get; } = FreePorts.Take();

    public int Smtp { get; } = FreePorts.Take();

    public int Imap { get; } = FreePorts.Take();

    /// <summary>Whether it ended by itself, and what it said last.</summary>
    public string? LastWords => _process.HasEnded ? _process.LastWords : null;

    private string ConfigurationFile => Path.Combine(_folder, "tlsfront.yaml");

    /// <summary>What it holds now.</summary>
    public Sample TakeSample() =>
        Sample.Take(_process.Id, _http.GetStringAsync(new Uri($"http://127.0.0.1:{_admin}/metrics")).GetAwaiter().GetResult());

    /// <summary>Writes its configuration anew, with another deadline each time, and asks it to reload.</summary>
    public void Reload()
    {
        Configure();
        using var hangUp = System.Diagnostics.Process.Start("kill", ["-HUP", $"{_process.Id}"]);
        hangUp.WaitForExit();
    }

    /// <summary>Writes new certificates where it looks for them.</summary>
    public void RenewCertificates()
    {
        Certificate.CreateEcdsa(_folder);
        Certificate.CreateRsa(_folder);
    }

    /// <summary>Lines of its log that tell of a defect: clients may fail here, the gateway may not.</summary>
    public IReadOnlyList<string> Defects() =>
    [
        .. File.ReadLines(_logFile)
            .Where(
                static line => ((string[])["\"Critical\"", "\"Error\"", "internal_error"]).Any(word => line.Contains(word, StringComparison.Ordinal)))
            .Take(5),
    ];

    public void Dispose()
    {
        _process.Dispose();
        _http.Dispose();
    }

    private void Configure() => File.WriteAllText(ConfigurationFile, $$"""
        hostname: front.bench.test
        certificates:
          - path: {{Path.Combine(_folder, Name)}}
          - path: {{Path.Combine(_folder, "rsa.bench.test")}}
        listeners:
          - { name: transfers, address: "127.0.0.1:{{Transfers}}", protocol: tcp, security: implicit, backend: transfers }
          - { name: submissions, address: "127.0.0.1:{{Smtp}}", protocol: smtp, security: implicit, backend: smtp }
          - { name: imaps, address: "127.0.0.1:{{Imap}}", protocol: imap, security: implicit, backend: imap }
        backends:
          - { name: transfers, kind: generic, destinations: ["127.0.0.1:{{_sinks.Transfers}}"], proxyProtocol: none }
          - { name: smtp, kind: generic, destinations: ["127.0.0.1:{{_sinks.Smtp}}"], proxyProtocol: none }
          - { name: imap, kind: generic, destinations: ["127.0.0.1:{{_sinks.Imap}}"], proxyProtocol: none }
        timeouts: { handshake: 5s, relay: {{30 + (_version++ % 2)}}m }
        admin: { address: "127.0.0.1:{{_admin}}" }
        drain: { delay: 0s, timeout: 1s }
        log: { format: json, level: information }

        """);
}
