using System.Text.Json;
using TlsFront.SystemTests;
using TlsFront.SystemTests.Processes;

namespace TlsFront.DeployTests.Live;

/// <summary>A collector made of the protocol's own definitions and another implementation of gRPC than the gateway's: <c>collector.mjs</c>.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly Daemon _process;
    private readonly JsonElement _ports;

    private OtlpReceiver(Daemon process, JsonElement ports) => (_process, _ports) = (process, ports);

    /// <summary>What the gateway is told: a path means HTTP.</summary>
    public string Endpoint(string transport) => $"http://127.0.0.1:{_ports.GetProperty(transport).GetInt32()}{(transport == "http" ? "/otlp" : "")}";

    /// <summary>Everything received, as lines.</summary>
    public IEnumerable<string> Lines => _process.Lines.Skip(1);

    public static async Task<OtlpReceiver> StartAsync()
    {
        var process = await Daemon.StartAsync("node", [await NodeTools.FileAsync("collector.mjs")]);
        var first = await Eventually.GetAsync("the collector listens", () => process.Lines.FirstOrDefault());
        Assert.StartsWith("{", first, StringComparison.Ordinal);
        return new OtlpReceiver(process, JsonElement.Parse(first));
    }

    /// <summary>The requests of a signal: <c>metrics</c>, <c>traces</c> or <c>logs</c>.</summary>
    public IReadOnlyList<JsonElement> Requests(string transport, string signal) =>
    [
        .. Lines.Select(static line => JsonElement.Parse(line))
            .Where(line => line.GetProperty("transport").GetString() == transport && line.GetProperty("signal").GetString() == signal)
            .Select(static line => line.GetProperty("request")),
    ];

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
