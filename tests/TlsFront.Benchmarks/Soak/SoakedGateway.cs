using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using TlsFront.Benchmarks.Compare;

namespace TlsFront.Benchmarks.Soak;

/// <summary>The gateway under load, as a process of its own.</summary>
internal sealed class SoakedGateway : IDisposable
{
    private static readonly TimeSpan UpgradePatience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly string _folder;
    private readonly string _logFile;
    private readonly SinkPorts _sinks;
    private readonly string[] _command;
    private readonly TimeSpan _drainTimeout;
    private readonly ChildProcess _process;
    private readonly int _admin = FreePorts.Take();
    private int _id;
    private int _version;

    /// <param name="folder">For its files.</param>
    /// <param name="publish">Folder of a publish.</param>
    /// <param name="engine">Value of <c>--engine</c>.</param>
    /// <param name="sinks">Its backends.</param>
    /// <param name="drainTimeout">How long what cannot move may last in a process that was replaced.</param>
    public SoakedGateway(string folder, string publish, string engine, SinkPorts sinks, TimeSpan drainTimeout)
    {
        _folder = folder;
        _drainTimeout = drainTimeout;
        _sinks = sinks;
        _logFile = Path.Combine(folder, "tlsfront.log");
        RenewCertificates();
        Configure();
        var native = Path.Combine(publish, "tlsfront");
        var managed = Path.Combine(publish, "tlsfront.dll");
        _command = File.Exists(managed) ? ["dotnet", managed] : [native];
        _process = ChildProcess.Start(
            $"0-{Environment.ProcessorCount - 1}", _logFile, [.. _command, "run", "-c", ConfigurationFile, "--engine", engine]);
        _id = _process.Id;
        Readiness.Wait(Transfers, [_process], "the gateway");
    }

    /// <summary>Name clients ask for.</summary>
    public const string Name = "ecdsa.bench.test";

    /// <summary>Ports of its listeners on 127.0.0.1.</summary>
    public int Transfers { get; } = FreePorts.Take();

    public int Smtp { get; } = FreePorts.Take();

    public int Imap { get; } = FreePorts.Take();

    /// <summary>Whether it ended by itself, and what it said last.</summary>
    public string? LastWords => Directory.Exists($"/proc/{_id}") ? null : _process.LastWords;

    private string ConfigurationFile => Path.Combine(_folder, "tlsfront.yaml");

    /// <summary>What it holds now.</summary>
    public Sample TakeSample() =>
        Sample.Take(_id, _http.GetStringAsync(new Uri($"http://127.0.0.1:{_admin}/metrics")).GetAwaiter().GetResult());

    /// <summary>Writes its configuration anew, with another deadline each time, and asks it to reload.</summary>
    public void Reload()
    {
        Configure();
        using var hangUp = Process.Start("kill", ["-HUP", $"{_id}"]);
        hangUp.WaitForExit();
    }

    /// <summary>Has another process take its place.</summary>
    public SoakedUpgrade Upgrade()
    {
        var text = ChildProcess.Run(UpgradePatience, new Dictionary<string, string>(), [.. _command, "upgrade", "-c", ConfigurationFile]);
        var told = Regex.Match(text, @"^Process (\d+), .* took over (\d+) sessions?, .* more than ([\d.]+) ms; (\d+) connection");
        if (!told.Success)
        {
            throw new CompareException($"no upgrade: {text.Trim()}");
        }

        _id = Number(1);
        return new(Number(2), Number(4), double.Parse(told.Groups[3].ValueSpan, CultureInfo.InvariantCulture));

        int Number(int group) => int.Parse(told.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
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
        if (_id != _process.Id)
        {
            // No child of this process.
            using var kill = Process.Start("kill", ["-TERM", $"{_id}"]);
            kill.WaitForExit();
        }

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
        admin: { address: "127.0.0.1:{{_admin}}", socket: {{Path.Combine(_folder, "admin.sock")}} }
        drain: { delay: 0s, timeout: {{_drainTimeout.TotalSeconds:0}}s }
        log: { format: json, level: information }

        """);
}
