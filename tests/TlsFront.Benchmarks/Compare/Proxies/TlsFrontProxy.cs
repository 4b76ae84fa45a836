namespace TlsFront.Benchmarks.Compare.Proxies;

/// <summary>TlsFront, as one publish and one engine.</summary>
/// <param name="command">The program.</param>
/// <param name="engine">Value of <c>--engine</c>; null for a program that has one engine only.</param>
/// <param name="build">How it was published: JIT or AOT.</param>
internal sealed class TlsFrontProxy(IReadOnlyList<string> command, string? engine, string build) : Proxy
{
    private const string EngineOption = "--engine";

    /// <inheritdoc/>
    public override string Name { get; } = $"{engine ?? "managed"} {build}";

    /// <inheritdoc/>
    public override string Version => $"TlsFront {VersionOf([.. command, "--version"])}, {build}";

    /// <inheritdoc/>
    public override bool InsertsReceived => true;

    /// <summary>Every engine that the publish in <paramref name="folder"/> has.</summary>
    public static IEnumerable<TlsFrontProxy> In(string folder, string build)
    {
        var native = Path.Combine(folder, "tlsfront");
        var managed = Path.Combine(folder, "tlsfront.dll");
        string[] command = File.Exists(managed) ? ["dotnet", managed] : [native];
        var help = ChildProcess.Run(TimeSpan.FromSeconds(20), new Dictionary<string, string>(), [.. command, "run", "--help"]);
        string?[] engines = help.Contains(EngineOption, StringComparison.Ordinal) ? ["managed", "native"] : [null];
        return engines.Select(engine => new TlsFrontProxy(command, engine, build));
    }

    /// <inheritdoc/>
    protected override IEnumerable<string[]> Commands(Lab lab, Cores cores, string folder, IReadOnlyDictionary<Route, int> ports)
    {
        var listeners = ports.Select(port =>
            $$"""  - { name: {{Name(port.Key)}}, address: "127.0.0.1:{{port.Value}}", protocol: {{Protocol(port.Key)}}, security: {{Security(port.Key)}}, backend: {{Name(port.Key)}}{{Routes(port.Key)}} }""");
        var backends = ports.Select(port =>
            $$"""  - { name: {{Name(port.Key)}}, kind: generic, destinations: ["127.0.0.1:{{lab.Backends.PortOf(port.Key)}}"], proxyProtocol: none }""");

        // No access log: the others write none either.
        var configuration = Write(folder, "tlsfront.yaml", $$"""
            hostname: front.bench.test
            certificates:
              - path: {{lab.Ecdsa.Folder}}
              - path: {{lab.Rsa.Folder}}
            listeners:
            {{string.Join('\n', listeners)}}
            backends:
            {{string.Join('\n', backends)}}
            admin: { address: "127.0.0.1:{{FreePorts.Take()}}" }
            drain: { delay: 0s, timeout: 1s }
            log: { level: warning }

            """);
        string[] options = engine is null ? [] : [EngineOption, engine];
        yield return [.. command, "run", "-c", configuration, .. options];

        static string Name(Route route) => route.ToString().ToLowerInvariant();
        static string Security(Route route) => route == Route.ImapStartTls ? "starttls" : "implicit";

        // Where they lead to does not matter, but that the user decides.
        static string Routes(Route route) =>
            route is Route.SmtpHeld or Route.ImapHeld ? $", routes: [ {{ users: [\"*\"], backend: {Name(route)} }} ]" : "";

        static string Protocol(Route route) => route switch
        {
            Route.Smtp or Route.SmtpHeld => "smtp",
            Route.Imap or Route.ImapHeld or Route.ImapStartTls => "imap",
            _ => "tcp",
        };
    }
}
