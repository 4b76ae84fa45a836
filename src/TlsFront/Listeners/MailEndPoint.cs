using System.Net;
using System.Net.Sockets;

namespace TlsFront.Listeners;

/// <summary>The address of a mail listener; the type tells it from the admin endpoint, which outlives it in a drain.</summary>
internal sealed class MailEndPoint(string listener, IPEndPoint address) : IPEndPoint(address.Address, address.Port)
{
    /// <summary>Name of the listener.</summary>
    public string Listener { get; } = listener;

    /// <summary>What its socket is bound to: all IPv4 addresses where the host knows no others.</summary>
    public IPEndPoint Bound => new(Address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6 ? IPAddress.Any : Address, Port);
}
