using TlsFront.Connections;

namespace TlsFront.Protocols.Smtp;

/// <summary>The backend's first words, before which the client has heard nothing and another backend may be tried.</summary>
internal sealed class BackendGreeting(SmtpState state)
{
    /// <summary>The backend refused, ended, or said nothing in time before anything of it reached the client.</summary>
    public Step TryNext(CloseReason reason, ref Emitter to)
    {
        if (!to.Facts.CanFailOver)
        {
            return SmtpState.EndNow(LocalReply.Unavailable, CloseReason.BackendUnavailable, 0, ref to);
        }

        state.Stage = SmtpStage.Connecting;
        return new Step(0, Next.Connect, reason);
    }

    /// <summary>Reads it; a refusal counts as a failed try while another destination is left.</summary>
    public Step Read(ReadOnlySpan<byte> input, ref Emitter to)
    {
        var isComplete = ReplyLine.TryFindReply(input, out var length, out var reply, out var malformed);
        if (!isComplete || reply.IsIntermediate)
        {
            return !isComplete && !malformed ? Step.More(0)
                : to.Facts.CanFailOver ? TryNext(CloseReason.BackendProtocolError, ref to)
                : SmtpState.EndNow(LocalReply.BackendGone, CloseReason.BackendProtocolError, input.Length, ref to);
        }

        if (!reply.IsPositive && to.Facts.CanFailOver)
        {
            return TryNext(CloseReason.BackendRefused, ref to) with { Consumed = input.Length };
        }

        if (state.IsGreeted)
        {
            state.Stage = SmtpStage.Dialogue;
            return reply.IsPositive
                ? Step.More(length)
                : SmtpState.EndNow(LocalReply.Unavailable, CloseReason.BackendRefused, length, ref to);
        }

        // A 554 is relayed and the dialogue goes on: the client says QUIT (RFC 5321 section 3.1).
        to.ToClient(input[..length]);
        state.Stage = SmtpStage.Dialogue;
        return reply.Code == 421 ? Step.Close(length, CloseReason.BackendRefused) : Step.More(length);
    }
}
