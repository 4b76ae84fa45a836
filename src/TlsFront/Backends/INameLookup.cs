using System.Net;

namespace TlsFront.Backends;

/// <summary>Asks for the addresses of a name.</summary>
internal interface INameLookup
{
    /// <summary>Its addresses, of either family.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">It has none, or nobody can tell.</exception>
    Task<IPAddress[]> AddressesAsync(string host);
}
