namespace TlsFront.Configuration;

/// <summary>Settings that a running gateway cannot change: engine, sockets, and what log and metrics are written to.</summary>
internal static class ColdSettings
{
    /// <summary>
    /// What can be put in force of <paramref name="wanted"/> while <paramref name="running"/> runs. The running listeners stay; each takes its
    /// other settings from the listener of the same name, unless that speaks another protocol, whose backend would be the wrong one too. A
    /// backend stays as long as a running listener needs it.
    /// </summary>
    public static GatewaySettings Keep(GatewaySettings running, GatewaySettings wanted)
    {
        var listeners = running.Listeners
            .Select(old => wanted.Listeners.FirstOrDefault(now => now.Name == old.Name && now.Protocol == old.Protocol) is { } now ? now with { Address = old.Address } : old)
            .ToList();
        var orphans = running.Backends.Where(old =>
            wanted.Backends.All(now => now.Name != old.Name) && listeners.Exists(listener => listener.AllBackends.Contains(old.Name)));
        return wanted with
        {
            Listeners = listeners,
            Backends = [.. wanted.Backends, .. orphans],
            Engine = running.Engine,
            Native = running.Native,
            Admin = running.Admin with { TokenFile = wanted.Admin.TokenFile, HostNames = wanted.Admin.HostNames },
            Log = running.Log,
            Telemetry = wanted.Telemetry with { OtlpEndpoint = running.Telemetry.OtlpEndpoint },
        };
    }
}
