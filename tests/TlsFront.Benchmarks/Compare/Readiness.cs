using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TlsFront.Benchmarks.Compare;

/// <summary>Waits for servers to listen.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until <paramref name="port"/> takes connections.</summary>
    public static void Wait(int port, IReadOnlyCollection<ChildProcess> servers, string name)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience && !servers.Any(server => server.HasEnded); Thread.Sleep(Pause))
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }

        throw new CompareException($"{name} does not listen on port {port}: {string.Join('\n', servers.Select(server => server.LastWords))}");
    }
}
