using System.Net;
using System.Net.Sockets;

namespace TlsFront.Inventory;

/// <summary>Networks of clients, as large as single subscribers and offices have them.</summary>
internal static class ClientNetwork
{
    /// <summary>The network of <paramref name="client"/>, such as 192.0.2.0/24 or 2001:db8::/48.</summary>
    public static string Of(IPAddress client)
    {
        var (bytes, length) = (client.GetAddressBytes(), client.AddressFamily == AddressFamily.InterNetwork ? 24 : 48);
        bytes.AsSpan(length / 8).Clear();
        return $"{new IPAddress(bytes)}/{length}";
    }

    /// <summary>An address in a network as it was written by <see cref="Of"/>, or the address that was written in full.</summary>
    public static IPAddress AddressIn(ReadOnlySpan<char> network) =>
        IPAddress.Parse(network.IndexOf('/') is var slash and >= 0 ? network[..slash] : network);
}
