namespace TlsFront.Tests.Transport.Native;

/// <summary>Gives the test what is written while <see cref="Captures"/> is set, to be sent as the test likes.</summary>
internal sealed class CapturingStream(Stream inner) : ForwardingStream(inner)
{
    private readonly MemoryStream _captured = new();

    public bool Captures { get; set; }

    /// <summary>What was captured since the last call.</summary>
    public byte[] Take()
    {
        var captured = _captured.ToArray();
        _captured.SetLength(0);
        return captured;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        (Captures ? _captured : Inner).WriteAsync(buffer, cancellationToken);
}
