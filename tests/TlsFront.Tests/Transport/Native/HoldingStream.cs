namespace TlsFront.Tests.Transport.Native;

/// <summary>Holds back everything a TLS client writes after its hello until told to send it in one piece.</summary>
internal sealed class HoldingStream(Stream inner) : ForwardingStream(inner)
{
    private readonly MemoryStream _held = new();
    private bool _helloSent;
    private bool _released;

    public async Task ReleaseAsync()
    {
        _released = true;
        await Inner.WriteAsync(_held.ToArray());
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var target = _helloSent && !_released ? _held : Inner;
        _helloSent = true;
        await target.WriteAsync(buffer, cancellationToken);
    }
}
