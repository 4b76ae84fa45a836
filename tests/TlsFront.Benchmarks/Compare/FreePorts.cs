using System.Net;
using System.Net.Sockets;

namespace TlsFront.Benchmarks.Compare;

/// <summary>Ports on 127.0.0.1 that nobody listens on, below those that outgoing connections get.</summary>
internal static class FreePorts
{
    private const int First = 21_000;
    private const int Last = 32_000;

    /// <summary>Not always the first: between this look and a server's bind another run on this machine may take the port.</summary>
    private static int _next = Random.Shared.Next(First, Last - 1000);

    /// <summary>Each port is given once.</summary>
    public static int Take()
    {
        for (; _next <= Last; _next++)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, _next);
                listener.Start();
                return _next++;
            }
            catch (SocketException)
            {
                // Taken by somebody else.
            }
        }

        throw new CompareException($"no free port between {First} and {Last}");
    }
}
