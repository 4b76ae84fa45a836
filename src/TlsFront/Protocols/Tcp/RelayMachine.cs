using TlsFront.Connections;

namespace TlsFront.Protocols.Tcp;

/// <summary>A session that is transparent from the start, because its backend is connected already.</summary>
internal sealed class RelayMachine : MailMachine
{
    /// <inheritdoc/>
    public override Phase Phase => Phase.Relay;

    /// <inheritdoc/>
    public override Step FromClient(ReadOnlySpan<byte> input, ref Emitter to) => new(0, Next.Transparent);

    /// <inheritdoc/>
    public override Step FromBackend(ReadOnlySpan<byte> input, ref Emitter to) => new(0, Next.Transparent);

    /// <inheritdoc/>
    public override Step On(Signal signal, ref Emitter to) =>
        signal == Signal.Drain ? Step.Close(0, CloseReason.Drained) : new(0, Next.Transparent);
}
