using System.Text;
using TlsFront.Connections;

namespace TlsFront.Protocols.Access;

/// <summary>
/// The life that IMAP, POP3 and ManageSieve share behind TLS: a backend's greeting, then one command at a time until a login succeeds,
/// then transparent.
/// <para>Before the login the two sides are kept in lock step: a command is forwarded only when the backend has answered the one
/// before, what the client pipelined waits in the engine. Thus an answer of our own is never out of order, a backend that reads a
/// line differently cannot be made to run what follows as commands, and no queue is needed. Each call handles one line or one
/// piece of a literal, which also keeps every call within the bounds of an <see cref="EmitBuffer"/>.</para>
/// </summary>
/// <param name="observer">Who is told of logins.</param>
/// <param name="bareNewlines">What becomes of lines that end in LF alone.</param>
/// <param name="isGreeted">Whether the client was greeted before TLS, so that the backend's greeting is for us alone.</param>
internal abstract class AccessMachine(ISessionObserver observer, BareNewlines bareNewlines, bool isGreeted) : MailMachine
{
    /// <summary>Most bytes of a line with a SASL response in it. RFC 9051 names no limit; OAuth tokens and Postfix' 12288 fit.</summary>
    protected const int MaxSaslLine = 16 * 1024;

    /// <summary>Commands we refuse ourselves before the session ends: scanners and cross-protocol attacks need many.</summary>
    private const int MaxRefusals = 10;

    /// <summary>Most bytes of a reply that is read at once.</summary>
    private const int MaxBackendLine = 16 * 1024;

    private AccessStage _stage;
    private int _refusals;
    private bool _draining;
    private bool _clientEnded;

    /// <inheritdoc/>
    public sealed override Phase Phase => _stage switch
    {
        AccessStage.Client => Phase.PreLogin,
        AccessStage.Backend => Phase.AwaitReply,
        AccessStage.Relay => Phase.Relay,
        _ => Phase.Greeting,
    };

    /// <summary>Whether the client was greeted before TLS.</summary>
    protected bool IsGreeted => isGreeted;

    /// <summary>What becomes of command lines that end in LF alone.</summary>
    protected BareNewlines BareNewlines => bareNewlines;

    /// <summary>Whether the client asked to leave (LOGOUT, QUIT).</summary>
    protected bool Leaving { get; set; }

    /// <summary>Whether the backend said goodbye: it has the word until it closes, and a second goodbye would only confuse.</summary>
    protected bool BackendSaidGoodbye { get; set; }

    /// <summary>Octets of a literal that the backend announced and that pass unread.</summary>
    protected int BackendLiteral { get; set; }

    /// <summary>Whether the client has half a line of the backend's, into which nothing may be inserted.</summary>
    protected bool MidLine { get; set; }

    /// <summary>Whether the backend owes an answer.</summary>
    protected bool BackendOwes => _stage == AccessStage.Backend;

    /// <summary>Handles one line or piece of a literal at the start of <paramref name="input"/>, or asks for more.</summary>
    protected abstract Step ReadClient(ReadOnlySpan<byte> input, ref Emitter to);

    /// <summary>Handles one line of the backend's, line end included.</summary>
    protected abstract Step ReadReply(ReadOnlySpan<byte> line, ref Emitter to);

    /// <summary>Handles the backend's greeting, line end included.</summary>
    protected abstract Step ReadGreeting(ReadOnlySpan<byte> line, ref Emitter to);

    /// <summary>Octets of what <see cref="ReadReply"/> gets at once, at the start of <paramref name="input"/>; 0 if it is not complete.</summary>
    protected virtual int ReplyLength(ReadOnlySpan<byte> input) => input.IndexOf((byte)'\n') + 1;

    /// <summary>The same for <see cref="ReadGreeting"/>.</summary>
    protected virtual int GreetingLength(ReadOnlySpan<byte> input) => ReplyLength(input);

    /// <summary>The whole line that tells the client why the session ends.</summary>
    protected abstract ReadOnlySpan<byte> Goodbye(CloseReason reason);

    /// <inheritdoc/>
    public sealed override Step FromClient(ReadOnlySpan<byte> input, ref Emitter to) =>
        _stage != AccessStage.Client || MidLine ? Step.Hold(0) : ReadClient(input, ref to);

    /// <inheritdoc/>
    public sealed override Step FromBackend(ReadOnlySpan<byte> input, ref Emitter to)
    {
        if (BackendLiteral > 0)
        {
            var piece = Math.Min(BackendLiteral, input.Length);
            to.ToClient(input[..piece]);
            BackendLiteral -= piece;
            return Step.More(piece);
        }

        // A bare LF is accepted from a backend.
        var length = _stage == AccessStage.Greeting ? GreetingLength(input) : ReplyLength(input);
        if (Math.Max(length, length == 0 ? input.Length : 0) > MaxBackendLine)
        {
            return End(0, CloseReason.BackendProtocolError, ref to);
        }

        if (length == 0)
        {
            return Step.More(0);
        }

        var step = _stage == AccessStage.Greeting ? ReadGreeting(input[..length], ref to) : ReadReply(input[..length], ref to);
        // A client that ended its half reads on: it got what it asked for, and has nothing more to say.
        return _clientEnded && _stage == AccessStage.Client && step.Next == Next.More ? Step.Close(step.Consumed, CloseReason.ClientClosed) : step;
    }

