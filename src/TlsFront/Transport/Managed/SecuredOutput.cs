using System.IO.Pipelines;
using System.Net.Security;

namespace TlsFront.Transport.Managed;

/// <summary>
/// The plaintext output of a TLS connection; completing it says close_notify and ends our half of the transport,
/// and what the peer still sends can be read.
/// </summary>
internal sealed class SecuredOutput(PipeWriter plain, SslStream tls, PipeWriter transport) : PipeWriter
{
    private Task? _ending;

    public override void Advance(int bytes) => plain.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => plain.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => plain.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => plain.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => plain.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => _ending ??= EndAsync();

    private async Task EndAsync()
    {
        try
        {
            await plain.CompleteAsync();
            await tls.ShutdownAsync();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The peer is gone, which is an end as well.
        }

        await transport.CompleteAsync();
    }
}
