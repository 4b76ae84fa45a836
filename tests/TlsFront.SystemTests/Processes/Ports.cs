using System.Net;
using System.Net.Sockets;

namespace TlsFront.SystemTests.Processes;

/// <summary>Ports on the loopback interface for daemons that cannot be asked which port the system gave them, reserved until the tests end.</summary>
/// <remarks>
/// Taken from below the ephemeral range, where no outgoing connection takes one before the daemon binds it; other tests on the machine, which take
/// theirs here as well, find the port's name taken: an abstract Unix socket, which the kernel frees with the process.
/// </remarks>
public static class Ports
{
    private static readonly Dictionary<int, Socket?> Given = [];

    private const int First = 20_000;
    private const int Last = 32_000;

    /// <summary>A port nobody listens on and that was not given before.</summary>
    public static int Next() => NextBase(0);

    /// <summary>A number to which each of <paramref name="offsets"/> can be added to get such a port.</summary>
    public static int NextBase(params IReadOnlyList<int> offsets)
    {
        while (true)
        {
            var number = Random.Shared.Next(First, Last - offsets.Max());
            if (offsets.All(offset => TryTake(number + offset)))
            {
                return number;
            }
        }
    }

    /// <summary>Whether somebody accepts connections there.</summary>
    public static async Task<bool> IsOpenAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool TryTake(int port)
    {
        lock (Given)
        {
            if (!Given.TryAdd(port, null) || (OperatingSystem.IsLinux() && (Given[port] = Reserve(port)) is null))
            {
                return false;
            }
        }

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Null if other tests have it. Only a name: the port itself is the daemon's to bind.</summary>
    private static Socket? Reserve(int port)
    {
        var name = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            name.Bind(new UnixDomainSocketEndPoint($"\0tlsfront-tests-port-{port}"));
            return name;
        }
        catch (SocketException)
        {
            name.Dispose();
            return null;
        }
    }
}
