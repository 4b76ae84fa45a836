namespace TlsFront.SystemTests.Gateways;

/// <summary>
/// Gateways that several tests share because none of them changes anything: one for each setup, started when it is first asked for.
/// </summary>
public sealed class GatewayPool : IAsyncDisposable
{
    private static readonly GatewayPorts NoPorts = new(0, 0, 0, 0);

    private readonly Dictionary<string, GatewayProcess> _gateways = [];

    /// <summary>The gateway of a setup.</summary>
    public async Task<GatewayProcess> GetAsync(GatewaySetup setup)
    {
        var key = setup.ToYaml(NoPorts, []);
        if (!_gateways.TryGetValue(key, out var gateway) || gateway.Process.HasExited)
        {
            _gateways[key] = gateway = await GatewayProcess.StartAsync(setup);
        }

        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways.Values)
        {
            await gateway.DisposeAsync();
        }
    }
}
