using System.Net;
using System.Net.Sockets;

namespace TlsFront.SystemTests.Processes;

/// <summary>Free ports on the loopback interface for daemons that cannot be asked which port the system gave them.</summary>
/// <remarks>Taken from below the ephemeral range: there no outgoing connection takes one between the choice and the daemon's bind.</remarks>
public static class Ports
{
    private static readonly HashSet<int> Given = [];

    /// <summary>A port nobody listens on and that was not given before.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            lock (Given)
            {
                if (!Given.Add(port))
                {
                    continue;
                }
            }

            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
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
}
