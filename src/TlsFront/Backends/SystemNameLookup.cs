using System.Net;

namespace TlsFront.Backends;

/// <summary>Asks the system's resolver: <c>/etc/hosts</c>, DNS, whatever else it is set up for.</summary>
internal sealed class SystemNameLookup : INameLookup
{
    public Task<IPAddress[]> AddressesAsync(string host) => Dns.GetHostAddressesAsync(host);
}
