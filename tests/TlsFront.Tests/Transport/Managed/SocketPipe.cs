using System.IO.Pipelines;
using System.Net.Sockets;

namespace TlsFront.Tests.Transport.Managed;

/// <summary>A socket as a pipe; completing the output ends its half of the connection.</summary>
internal sealed class SocketPipe : IDuplexPipe
{
    public SocketPipe(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: false);
        Input = PipeReader.Create(stream);
        Output = PipeWriter.Create(stream);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }
}
