using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace TlsFront.Systemd;

/// <summary>A listening socket that the service manager opened before this process and keeps open after it.</summary>
/// <param name="Descriptor">Its file descriptor here.</param>
/// <param name="Name"><c>FileDescriptorName=</c> of its unit, which is the unit's own name by default.</param>
/// <param name="Address">Where it listens. <see cref="IPAddress.IPv6Any"/> means all addresses, IPv4 included.</param>
internal sealed record InheritedSocket(int Descriptor, string Name, IPEndPoint Address)
{
    private const string OnlyTcp = "of the sockets in its .socket unit the gateway takes those of ListenStream= with a port";

    /// <summary>How messages call it.</summary>
    public static string Call(int descriptor, string name) => $"socket {descriptor} ({name}) of the service manager";

    /// <summary>Looks at a descriptor, which stays as it is; one that no listener can take over is a problem.</summary>
    public static bool TryInspect(
        int descriptor, string name, [NotNullWhen(true)] out InheritedSocket? inherited, [NotNullWhen(false)] out string? problem)
    {
        inherited = null;
        problem = null;
        try
        {
            using var handle = new SafeSocketHandle(descriptor, ownsHandle: false);
            using var socket = new Socket(handle);
            if (socket.SocketType != SocketType.Stream || socket.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
            {
                problem = $"{Call(descriptor, name)} is no TCP socket but of the kind {socket.AddressFamily}, {socket.SocketType}; {OnlyTcp}";
            }
            else if ((int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection)! == 0)
            {
                problem = $"{Call(descriptor, name)} does not listen; write Accept=no into its .socket unit: the gateway accepts itself";
            }
            else if (socket.LocalEndPoint is IPEndPoint address && address.Address.Equals(IPAddress.IPv6Any) && !socket.DualMode)
            {
                problem = $"{Call(descriptor, name)} takes IPv6 alone, and the gateway's * is IPv4 as well; "
                    + "write BindIPv6Only=both into its .socket unit";
            }
            else
            {
                inherited = new InheritedSocket(descriptor, name, (IPEndPoint)socket.LocalEndPoint!);
            }
        }
        catch (SocketException)
        {
            problem = $"{Call(descriptor, name)} is no TCP socket; {OnlyTcp}";
        }

        return problem is null;
    }

    public override string ToString() => Call(Descriptor, Name);
}
