using System.Net;
using System.Net.Sockets;
using TlsFront.Benchmarks.Load;

namespace TlsFront.Benchmarks.Soak;

/// <summary>A ClientHello as OpenSSL makes it, to be cut anywhere.</summary>
internal static class CapturedHello
{
    /// <summary>Octets of a hello that asks for <paramref name="serverName"/>.</summary>
    public static byte[] Take(string serverName)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var target = new Target(((IPEndPoint)listener.LocalEndpoint).Port, serverName);
        var client = Task.Run(() =>
        {
            try
            {
                using var wire = target.ConnectTls();
            }
            catch (LoadException)
            {
                // Nobody answers.
            }
        });
        using (var accepted = listener.AcceptSocket())
        {
            // A record: type, version, length, fragment.
            var record = new byte[5];
            ReadExactly(accepted, record);
            var hello = new byte[record.Length + (record[3] << 8) + record[4]];
            record.CopyTo(hello, 0);
            ReadExactly(accepted, hello.AsSpan(record.Length));
            accepted.Close();
            client.Wait();
            return hello;
        }
    }

    private static void ReadExactly(Socket socket, Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            into = into[socket.Receive(into)..];
        }
    }
}
