using TlsFront.Connections;
using TlsFront.Handover;

namespace TlsFront.Protocols.StartTls;

/// <summary>
/// STARTTLS (RFC 3207, RFC 2595, RFC 9051 section 6.2.1) in front of a protocol's own machine: a <see cref="PlaintextDialogue"/>, TLS, and then that
/// machine, which is told of nothing that went before.
/// <para>The backend is connected only behind TLS, so that nothing of the plaintext phase can reach it, whatever an attacker on the way put there.
/// Octets behind the command end the connection; those that come later are read as TLS, which they are not.</para>
/// <para>Where the dialogue leaves a login to the session, that goes on in cleartext to its end: it is another session then, without STARTTLS.</para>
/// </summary>
/// <param name="dialogue">The plaintext phase.</param>
/// <param name="session">The protocol's own machine, which greets nobody.</param>
/// <param name="observer">Who is told of exposed credentials.</param>
/// <param name="bareNewlines">What becomes of lines that end in LF alone.</param>
internal sealed class StartTlsMachine(
    PlaintextDialogue dialogue, MailMachine session, ISessionObserver observer, BareNewlines bareNewlines = BareNewlines.Normalize) : MailMachine
{
    /// <summary>Most lines of the plaintext phase: a client needs three, and a flood gets no replies without end.</summary>
    public const int MaxLines = 20;

    /// <summary>Longest line in octets: a token sent too early is refused like any other, and noted.</summary>
    public const int MaxLine = 16 * 1024;

    // First octet of a TLS handshake.
    private const byte Handshake = 0x16;

    /// <summary>Where words go that the client has heard already, or is not to hear.</summary>
    [ThreadStatic]
    private static EmitBuffer? _unheard;

    private bool _isOver;
    private int _lines;
    private int _announced;

    /// <inheritdoc/>
    public override Phase Phase => _isOver ? session.Phase : Phase.Plaintext;

    /// <inheritdoc/>
    public override Step FromClient(ReadOnlySpan<byte> input, ref Emitter to)
    {
        if (_isOver)
        {
            return session.FromClient(input, ref to);
        }

        if (_announced > 0)
        {
            var piece = Math.Min(_announced, input.Length);
            _announced -= piece;
            return Step.More(piece);
        }

        if (input[0] == Handshake)
        {
            return Step.Close(0, CloseReason.TlsUnasked);
        }

        switch (LineReader.Read(input, MaxLine, bareNewlines, out var line, out var length))
        {
            case LineState.Incomplete:
                return Step.More(0);
            case LineState.TooLong:
                return End(CloseReason.LineTooLong, ref to);
            case LineState.Malformed:
                return End(CloseReason.BareNewline, ref to);
            default:
                return ++_lines > MaxLines ? End(CloseReason.ProtocolError, ref to) : Read(input, line, length, ref to);
        }
    }

    /// <inheritdoc/>
    public override Step FromBackend(ReadOnlySpan<byte> input, ref Emitter to) => session.FromBackend(input, ref to);

    /// <inheritdoc/>
    public override Step On(Signal signal, ref Emitter to)
    {
        if (_isOver)
        {
            return session.On(signal, ref to);
        }

        switch (signal)
        {
            case Signal.Start:
                dialogue.Greet(ref to);
                return Step.More(0);
            case Signal.Secured:
                _isOver = true;
                to.Facts.Program = null;
                return session.On(Signal.Start, ref to);
            case Signal.ClientEnded or Signal.ClientLost:
                return Step.Close(0, CloseReason.ClientClosed);
            case Signal.Drain:
                return End(CloseReason.Drained, ref to);
            case Signal.Expired:
                return End(CloseReason.ClientIdle, ref to);
            default:
                return Step.More(0);
        }
    }

    /// <inheritdoc/>
    public override bool IsMovable => _isOver && session.IsMovable;

    /// <inheritdoc/>
    public override void Export(StateWriter state) => session.Export(state);

    /// <inheritdoc/>
    public override void Release() => session.Release();

    private Step Read(ReadOnlySpan<byte> input, ReadOnlySpan<byte> line, int length, ref Emitter to)
    {
        var hasMore = input.Length > length;
        var request = dialogue.Read(line, ref to);
        _announced = dialogue.Announced;
        if (dialogue.HasExposedCredentials)
        {
            observer.CredentialsExposed(dialogue.ExposedUser);
        }

        switch (request)
        {
            case PlaintextRequest.LogIn:
                BeginInCleartext(ref to);
                return session.FromClient(input, ref to);
            case PlaintextRequest.Leave:
                return Step.Close(length, CloseReason.Completed);
            case PlaintextRequest.Abort:
                return End(CloseReason.ProtocolError, ref to);
            case PlaintextRequest.StartTls when hasMore:
                return End(CloseReason.StartTlsInjection, ref to);
            case PlaintextRequest.StartTls:
                dialogue.Agree(ref to);
                return new Step(length, Next.Secure);
            default:
                return Step.More(length);
        }
    }

    /// <summary>Brings the session to where the client takes it to be: greeted, and told what comes before a login.</summary>
    private void BeginInCleartext(ref Emitter to)
    {
        _isOver = true;
        var unheard = _unheard ??= new EmitBuffer();
        unheard.Clear();
        var nobody = new Emitter(dialogue.Preamble, unheard, to.Facts, to.Now);
        session.On(Signal.Start, ref nobody);
        if (!dialogue.Preamble.IsEmpty)
        {
            unheard.Clear();
            session.FromClient(dialogue.Preamble, ref nobody);
        }
    }

    private Step End(CloseReason reason, ref Emitter to)
    {
        dialogue.SayGoodbye(reason, ref to);
        return Step.Close(0, reason);
    }
}
