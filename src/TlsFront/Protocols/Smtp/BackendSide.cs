using TlsFront.Connections;

namespace TlsFront.Protocols.Smtp;

/// <summary>Reads the backend: replies are relayed, matched with what they answer by count, and draw the state on.</summary>
internal sealed class BackendSide(SmtpState state)
{
    // One line of a reply is a slice; behind it all queued replies of our own may come due.
    private const int RoomForOneReply = 1600;

    /// <summary>Takes what can be taken of <paramref name="input"/>.</summary>
    public Step Read(ReadOnlySpan<byte> input, ref Emitter to)
    {
        if (state.Stage != SmtpStage.Dialogue)
        {
            return ReadGreeting(input, ref to);
        }

        if (state.Mode == ClientMode.AfterRefusal)
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

    private Step ReadGreeting(ReadOnlySpan<byte> input, ref Emitter to)
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

        // A 554 is relayed and the dialogue goes on: the client says QUIT (RFC 5321 section 3.1).
        to.ToClient(input[..length]);
        state.Stage = SmtpStage.Dialogue;
        return reply.Code == 421 ? Step.Close(length, CloseReason.BackendRefused) : Step.More(length);
    }

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

        if (reply.Code != 250)
        {
            to.ToClient(input[..length]);
        }
        else if (!EhloReply.Relay(input[..length], ref to, out var offersLogin))
        {
            return Break(ref to);
        }
        else if (state.Rules.Authentication == Authentication.Required && !state.IsAuthenticated)
        {
            state.Observer.LoginOffered(offersLogin);
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

    // Replies are matched by count, but a wrong request for more would leave the two sides in different modes.
    private bool IsExpected(ReplyLine reply) => reply.Code == 421 || (!state.Replies.IsEmpty && reply switch
    {
        { Code: 334 } => state.Replies.IsNext(Awaited.Auth),
        { Code: 354 } => state.Replies.IsNext(Awaited.Data),
        { IsIntermediate: true } => false,
        _ => true,
    });

    private Step Answered(ReplyLine reply, int length, ref Emitter to)
    {
        if (reply.Code == 421)
        {
            return Step.Close(length, state.HasQuit ? CloseReason.Completed : CloseReason.BackendClosed);
        }

        var awaited = state.Replies.Take();
        Apply(awaited, reply);
        while (state.Replies.TryTakeLocal(out var local))
        {
            LocalReplies.Emit(local, ref to);
        }

        if (awaited == Awaited.Quit && reply.IsPositive)
        {
            return Step.Close(length, CloseReason.Completed);
        }

        if (awaited == Awaited.Data && !reply.IsIntermediate && state.HasDataBeforeReply)
        {
            // The content is already on its way and must not run as commands.
            return SmtpState.EndNow(LocalReply.OutOfStep, CloseReason.ProtocolError, length, ref to);
        }

        if (state.IsClientGone && !state.Replies.AwaitsVerdict)
        {
            return Step.Close(length, state.HasQuit ? CloseReason.Completed : CloseReason.ClientClosed);
        }

        state.IsWaiting &= !state.Replies.IsEmpty;
        if (state.Replies.IsEmpty && state.Ending != CloseReason.None)
        {
            return Step.Close(length, state.Ending);
        }

        return state.IsDraining && state.IsBetweenTransactions
            ? SmtpState.EndNow(LocalReply.ShuttingDown, CloseReason.Drained, length, ref to)
            : Step.More(length);
    }

    private void Apply(Awaited awaited, ReplyLine reply)
    {
        switch (awaited)
        {
            case Awaited.Ehlo or Awaited.Helo when reply.IsPositive:
                state.Hello = (state.SentHelloName, awaited == Awaited.Ehlo);
                state.Transaction.End();
                break;
            case Awaited.Reset when reply.IsPositive:
                state.Transaction.End();
                break;
            case Awaited.Auth:
                ApplyLogin(reply);
                break;
            case Awaited.Mail:
                state.Transaction.AnswerMail(reply.IsPositive);
                break;
            case Awaited.Rcpt:
                state.Transaction.AnswerRecipient(reply.IsPositive);
                break;
            case Awaited.Data when reply.IsIntermediate:
                state.Mode = ClientMode.FirstData;
                break;
            case Awaited.Chunk when !reply.IsPositive && state.Transaction.IsOpen && !state.Transaction.IsDead:
                state.Transaction.IsDead = true;
                state.Observer.MessageRefused();
                break;
            case Awaited.Verdict:
                ApplyVerdict(reply);
                break;
        }
    }

    private void ApplyLogin(ReplyLine reply)
    {
        if (reply.IsIntermediate)
        {
            state.Mode = ClientMode.AuthenticationResponse;
            return;
        }

        if (reply.Code == 235)
        {
            state.IsAuthenticated = true;
            state.Observer.LoginSucceeded(state.Login.User);
        }
        else if (reply.Code >= 500 && !state.HasCancelledLogin)
        {
            state.Observer.LoginFailed();
        }

        state.Login = default;
    }

    private void ApplyVerdict(ReplyLine reply)
    {
        if (reply.IsPositive)
        {
            state.Observer.MessageAccepted();
        }
        else if (state.Transaction is { IsOpen: true, IsDead: false })
        {
            state.Observer.MessageRefused();
        }

        state.Transaction.End();
    }

    private static Step Break(ref Emitter to) => SmtpState.EndNow(LocalReply.BackendGone, CloseReason.BackendProtocolError, 0, ref to);
}
