using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace TlsFront.Tests.Systemd;

/// <summary>
/// A socket as a service manager has it: its own for as long as it likes, and a descriptor of the same one for each process it starts.
/// </summary>
internal sealed partial class ManagedSocket : IDisposable
{
    private const int DuplicateDescriptor = 0; // F_DUPFD

    /// <param name="address">Where it listens.</param>
    public ManagedSocket(IPEndPoint? address = null)
    {
        Socket = new Socket((address ??= new IPEndPoint(IPAddress.Loopback, 0)).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        Socket.Bind(address);
        Socket.Listen();
    }

    public Socket Socket { get; }

    public IPEndPoint Address => (IPEndPoint)Socket.LocalEndPoint!;

    /// <summary>A descriptor for a process, which owns it: the lowest that is free from <paramref name="lowest"/> on.</summary>
    public int HandOver(int lowest = 3) => Control((int)Socket.Handle, DuplicateDescriptor, lowest);

    public void Dispose() => Socket.Dispose();

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int operation, int lowest);
}
