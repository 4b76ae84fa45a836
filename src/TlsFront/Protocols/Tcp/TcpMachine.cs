using TlsFront.Connections;

namespace TlsFront.Protocols.Tcp;

/// <summary>Any protocol behind TLS: transparent as soon as a backend is connected, and with nothing to say when none is.</summary>
internal sealed class TcpMachine : MailMachine
{
    private bool _connected;

    /// <inheritdoc/>
    public override Phase Phase => _connected ? Phase.Relay : Phase.Greeting;

    /// <inheritdoc/>
    public override Step FromClient(ReadOnlySpan<byte> input, ref Emitter to) => Step.Hold(0);

    /// <inheritdoc/>
    public override Step FromBackend(ReadOnlySpan<byte> input, ref Emitter to) => Step.Hold(0);

    /// <inheritdoc/>
    public override Step On(Signal signal, ref Emitter to)
    {
        switch (signal)
        {
            case Signal.Start:
                return new Step(0, Next.Connect);
            case Signal.BackendReady:
                _connected = true;
                return new Step(0, Next.Transparent);
            case Signal.BackendLost:
                return Step.Close(0, CloseReason.BackendUnavailable);
            case Signal.BackendEnded:
                return Step.Close(0, CloseReason.BackendClosed);
            case Signal.ClientEnded or Signal.ClientLost:
                return Step.Close(0, CloseReason.ClientClosed);
            case Signal.Drain:
                return Step.Close(0, CloseReason.Drained);
            case Signal.Expired:
                return Step.Close(0, CloseReason.BackendTimeout);
            default:
                return Step.More(0);
        }
    }
}
