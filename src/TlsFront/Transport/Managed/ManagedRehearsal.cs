using System.Buffers;
using System.IO.Pipelines;
using TlsFront.Connections;
using TlsFront.Tls;

namespace TlsFront.Transport.Managed;

/// <summary>Has <see cref="ManagedTlsHandshake"/> answer a client that leaves behind its hello.</summary>
internal sealed class ManagedRehearsal : IHandshakeRehearsal
{
    // Whoever writes waits for nobody: both ends are here, and a flight is bounded by the certificates.
    private static readonly PipeOptions Unpaused = new(pauseWriterThreshold: 0);

    /// <inheritdoc/>
    public async ValueTask<HelloAnswer> AnswerAsync(ReadOnlyMemory<byte> records, TlsPolicy policy, CancellationToken stop)
    {
        var input = new Pipe(Unpaused);
        var output = new Pipe(Unpaused);
        await input.Writer.WriteAsync(records, stop);
        await input.Writer.CompleteAsync();
        var result = await ManagedTlsHandshake.AuthenticateAsync(new Transport(input.Reader, output.Writer), policy, stop);
        await output.Writer.CompleteAsync();
        await input.Reader.CompleteAsync();
        var answer = (await output.Reader.ReadAtLeastAsync(int.MaxValue, stop)).Buffer.ToArray();
        await output.Reader.CompleteAsync();
        return new(answer, result.Outcome.Failure == CloseReason.TlsClientLeft ? null : result.Outcome);
    }

    public void Dispose()
    {
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
