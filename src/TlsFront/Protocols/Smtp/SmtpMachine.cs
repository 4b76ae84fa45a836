using TlsFront.Connections;

namespace TlsFront.Protocols.Smtp;

/// <summary>
/// The rules of a message submission session behind implicit TLS (RFC 5321, 6409, 8314). The backend is connected first and its
/// greeting relayed; from then on <see cref="ClientSide"/> and <see cref="BackendSide"/> share one <see cref="SmtpState"/>. Never transparent:
/// every message gets its <c>Received</c> field.
/// </summary>
internal sealed class SmtpMachine : MailMachine
{
    private readonly SmtpState _state;
    private readonly ClientSide _client;
    private readonly BackendSide _backend;

    public SmtpMachine(SmtpRules rules, ISessionObserver observer)
    {
        _state = new SmtpState(rules, observer);
        _client = new ClientSide(_state);
        _backend = new BackendSide(_state);
    }

    /// <inheritdoc/>
    public override Phase Phase
    {
        get
        {
            if (_state.Stage != SmtpStage.Dialogue)
            {
                return Phase.Greeting;
            }

            if (_state.Mode is ClientMode.FirstData or ClientMode.Data or ClientMode.Chunk)
            {
                return Phase.Data;
            }

            if (!_state.Replies.IsEmpty)
            {
                return _state.Replies.AwaitsVerdict ? Phase.FinalReply : Phase.AwaitReply;
            }

            return _state.IsAuthenticated || _state.Transaction.IsOpen || _state.Messages > 0 ? Phase.Command : Phase.PreLogin;
        }
    }

    /// <inheritdoc/>
    public override Step FromClient(ReadOnlySpan<byte> input, ref Emitter to) => _client.Read(input, ref to);

    /// <inheritdoc/>
    public override Step FromBackend(ReadOnlySpan<byte> input, ref Emitter to) => _backend.Read(input, ref to);

    /// <inheritdoc/>
    public override Step On(Signal signal, ref Emitter to)
    {
        switch (signal)
        {
            case Signal.Start:
                return new Step(0, Next.Connect);
            case Signal.BackendReady:
                _state.Stage = SmtpStage.Greeting;
                return Step.More(0);
            case Signal.BackendLost:
                return SmtpState.EndNow(LocalReply.Unavailable, CloseReason.BackendUnavailable, 0, ref to);
            case Signal.ClientEnded:
                return ClientEnded();
            case Signal.BackendEnded:
                return BackendEnded(ref to);
            case Signal.Drain:
                return Drain(ref to);
            case Signal.Expired:
                return Expired(ref to);
            default:
                return Step.More(0);
        }
    }

    // A client that vanishes inside a message never completes it: no final dot, no missing octets. One that vanishes behind its
    // message leaves it with the backend, whose verdict belongs into the log.
    private Step ClientEnded()
    {
        if (_state.Stage == SmtpStage.Dialogue && _state.Replies.AwaitsVerdict && _state.Mode == ClientMode.Command)
        {
            _state.IsClientGone = true;
            return Step.More(0);
        }

        return Step.Close(0, _state.HasQuit ? CloseReason.Completed
            : _state.Mode == ClientMode.AfterRefusal ? CloseReason.SmugglingRefused
            : CloseReason.ClientClosed);
    }

    private Step BackendEnded(ref Emitter to) => _state switch
    {
        // Of a backend that was given up already.
        { Stage: SmtpStage.Connecting } => Step.More(0),
        { Stage: SmtpStage.Greeting } => _backend.TryNext(CloseReason.BackendClosed, ref to),
        { Mode: ClientMode.AfterRefusal } => Step.More(0),
        _ => SmtpState.EndNow(LocalReply.BackendGone, CloseReason.BackendClosed, 0, ref to),
    };

    private Step Drain(ref Emitter to)
    {
        if (_state.Stage != SmtpStage.Dialogue || _state.IsBetweenTransactions)
        {
            return SmtpState.EndNow(LocalReply.ShuttingDown, CloseReason.Drained, 0, ref to);
        }

        _state.IsDraining = true;
        return Step.More(0);
    }

    private Step Expired(ref Emitter to) => Phase switch
    {
        Phase.Greeting => _backend.TryNext(CloseReason.BackendTimeout, ref to),
        Phase.AwaitReply or Phase.FinalReply => SmtpState.EndNow(LocalReply.Timeout, CloseReason.BackendTimeout, 0, ref to),
        _ => SmtpState.EndNow(LocalReply.Timeout, CloseReason.ClientIdle, 0, ref to),
    };
}
