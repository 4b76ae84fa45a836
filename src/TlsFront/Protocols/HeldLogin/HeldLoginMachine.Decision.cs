using TlsFront.Connections;

namespace TlsFront.Protocols.HeldLogin;

/// <content>What whoever decides about a login sees of it, and what becomes of one that gets no backend.</content>
internal sealed partial class HeldLoginMachine
{
    string IHeldLogin.Method => dialogue.Method;

    bool IHeldLogin.TryReadPassword(Span<byte> password, out int length) => dialogue.TryReadPassword(_login.LastPart, password, out length);

    /// <summary>Says what there is to say in front of the answer to an accepted login.</summary>
    private void Alert(BackendReply meaning, ref Emitter to)
    {
        if (meaning == BackendReply.Accepted && to.Facts.LoginAlert is { } alert)
        {
            to.Facts.LoginAlert = null;
            var words = NewReply();
            dialogue.WriteAlert(alert, ref words);
            _diverted.Tell(words.Written, ref to);
        }
    }

    private Step RefuseLogin(LoginRefusal refusal, ref Emitter to)
    {
        _login.Clear();
        _stage = HeldLoginStage.Dialogue;
        var reply = NewReply();
        dialogue.WriteRefusal(refusal, ref reply);
        var step = _diverted.Tell(reply.Written, ref to);
        return step.Next == Next.Close ? step
            : refusal.EndsSession ? Step.Close(0, CloseReason.LoginRefused)
            : CountFailure(step, ref to);
    }
}
