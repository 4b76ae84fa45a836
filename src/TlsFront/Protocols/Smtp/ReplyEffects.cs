namespace TlsFront.Protocols.Smtp;

/// <summary>What a backend's reply changes in the state of the session.</summary>
internal sealed class ReplyEffects(SmtpState state)
{
    /// <summary>The backend gave <paramref name="reply"/> to <paramref name="awaited"/>.</summary>
    public void Apply(Awaited awaited, ReplyLine reply)
    {
        switch (awaited)
        {
            case Awaited.Ehlo or Awaited.Helo when reply.IsPositive:
                state.Hello = (state.SentHelloName, awaited == Awaited.Ehlo);
                state.Extensions = awaited == Awaited.Ehlo ? state.Extensions : SmtpExtensions.None;
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
            case Awaited.Chunk when !reply.IsPositive && state.Transaction.IsOpen:
                state.RefuseChunks();
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
            state.Fruitless = 0;
            state.Observer.LoginSucceeded(state.Login.User);
        }
        else if (reply.Code >= 500 && state.Login.HasCredentials)
        {
            state.Observer.LoginFailed();
        }

        state.Login = default;
    }

    private void ApplyVerdict(ReplyLine reply)
    {
        if (reply.IsPositive)
        {
            state.Fruitless = 0;
            state.Observer.MessageAccepted();
        }
        else if (state.Transaction.IsOpen)
        {
            state.Observer.MessageRefused();
        }

        state.Transaction.End();
    }
}
