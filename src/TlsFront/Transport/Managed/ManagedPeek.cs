using System.Buffers;
using System.IO.Pipelines;

namespace TlsFront.Transport.Managed;

/// <summary>Looks at a pipe's first bytes and leaves them in it.</summary>
internal static class ManagedPeek
{
    /// <summary>As <see cref="IMailTransport.PeekAsync"/>.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(PipeReader input, int atLeast, CancellationToken stop)
    {
        try
        {
            var result = await input.ReadAtLeastAsync(atLeast, stop);
            return Show(input, result);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return input.TryRead(out var result) ? Show(input, result) : default;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // A reset, or an abort by the transport: nothing more will come.
            return default;
        }
    }

    /// <summary>As <see cref="IMailTransport.Skip"/>; the bytes are there, because they were shown.</summary>
    public static void Skip(PipeReader input, int count)
    {
        input.TryRead(out var result);
        input.AdvanceTo(result.Buffer.GetPosition(count));
    }

    private static ReadOnlyMemory<byte> Show(PipeReader input, ReadResult result)
    {
        var shown = result.Buffer.ToArray();

        // Examined nothing: the next read returns at once.
        input.AdvanceTo(result.Buffer.Start, result.Buffer.Start);
        return shown;
    }
}
