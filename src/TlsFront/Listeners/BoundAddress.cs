using System.Net;
using System.Net.Sockets;

namespace TlsFront.Listeners;

/// <summary>What a socket for a configured address is bound to.</summary>
internal static class BoundAddress
{
    /// <summary>The address itself, or, for all addresses on a host without IPv6, all IPv4 addresses.</summary>
    public static IPEndPoint Of(IPEndPoint configured) => Of(configured, Socket.OSSupportsIPv6);

    /// <summary>The same for a host of which <paramref name="hasIPv6"/> tells what it supports.</summary>
    public static IPEndPoint Of(IPEndPoint configured, bool hasIPv6) =>
        new(configured.Address.Equals(IPAddress.IPv6Any) && !hasIPv6 ? IPAddress.Any : configured.Address, configured.Port);
}
