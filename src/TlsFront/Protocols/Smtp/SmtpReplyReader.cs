using TlsFront.Connections;

namespace TlsFront.Protocols.Smtp;

/// <summary>Reads the backend: replies are relayed, matched with what they answer by count, and draw the state on.</summary>
internal sealed class SmtpReplyReader(SmtpState state)
{
    // One line of a reply is a slice; behind it all queued replies of our own may come due.
    private const int RoomForOneReply = 1600;

    private readonly BackendGreeting _greeting = new(state);
    private readonly ReplyEffects _effects = new(state);

    /// <summary>Takes what can be taken of <paramref name="input"/>.</summary>
    public Step Read(ReadOnlySpan<byte> input, ref Emitter to)
    {
        if (state.Stage != SmtpStage.Dialogue)
        {
            return _greeting.Read(input, ref to);
        }

        if (state.Mode == ClientMode.AfterRefusal || state.HasLostBackend)
        {
            return Step.More(input.Length);
        }

        var consumed = 0;
        while (consumed < input.Length)
        {
            // An EHLO reply is rewritten as a whole and starts with all the room there is.
            if (!to.HasRoomFor(RoomForOneReply) || (consumed > 0 && state.Replies.IsNext(Awaited.Ehlo)))
            {
                return Step.More(consumed);
            }

            var rest = input[consumed..];
            var step = state.Replies.IsNext(Awaited.Ehlo) ? ReadEhloReply(rest, ref to) : ReadLine(rest, ref to);
            consumed += step.Consumed;
            if (step.Next != Next.More || step.Consumed == 0)
            {
                return step with { Consumed = consumed };
            }
        }

        return Step.More(consumed);
    }

    /// <inheritdoc cref="BackendGreeting.TryNext"/>
    public Step TryNext(CloseReason reason, ref Emitter to) => _greeting.TryNext(reason, ref to);

    private Step ReadEhloReply(ReadOnlySpan<byte> input, ref Emitter to)
    {
        if (!ReplyLine.TryFindReply(input, out var length, out var reply, out var malformed))
        {
            return malformed ? Break(ref to) : Step.More(0);
        }

        if (!IsExpected(reply))
        {
            return Break(ref to);
        }

        if (!reply.IsPositive)
        {
            to.ToClient(input[..length]);
            return Answered(reply, length, ref to);
        }

        if (!EhloReply.Relay(input[..length], ref to, out var offered))
        {
            return Break(ref to);
        }

        state.Extensions = offered;
        if (state.IsLoginDue)
        {
            state.Observer.LoginOffered(offered.HasLogin);
        }

        return Answered(reply, length, ref to);
    }

    private Step ReadLine(ReadOnlySpan<byte> input, ref Emitter to)
    {
        var length = input.IndexOf((byte)'\n') + 1;
        if (length == 0)
        {
            return input.Length > ReplyLine.MaxLength ? Break(ref to) : Step.More(0);
        }

        var line = input[..length];
        if (!ReplyLine.TryParse(line, out var reply) || !IsExpected(reply))
        {
            return Break(ref to);
        }

        to.ToClient(line);
        return reply.IsLast ? Answered(reply, length, ref to) : Step.More(length);
    }

    // Replies are matched by count, but a wrong request for more, or a login without credentials, would leave the two sides in different modes.
    private bool IsExpected(ReplyLine reply) => reply.Code == 421 || (IsInData && reply.Code >= 400) || (!state.Replies.IsEmpty && reply switch
    {
        { Code: 334 } => state.Replies.IsNext(Awaited.Auth),
        { Code: 235 } => state.Replies.IsNext(Awaited.Auth) && state.Login.EndsInResponse,
        { Code: 354 } => state.Replies.IsNext(Awaited.Data),
        { IsIntermediate: true } => false,
        _ => true,
    });

    // Between 354 and the final dot nothing is asked, but a backend may have had enough.
    private bool IsInData => state.Mode is ClientMode.FirstData or ClientMode.Data;

    private Step Answered(ReplyLine reply, int length, ref Emitter to)
    {
        if (IsInData || (reply.Code == 421 && state.Mode == ClientMode.Chunk))
        {
            state.LoseBackend(saidGoodbye: reply.Code == 421);
            return Step.More(length);
        }

        if (reply.Code == 421)
        {
            return Step.Close(length, state.HasQuit ? CloseReason.Completed : CloseReason.BackendClosed);
        }

        var awaited = state.Replies.Take();
        _effects.Apply(awaited, reply);
        while (state.Replies.TryTakeLocal(out var local))
        {
            LocalReplies.Emit(local, ref to);
        }

        if (awaited == Awaited.Quit && reply.IsPositive)
        {
            return Step.Close(length, CloseReason.Completed);
        }

        state.HasQuit &= awaited != Awaited.Quit;
        if (awaited == Awaited.Data && !reply.IsIntermediate && state.HasDataBeforeReply)
        {
            // The content is already on its way and must not run as commands.
            return SmtpState.EndNow(LocalReply.OutOfStep, CloseReason.ProtocolError, length, ref to);
        }

        state.IsWaiting &= !state.Replies.IsEmpty;
        if (state.Replies.IsEmpty && state.Ending != CloseReason.None)
        {
            return Step.Close(length, state.Ending);
        }

        if ((state.HasLostClient && !state.Replies.AwaitsVerdict)
            || (state.HasClientEnded && (state.Replies.IsEmpty || state.Mode != ClientMode.Command)))
        {
            return Step.Close(length, state.HasQuit ? CloseReason.Completed : CloseReason.ClientClosed);
        }

        return state.IsDraining && state.IsBetweenTransactions
            ? SmtpState.EndNow(LocalReply.ShuttingDown, CloseReason.Drained, length, ref to)
            : Step.More(length);
    }

    private static Step Break(ref Emitter to) => SmtpState.EndNow(LocalReply.BackendGone, CloseReason.BackendProtocolError, 0, ref to);
}
