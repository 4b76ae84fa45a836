using System.Net;
using System.Net.Sockets;

namespace TlsFront.Benchmarks.Load.Servers;

/// <summary>A backend on 127.0.0.1 with a blocking thread for each session: few sessions, little cost each.</summary>
internal sealed class Server(int port, Action<Wire> serve)
{
    /// <summary>Serves until the process ends.</summary>
    public void Start()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(4096);
        new Thread(() => Accept(listener)) { IsBackground = true }.Start();
    }

    private void Accept(Socket listener)
    {
        while (true)
        {
            var socket = listener.Accept();
            ThreadPool.UnsafeQueueUserWorkItem(Serve, socket, preferLocal: false);
        }
    }

    private void Serve(Socket socket)
    {
        using var wire = new PlainWire(socket);
        wire.WaitForever();
        try
        {
            serve(wire);
        }
        catch (LoadException)
        {
            // The client has left.
        }
    }
}
