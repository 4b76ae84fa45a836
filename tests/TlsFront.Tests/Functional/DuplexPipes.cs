using System.IO.Pipelines;

namespace TlsFront.Tests.Functional;

/// <summary>Two ends of one connection in memory.</summary>
internal static class DuplexPipes
{
    public static (IDuplexPipe Near, IDuplexPipe Far) CreatePair(int threshold = 64 * 1024)
    {
        var options = new PipeOptions(pauseWriterThreshold: threshold, resumeWriterThreshold: threshold / 2, useSynchronizationContext: false);
        var forth = new Pipe(options);
        var back = new Pipe(options);
        return (new End(back.Reader, forth.Writer), new End(forth.Reader, back.Writer));
    }

    private sealed class End(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
