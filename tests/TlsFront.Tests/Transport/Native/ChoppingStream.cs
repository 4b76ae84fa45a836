namespace TlsFront.Tests.Transport.Native;

/// <summary>Writes a stream in pieces of at most <paramref name="size"/> bytes, each in a segment of its own.</summary>
internal sealed class ChoppingStream(Stream inner, int size) : ForwardingStream(inner)
{
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (; !buffer.IsEmpty; buffer = buffer[Math.Min(size, buffer.Length)..])
        {
            await Inner.WriteAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
        }
    }
}
