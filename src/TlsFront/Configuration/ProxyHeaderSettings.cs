namespace TlsFront.Configuration;

/// <summary>Which connections of a listener begin with a PROXY header.</summary>
/// <param name="TrustedNetworks">Load balancers: connections from there must have one.</param>
/// <param name="RefusesOthers">Whether nobody else may connect; otherwise others are clients themselves, and must have none.</param>
internal sealed record ProxyHeaderSettings(NetworkSet TrustedNetworks, bool RefusesOthers)
{
    /// <summary>Nobody's connections.</summary>
    public static readonly ProxyHeaderSettings None = new(NetworkSet.Empty, false);
}
