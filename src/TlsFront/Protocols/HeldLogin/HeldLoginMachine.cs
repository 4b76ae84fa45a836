using TlsFront.Connections;
using TlsFront.Handover;

namespace TlsFront.Protocols.HeldLogin;

/// <summary>
/// Stands behind a protocol's own machine, in the backend's place, until it is known whose session it is: a <see cref="LoginDialogue"/> takes the
/// login, the backend of its user is connected, and gets the login in the client's own words. A refused one leads back to the dialogue: the next
/// user may be at home elsewhere.
/// <para>The session knows nothing of it. To the client it says what it would say of a backend, and to the backend nothing goes that the
/// session did not let through. Nobody is connected for a client that does not try to log in.</para>
/// </summary>
/// <param name="profile">The protocol.</param>
/// <param name="dialogue">What the session hears until its login is complete.</param>
/// <param name="session">The protocol's own machine.</param>
internal sealed partial class HeldLoginMachine(ProtocolProfile profile, LoginDialogue dialogue, MailMachine session) : MailMachine, IHeldLogin
{
    /// <summary>
    /// Most logins that fail. Mail programs try a wrong password with each mechanism they know, three at times, so that a user has three tries, which
    /// RFC 4954 section 4 wants at least.
    /// </summary>
    public const int MaxFailures = 10;

    /// <summary>Most commands before a login: no backend slows them down, and a client needs a handful.</summary>
    public const int MaxCommands = 100;

    /// <summary>Longest greeting of a backend, or answer to what comes before the login, in octets.</summary>
    private const int MaxGreeting = 8 * 1024;

    /// <summary>Longest line of the answer to a login.</summary>
    private const int MaxReply = 16 * 1024;

    [ThreadStatic]
    private static byte[]? _reply;

    private readonly DivertedSession _diverted = new(session);
    private readonly LoginBuffer _login = new();
    private HeldLoginStage _stage;
    private int _failures;
    private int _commands;

    /// <inheritdoc/>
    public override Phase Phase => _stage switch
    {
        HeldLoginStage.Connecting or HeldLoginStage.Greeting => Phase.Greeting,
        HeldLoginStage.Preamble => Phase.AwaitReply,
        _ => session.Phase,
    };

    /// <inheritdoc/>
    public override Step FromClient(ReadOnlySpan<byte> input, ref Emitter to)
    {
        switch (_stage)
        {
            case HeldLoginStage.Dialogue:
                return ReadClient(input, ref to);
            case HeldLoginStage.LoggedIn:
                return session.FromClient(input, ref to);
            case HeldLoginStage.Login when !_login.HasPart:
                return ReadProof(input, ref to);
            default:
                return Step.Hold(0);
        }
    }

    /// <inheritdoc/>
    public override Step FromBackend(ReadOnlySpan<byte> input, ref Emitter to)
    {
        switch (_stage)
        {
            case HeldLoginStage.LoggedIn:
                return session.FromBackend(input, ref to);
            case HeldLoginStage.Greeting:
                return ReadGreeting(input, ref to);
            case HeldLoginStage.Preamble:
                return ReadPreambleAnswer(input, ref to);
            case HeldLoginStage.Login:
                return ReadLoginAnswer(input, ref to);
            default:
                // Of a backend that was given up.
                return Step.More(input.Length);
        }
    }

    /// <inheritdoc/>
    public override Step On(Signal signal, ref Emitter to)
    {
        switch (signal)
        {
            case Signal.Start:
                return Begin(ref to);
            case Signal.BackendReady:
                _stage = HeldLoginStage.Greeting;
                return TryPrepareLogin(to.Facts) ? Step.More(0) : Fail(0, CloseReason.LineTooLong, ref to);
            case Signal.LoginRefused when to.Facts.LoginRefusal is { } refusal:
                to.Facts.LoginRefusal = null;
                return RefuseLogin(refusal, ref to);
            case Signal.BackendEnded when _stage == HeldLoginStage.Greeting:
                return TryNext(0, CloseReason.BackendClosed, ref to);
            case Signal.BackendEnded when _stage is HeldLoginStage.Dialogue or HeldLoginStage.Connecting:
                return Step.More(0);
            case Signal.Expired when _stage == HeldLoginStage.Greeting:
                return TryNext(0, CloseReason.BackendTimeout, ref to);
            default:
                return session.On(signal, ref to);
        }
    }

