using System.Net;
using System.Net.Sockets;

namespace TlsFront.SystemTests.Processes;

/// <summary>Free ports on the loopback interface for daemons that cannot be asked which port the system gave them.</summary>
/// <remarks>Taken from below the ephemeral range: there no outgoing connection takes one between the choice and the daemon's bind.</remarks>
public static class Ports
{
    private static readonly HashSet<int> Given = [];

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
            if (!Given.Add(port))
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
}
