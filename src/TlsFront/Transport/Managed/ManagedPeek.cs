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
            return TryRead(input, out var result) ? Show(input, result) : default;
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            return default;
        }
    }

    /// <summary>As <see cref="IMailTransport.Skip"/>; the bytes are there, because they were shown, unless a reset has taken them since.</summary>
    public static void Skip(PipeReader input, int count)
    {
        if (TryRead(input, out var result))
        {
            input.AdvanceTo(result.Buffer.GetPosition(count));
        }
    }

    private static bool TryRead(PipeReader input, out ReadResult result)
    {
        try
        {
            return input.TryRead(out result);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            result = default;
            return false;
        }
    }

    /// <summary>A reset, or an abort by the transport: nothing more will come, and the next stage to read finds the same.</summary>
    private static bool IsEnd(Exception exception) => exception is IOException or OperationCanceledException;

    private static ReadOnlyMemory<byte> Show(PipeReader input, ReadResult result)
    {
        var shown = result.Buffer.ToArray();

        // Examined nothing: the next read returns at once.
        input.AdvanceTo(result.Buffer.Start, result.Buffer.Start);
        return shown;
    }
}
