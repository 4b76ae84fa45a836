using System.Buffers.Binary;
using System.Net.Sockets;

namespace TlsFront.Handover;

/// <summary>Who connected to a Unix socket, as the kernel tells (SO_PEERCRED).</summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="UserId">That process's user.</param>
internal readonly record struct PeerCredentials(int ProcessId, uint UserId)
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int Option = 17; // SO_PEERCRED

    /// <summary>Those of the other end of <paramref name="socket"/>.</summary>
    public static PeerCredentials Of(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SocketLevel, Option, credentials);
        return new(BinaryPrimitives.ReadInt32LittleEndian(credentials), BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]));
    }
}
