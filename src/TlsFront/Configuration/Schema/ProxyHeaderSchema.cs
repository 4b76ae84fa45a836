using System.Net;
using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary><c>listeners[].proxyProtocol</c>.</summary>
internal static class ProxyHeaderSchema
{
    public static readonly SettingList<ProxyHeaderSettings, IPNetwork> TrustedNetworks = new("trustedNetworks", NetworkType.Instance,
        static proxy => proxy.TrustedNetworks, static (proxy, values) => proxy with { TrustedNetworks = NetworkSet.Of(values) },
        "Load balancers. Every connection from there must begin with a PROXY header, version 1 or 2, before TLS; "
        + "its client then is the client. Nobody else may send one.")
    { DefaultWords = "nobody", Check = WarnOfEverybody };

    public static readonly Setting<ProxyHeaderSettings, bool> RefusesOthers = new("others", new ChoiceType<bool>(("serve", false), ("refuse", true)),
        static proxy => proxy.RefusesOthers, static (proxy, value) => proxy with { RefusesOthers = value },
        "Everybody else: serve them as clients that connect directly, webmail for instance, or refuse them.");

    public static readonly SettingsSection<ProxyHeaderSettings> Section = new("proxyProtocol", "PROXY headers of load balancers before the gateway.",
        ProxyHeaderSettings.None, TrustedNetworks, RefusesOthers)
    { Check = CheckOthers };

    private static void WarnOfEverybody(SettingsScope scope, string key, IPNetwork network)
    {
        if (network.PrefixLength == 0)
        {
            scope.WarnAt(
                key,
                new(
                    "LETS ANYBODY CLAIM ANY ADDRESS: logs, limits and backends believe what a PROXY header says",
                    "name the load balancers' own networks"));
        }
    }

    private static void CheckOthers(SettingsScope scope, ProxyHeaderSettings proxy)
    {
        if (scope.Has(RefusesOthers) && !scope.Has(TrustedNetworks))
        {
            scope.Fail(RefusesOthers, new("has no meaning without trustedNetworks", "name the load balancers in trustedNetworks, or remove it"));
        }
    }
}
