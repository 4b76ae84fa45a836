using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace TlsFront.Connections;

/// <summary>Networks of clients, as large as single subscribers and offices have them.</summary>
internal static class ClientNetwork
{
    private const int Length4 = 24;
    private const int Length6 = 48;

    /// <summary>The network of <paramref name="client"/>, such as 192.0.2.0/24 or 2001:db8::/48.</summary>
    public static string Of(IPAddress client)
    {
        var (bytes, length) = (client.GetAddressBytes(), LengthOf(client));
        bytes.AsSpan(length / 8).Clear();
        return $"{new IPAddress(bytes)}/{length}";
    }

    /// <summary>The network whose first address <paramref name="first"/> is.</summary>
    public static IPNetwork At(IPAddress first) => new(first, LengthOf(first));

    /// <summary>An address in a network as it was written by <see cref="Of"/>, or the address that was written in full.</summary>
    public static IPAddress AddressIn(ReadOnlySpan<char> network) =>
        IPAddress.Parse(network.IndexOf('/') is var slash and >= 0 ? network[..slash] : network);

    /// <summary>A number that no other network has.</summary>
    public static ulong NumberOf(IPAddress client)
    {
        Span<byte> bytes = stackalloc byte[16];
        client.TryWriteBytes(bytes, out var length);

        // No IPv6 network that is in use begins with an octet of zeros.
        return length == 4
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes) >> (32 - Length4)
            : BinaryPrimitives.ReadUInt64BigEndian(bytes) >> (64 - Length6);
    }

    private static int LengthOf(IPAddress client) => client.AddressFamily == AddressFamily.InterNetwork ? Length4 : Length6;
}