    /// <inheritdoc/>
    public sealed override Step On(Signal signal, ref Emitter to)
    {
        switch (signal)
        {
            case Signal.Start:
                return new Step(0, Next.Connect);
            case Signal.BackendReady:
                _stage = AccessStage.Greeting;
                return Step.More(0);
            case Signal.BackendLost:
                return End(0, CloseReason.BackendUnavailable, ref to);
            case Signal.ClientEnded when _stage == AccessStage.Backend && (Leaving || !BackendSaidGoodbye):
                _clientEnded = true;
                return Step.More(0);
            case Signal.ClientEnded or Signal.ClientLost:
                return Step.Close(0, Leaving ? CloseReason.Completed : CloseReason.ClientClosed);
            case Signal.BackendEnded when _stage == AccessStage.Greeting:
                return TryNext(0, CloseReason.BackendClosed, CloseReason.BackendUnavailable, ref to);
            case Signal.BackendEnded when _stage != AccessStage.Connecting:
                return End(0, Leaving ? CloseReason.Completed : CloseReason.BackendClosed, ref to);
            case Signal.Drain when _stage == AccessStage.Backend:
                _draining = true;
                return Step.More(0);
            case Signal.Drain:
                return End(0, CloseReason.Drained, ref to);
            case Signal.Expired when _stage == AccessStage.Greeting:
                return TryNext(0, CloseReason.BackendTimeout, CloseReason.BackendUnavailable, ref to);
            case Signal.Expired:
                return End(0, _stage == AccessStage.Client ? CloseReason.ClientIdle : CloseReason.BackendTimeout, ref to);
            default:
                return Step.More(0);
        }
    }

    /// <summary>Forwards a line, ended as every backend expects it.</summary>
    protected static void Forward(ReadOnlySpan<byte> line, ref Emitter to)
    {
        to.ToBackend(line);
        to.ToBackend("\r\n"u8);
    }

    /// <summary>What the client sends next goes through, nothing is outstanding.</summary>
    protected void AwaitClient() => _stage = AccessStage.Client;

    /// <summary>Something was forwarded that the backend answers: the client waits.</summary>
    protected void AwaitBackend() => _stage = AccessStage.Backend;

    /// <summary>The greeting failed: asks for the next destination while there is one.</summary>
    protected Step TryNext(int consumed, CloseReason failure, CloseReason lastResort, ref Emitter to)
    {
        if (!to.Facts.CanFailOver)
        {
            return End(consumed, lastResort, ref to);
        }

        _stage = AccessStage.Connecting;
        return new Step(consumed, Next.Connect, failure);
    }

    /// <summary>The last line of the backend's answer was relayed.</summary>
    protected Step Answered(int consumed, ref Emitter to)
    {
        _stage = BackendSaidGoodbye ? AccessStage.Backend : AccessStage.Client;
        if (Leaving)
        {
            return Step.Close(consumed, CloseReason.Completed);
        }

        return _draining ? End(consumed, CloseReason.Drained, ref to) : Step.More(consumed);
    }

    /// <summary>The backend accepted a login and its answer was relayed: the rest of the session is not read.</summary>
    protected Step LoggedIn(int consumed, string? user)
    {
        _stage = AccessStage.Relay;
        observer.LoginSucceeded(user);

        // Nobody asks it again: it was told to end while this answer was awaited.
        return _draining ? Step.Close(consumed, CloseReason.Drained) : new Step(consumed, Next.Transparent);
    }

    /// <summary>
    /// The backend refused a login; <paramref name="text"/> is what follows its NO or -ERR. That it cannot look at the moment says nothing of the
    /// credentials, and an outage makes no guesser of a user.
    /// </summary>
    protected void LoginRefused(ReadOnlySpan<byte> text)
    {
        if (!IsTemporary(text))
        {
            observer.LoginFailed();
        }
    }

    /// <summary>
    /// By the code in front alone (RFC 5530 section 3, RFC 2449 section 8.1, RFC 3206, RFC 5804 section 1.3): what is behind it may be the client's
    /// own words. Codes are in any case.
    /// </summary>
    private static bool IsTemporary(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        if (text.IsEmpty || text[0] is not ((byte)'[' or (byte)'(') || text.IndexOfAny("]) "u8) is not (> 0 and var end))
        {
            return false;
        }

        var code = text[1..end];
        return Ascii.EqualsIgnoreCase(code, "UNAVAILABLE"u8) || Ascii.EqualsIgnoreCase(code, "SERVERBUG"u8)
            || Ascii.EqualsIgnoreCase(code, "LIMIT"u8) || Ascii.EqualsIgnoreCase(code, "INUSE"u8)
            || Ascii.EqualsIgnoreCase(code, "SYS/TEMP"u8) || Ascii.EqualsIgnoreCase(code, "IN-USE"u8)
            || Ascii.EqualsIgnoreCase(code, "LOGIN-DELAY"u8) || Ascii.EqualsIgnoreCase(code, "TRYLATER"u8);
    }

    /// <summary>A command was refused without asking the backend; the answer is out.</summary>
    protected Step Refused(int consumed, ref Emitter to) =>
        ++_refusals < MaxRefusals ? Step.More(consumed) : End(consumed, CloseReason.ProtocolError, ref to);

    /// <summary>Says why and ends the session.</summary>
    protected Step End(int consumed, CloseReason reason, ref Emitter to)
    {
        if (!BackendSaidGoodbye && !MidLine && reason != CloseReason.Completed)
        {
            to.ToClient(Goodbye(reason));
        }

        return Step.Close(consumed, reason);
    }
}