    /// <inheritdoc/>
    public override bool IsMovable => _stage == HeldLoginStage.LoggedIn && session.IsMovable;

    /// <inheritdoc/>
    public override void Export(StateWriter state) => session.Export(state);

    /// <inheritdoc/>
    public override void Release()
    {
        _login.Clear();
        session.Release();
    }

    private static ReplyText NewReply() => new(_reply ??= new byte[ReplyText.MaxLength]);

    private Step Begin(ref Emitter to)
    {
        // It asks for a backend, and has one from here on.
        session.On(Signal.Start, ref to);
        session.On(Signal.BackendReady, ref to);
        var greeting = NewReply();
        dialogue.Greet(to.Facts, ref greeting);
        return _diverted.Tell(greeting.Written, ref to);
    }

    private Step ReadClient(ReadOnlySpan<byte> input, ref Emitter to)
    {
        input = input[..dialogue.InputLength(input)];
        var step = _diverted.FromClient(input, ref to, out var sent);
        var fits = _login.TryAdd(input, sent);
        return step.Next == Next.Close ? step
            : !fits ? session.On(Signal.BackendLost, ref to) with { Consumed = step.Consumed, Reason = CloseReason.LineTooLong }
            : ReadCommands(step, ref to);
    }

    /// <summary>Has the dialogue answer what the session sent, behind <paramref name="sent"/>.</summary>
    private Step ReadCommands(Step sent, ref Emitter to)
    {
        var isAnswered = false;
        while (dialogue.CommandLength(_login.Pending) is > 0 and var length)
        {
            isAnswered = true;
            if (++_commands > MaxCommands)
            {
                return EndTooMany(sent, ref to);
            }

            to.Facts.User = null;
            var reply = NewReply();
            var answer = dialogue.Read(_login.Pending[..length], to.Facts, ref reply);
            if (dialogue.BeginsLogin)
            {
                _login.DropParts();
            }

            if (answer is LoginAnswer.Continued or LoginAnswer.Complete && !TryKeep(length))
            {
                return session.On(Signal.BackendLost, ref to) with { Consumed = sent.Consumed, Reason = CloseReason.ProtocolError };
            }

            switch (answer)
            {
                case LoginAnswer.Complete:
                    _stage = HeldLoginStage.Connecting;
                    (to.Facts.User, to.Facts.IsLoginByCertificate) = (dialogue.User, dialogue.IsByCertificate);
                    to.Facts.HeldLogin = this;
                    return new Step(sent.Consumed, Next.Connect);
                case LoginAnswer.Answered:
                    _login.Drop(length);
                    break;
                case LoginAnswer.Refused:
                    _login.Clear();
                    break;
            }

            var step = _diverted.Tell(reply.Written, ref to);
            if (step.Next != Next.Close && answer == LoginAnswer.Refused)
            {
                step = CountFailure(step, ref to);
            }

            if (step.Next == Next.Close)
            {
                return step with { Consumed = sent.Consumed };
            }
        }

        // What it holds, it held for the answers that it has now.
        return isAnswered ? Step.More(sent.Consumed) : sent;
    }

    private bool TryKeep(int length) =>
        dialogue.ResponseAt > 0 ? _login.TryKeepApart(length, dialogue.ResponseAt) : _login.TryKeep(length);

    // Anew with each backend: another one may get another login.
    private bool TryPrepareLogin(SessionFacts facts)
    {
        if (facts.BackendLogin is not { } own)
        {
            _login.Rewind();
            return true;
        }

        var command = NewReply();
        dialogue.WritePlain(ref command);
        return _login.TryReplace(command.Written, own, dialogue.ResponseQuote);
    }

    private Step ReadGreeting(ReadOnlySpan<byte> input, ref Emitter to)
    {
        switch (profile.JudgeGreeting(input, out var length))
        {
            case GreetingVerdict.Incomplete when input.Length <= MaxGreeting:
                return Step.More(0);
            case GreetingVerdict.Ready when !dialogue.IsForLogin(input[..length]):
                return TryNext(input.Length, CloseReason.BackendProtocolError, ref to);
            case GreetingVerdict.Ready when dialogue.Preamble.IsEmpty:
                return SendPart(length, ref to);
            case GreetingVerdict.Ready:
                _stage = HeldLoginStage.Preamble;
                to.ToBackend(dialogue.Preamble);
                return Step.More(length);
            case GreetingVerdict.Refusal:
                return TryNext(input.Length, CloseReason.BackendRefused, ref to);
            default:
                return TryNext(input.Length, CloseReason.BackendProtocolError, ref to);
        }
    }

