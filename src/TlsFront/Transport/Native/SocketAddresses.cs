using System.Net;
using System.Net.Sockets;

namespace TlsFront.Transport.Native;

/// <summary>Socket addresses as the kernel writes them.</summary>
internal static class SocketAddresses
{
    private static readonly IPEndPoint AnyV4 = new(IPAddress.Any, 0);
    private static readonly IPEndPoint AnyV6 = new(IPAddress.IPv6Any, 0);

    /// <summary>The IP end point in <paramref name="address"/>; null for any other family.</summary>
    public static IPEndPoint? Read(ReadOnlySpan<byte> address, AddressFamily family)
    {
        if (family is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
        {
            return null;
        }

        var copy = new SocketAddress(family, address.Length);
        address.CopyTo(copy.Buffer.Span);
        return (IPEndPoint)(family == AddressFamily.InterNetwork ? AnyV4 : AnyV6).Create(copy);
    }
}
