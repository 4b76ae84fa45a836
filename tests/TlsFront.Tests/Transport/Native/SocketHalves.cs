using System.IO.Pipelines;
using System.Net.Sockets;

namespace TlsFront.Tests.Transport.Native;

/// <summary>A socket as a pipe: to complete the output ends its half of the connection, to complete the input resets all of it.</summary>
internal sealed class SocketHalves(Socket socket) : IDuplexPipe
{
    public PipeReader Input { get; } = PipeReader.Create(new Half(socket, socket.Reset));

    public PipeWriter Output { get; } = PipeWriter.Create(new Half(socket, () => socket.Shutdown(SocketShutdown.Send)));

    private sealed class Half(Socket socket, Action end) : NetworkStream(socket, ownsSocket: false)
    {
        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                end();
            }

            base.Dispose(disposing);
        }
    }
}