    private Step ReadPreambleAnswer(ReadOnlySpan<byte> input, ref Emitter to)
    {
        var agrees = dialogue.AgreesToPreamble(input, out var length);
        return agrees == true ? SendPart(length, ref to)
            : agrees is null && input.Length <= MaxGreeting ? Step.More(0)
            : Fail(input.Length, CloseReason.BackendProtocolError, ref to);
    }

    private Step ReadLoginAnswer(ReadOnlySpan<byte> input, ref Emitter to)
    {
        var length = dialogue.ReplyLength(input);
        if (length == 0)
        {
            return input.Length > MaxReply ? Fail(input.Length, CloseReason.BackendProtocolError, ref to) : Step.More(0);
        }

        var meaning = dialogue.Classify(input[..length]);
        if (meaning == BackendReply.Continuation && _login.HasPart)
        {
            return SendPart(length, ref to);
        }

        // Also one that lets in somebody whose password it does not have yet: it understood something else.
        if (meaning == BackendReply.Unexpected
            || (meaning == BackendReply.Continuation && !dialogue.MayBeAsked)
            || (meaning == BackendReply.Accepted && _login.HasPart))
        {
            return Fail(input.Length, CloseReason.BackendProtocolError, ref to);
        }

        Alert(meaning, ref to);
        var step = session.FromBackend(input[..length], ref to);
        if (step.Next == Next.Close || meaning is BackendReply.Other or BackendReply.Continuation)
        {
            return step;
        }

        _login.Clear();
        to.Facts.BackendLogin?.Forget();
        if (meaning == BackendReply.Accepted)
        {
            _stage = HeldLoginStage.LoggedIn;
            return step;
        }

        // Where it said goodbye, the session waits for its end.
        if (session.Phase != Phase.PreLogin)
        {
            return session.On(Signal.BackendEnded, ref to) with { Consumed = step.Consumed };
        }

        _stage = HeldLoginStage.Dialogue;
        step = CountFailure(step, ref to);
        return step.Next == Next.Close ? step : new Step(step.Consumed, Next.Disconnect);
    }

    /// <summary>What the client answers to a challenge that only its backend can make.</summary>
    private Step ReadProof(ReadOnlySpan<byte> input, ref Emitter to)
    {
        var step = _diverted.FromClient(input, ref to, out var sent);
        if (sent.ToBackend.Count == 0)
        {
            return step;
        }

        var fits = _login.TryAdd(input, sent);
        if (step.Next == Next.Close)
        {
            return step;
        }

        if (!fits || !dialogue.MayAnswer(_login.Pending) || !_login.TryKeep(_login.Pending.Length))
        {
            return Fail(step.Consumed, CloseReason.ProtocolError, ref to);
        }

        to.KeptToBackend(_login.TakePart());
        return step;
    }

    private Step SendPart(int consumed, ref Emitter to)
    {
        _stage = HeldLoginStage.Login;
        to.KeptToBackend(_login.TakePart());
        return Step.More(consumed);
    }

    private Step CountFailure(Step step, ref Emitter to) => ++_failures < MaxFailures ? step : EndTooMany(step, ref to);

    private Step EndTooMany(Step step, ref Emitter to)
    {
        var reply = NewReply();
        dialogue.WriteTooMany(to.Facts, ref reply);
        _diverted.Tell(reply.Written, ref to);
        return Step.Close(step.Consumed, CloseReason.TooManyLogins);
    }

    private Step TryNext(int consumed, CloseReason reason, ref Emitter to)
    {
        if (!to.Facts.CanFailOver)
        {
            return Fail(consumed, reason == CloseReason.BackendRefused ? reason : CloseReason.BackendUnavailable, ref to);
        }

        _stage = HeldLoginStage.Connecting;
        return new Step(consumed, Next.Connect, reason);
    }

    // The client hears what it hears where no backend can be reached: to a program that asks for another password, a refusal would be a lie.
    private Step Fail(int consumed, CloseReason reason, ref Emitter to) =>
        session.On(Signal.BackendLost, ref to) with { Consumed = consumed, Reason = reason };
}
