using System.Net;

namespace TlsFront.Configuration.Schema;

/// <summary><c>listeners[].proxyProtocol</c>.</summary>
internal static class ProxyHeaderSchema
{
    public static readonly SettingList<IPNetwork> TrustedNetworks = new("trustedNetworks", NetworkType.Instance,
        "Load balancers. Every connection from there must begin with a PROXY header, version 1 or 2, before TLS; its client then is the client. Nobody else may send one.")
    { DefaultWords = "nobody" };

    public static readonly Setting<bool> RefusesOthers = new("others",
        new ChoiceType<bool>(("serve", false), ("refuse", true)),
        "Everybody else: serve them as clients that connect directly, webmail for instance, or refuse them.")
    { Default = false };

    public static readonly SettingsSection Section = new("proxyProtocol", "PROXY headers of load balancers before the gateway.", TrustedNetworks, RefusesOthers);
}
