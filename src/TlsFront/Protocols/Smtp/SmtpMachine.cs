using TlsFront.Connections;
using TlsFront.Handover;

namespace TlsFront.Protocols.Smtp;

/// <summary>
/// The rules of a message submission session inside TLS (RFC 5321, 6409, 8314). The backend is connected first and its
/// greeting relayed; from then on <see cref="SmtpClientReader"/> and <see cref="SmtpReplyReader"/> share one <see cref="SmtpState"/>. Never
/// transparent: every message gets its <c>Received</c> field.
/// </summary>
internal sealed class SmtpMachine : MailMachine
{
    private readonly SmtpState _state;
    private readonly SmtpClientReader _client;
    private readonly SmtpReplyReader _replies;

    /// <param name="rules">The operator's rules.</param>
    /// <param name="observer">Who is told of logins and messages.</param>
    /// <param name="isGreeted">Whether the client was greeted before TLS, so that the backend's greeting is for us alone.</param>
    public SmtpMachine(SessionRules rules, ISessionObserver observer, bool isGreeted = false)
        : this(new SmtpState(rules, observer) { IsGreeted = isGreeted })
    {
    }

    /// <summary>Continues a session of another process, whose backend is connected.</summary>
    /// <param name="rules">The operator's rules.</param>
    /// <param name="observer">Who is told of logins and messages.</param>
    /// <param name="checkpoint">Where it stands.</param>
    public SmtpMachine(SessionRules rules, ISessionObserver observer, SmtpCheckpoint checkpoint)
        : this(new SmtpState(rules, observer)
        {
            Stage = SmtpStage.Dialogue,
            Hello = checkpoint.Hello,
            Extensions = checkpoint.Extensions,
            IsAuthenticated = true,
            Messages = checkpoint.Messages,
            Fruitless = checkpoint.Fruitless,
        })
    {
        if (checkpoint.HasRecipients)
        {
            _state.Transaction.AssumeRecipients();
        }
    }

    private SmtpMachine(SmtpState state)
    {
        _state = state;
        _client = new SmtpClientReader(state);
        _replies = new SmtpReplyReader(state);
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

            if (_state.HasLostBackend || _state.Mode is ClientMode.FirstData or ClientMode.Data or ClientMode.Chunk
                || _state is { Mode: ClientMode.RefusedChunk, Transaction.IsOpen: true })
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
    public override Step FromBackend(ReadOnlySpan<byte> input, ref Emitter to) => _replies.Read(input, ref to);

    /// <inheritdoc/>
    public override Step On(Signal signal, ref Emitter to)
    {
        switch (signal)
        {
            // One that is continued has its backend.
            case Signal.Start when _state.Stage == SmtpStage.Connecting:
                return new Step(0, Next.Connect);
            case Signal.BackendReady:
                _state.Stage = SmtpStage.Greeting;
                return Step.More(0);
            case Signal.BackendLost:
                return SmtpState.EndNow(LocalReply.Unavailable, CloseReason.BackendUnavailable, 0, ref to);
            case Signal.ClientEnded:
                return ClientEnded();
            case Signal.ClientLost:
                return ClientLost();
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

    /// <inheritdoc/>
    /// <remarks>Only after a login. Before, the session stays in this process, and so does a password that is being sent.</remarks>
    public override bool IsMovable => _state is { IsAuthenticated: true, IsBetweenTransactions: true, Mode: ClientMode.Command };

    /// <inheritdoc/>
    public override void Export(StateWriter state)
    {
        var checkpoint = new SmtpCheckpoint(
            _state.Hello, _state.Extensions, _state.Messages, _state.Fruitless, _state.Transaction.HasRecipients);
        checkpoint.Write(state);
    }

    // A client that vanishes inside a message never completes it: no final dot, no missing octets. One that ends behind its commands may
    // only have closed its half, and reads every reply to them.
    private Step ClientEnded()
    {
        if (_state.Stage == SmtpStage.Dialogue && _state.Mode == ClientMode.Command && !_state.Replies.IsEmpty)
        {
            _state.HasClientEnded = true;
            return Step.More(0);
        }

        return EndWithClient();
    }

    // The verdict on a message belongs into the log, whoever hears it. Nothing else is waited for.
    private Step ClientLost()
    {
        if (_state.Stage == SmtpStage.Dialogue && _state.Mode == ClientMode.Command && _state.Replies.AwaitsVerdict)
        {
            _state.HasLostClient = true;
            return Step.More(0);
        }

        return EndWithClient();
    }

    private Step EndWithClient() => Step.Close(0, _state switch
    {
        { HasQuit: true } => CloseReason.Completed,
        { HasLostBackend: true } => CloseReason.BackendClosed,
        { Mode: ClientMode.AfterRefusal } => CloseReason.SmugglingRefused,
        _ => CloseReason.ClientClosed,
    });

    private Step BackendEnded(ref Emitter to)
    {
        if (_state is { Stage: SmtpStage.Dialogue, Mode: ClientMode.Chunk, HasLostBackend: false } && _state.Replies.IsEmpty)
        {
            // It replied to the chunk before it had all of it.
            _state.LoseBackend(saidGoodbye: false);
        }

        return EndWithBackend(ref to);
    }

    private Step EndWithBackend(ref Emitter to) => _state switch
    {
        // Of a backend that was given up already.
        { Stage: SmtpStage.Connecting } => Step.More(0),
        { Stage: SmtpStage.Greeting } => _replies.TryNext(CloseReason.BackendClosed, ref to),
        { Mode: ClientMode.AfterRefusal } or { HasLostBackend: true } => Step.More(0),
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
        Phase.Greeting => _replies.TryNext(CloseReason.BackendTimeout, ref to),
        _ when _state.HasLostBackend => Step.Close(0, CloseReason.BackendClosed),
        Phase.AwaitReply or Phase.FinalReply => SmtpState.EndNow(LocalReply.Timeout, CloseReason.BackendTimeout, 0, ref to),
        _ => SmtpState.EndNow(LocalReply.Timeout, CloseReason.ClientIdle, 0, ref to),
    };
}
