using TlsFront.Connections;

namespace TlsFront.Protocols.HeldLogin;

/// <content>What whoever decides about a login sees of it, and what becomes of one that gets no backend.</content>
internal sealed partial class HeldLoginMachine
{
    string IHeldLogin.Method => dialogue.Method;

    bool IHeldLogin.TryReadPassword(Span<byte> password, out int length) => dialogue.TryReadPassword(_login.LastPart, password, out length);

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
