using System.IO.Pipelines;

namespace TlsFront.Tests.Tls;

/// <summary>Two ends of a connection in memory.</summary>
internal sealed class DuplexPipePair
{
    public DuplexPipePair()
    {
        var up = new Pipe();
        var down = new Pipe();
        Client = new Side(down.Reader, up.Writer);
        Server = new Side(up.Reader, down.Writer);
    }

    public IDuplexPipe Client { get; }

    public IDuplexPipe Server { get; }

    private sealed record Side(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
