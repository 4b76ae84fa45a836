using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>Settings that a running gateway cannot change: those whose description says so, and which listeners there are.</summary>
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
            .Select(old =>
                wanted.Listeners.FirstOrDefault(now => now.Name == old.Name && now.Protocol == old.Protocol) is { } now
                    ? ListenerSchema.Section.KeepCold(old, now)
                    : old)
            .ToList();
        var orphans = running.Backends.Where(old =>
            wanted.Backends.All(now => now.Name != old.Name) && listeners.Exists(listener => listener.AllBackends.Contains(old.Name)));
        return SettingsSchema.Root.KeepCold(running, wanted) with { Listeners = listeners, Backends = [.. wanted.Backends, .. orphans] };
    }
}
