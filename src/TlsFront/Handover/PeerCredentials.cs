using System.Buffers.Binary;
using System.Net.Sockets;

namespace TlsFront.Handover;

/// <summary>Who connected to a Unix socket, as the kernel tells (SO_PEERCRED).</summary>
internal static class PeerCredentials
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int Option = 17; // SO_PEERCRED

    /// <summary>The process at the other end of <paramref name="socket"/>.</summary>
    public static int ProcessIdOf(Socket socket)
    {
        // Process, user and group.
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SocketLevel, Option, credentials);
        return BinaryPrimitives.ReadInt32LittleEndian(credentials);
    }
}
