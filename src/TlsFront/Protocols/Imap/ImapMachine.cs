using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Imap;

/// <summary>
/// IMAP behind implicit TLS (RFC 9051, 3501, 8314 section 3.2): the not-authenticated state is read, everything after the tagged OK
/// (or PREAUTH) that ends it is not. This part has the client's side.
/// <para>Non-synchronising literals (RFC 7888) go to the backend as synchronising ones and its go-ahead is kept back: whether it knows
/// LITERAL+ or not, it can never take the octets for commands.</para>
/// </summary>
internal sealed partial class ImapMachine(ISessionObserver observer) : AccessMachine(observer)
{
    private const int MaxLine = 8 * 1024;

    /// <summary>Most octets of one command before the login, literals included.</summary>
    private const int MaxCommand = 16 * 1024;

    private readonly byte[] _tag = new byte[ImapSyntax.MaxTag];
    private int _tagLength;
    private ImapCommand _command;
    private ImapExpectation _expectation;
    private int _commandLength;
    private int _literalLeft;
    private bool _userInLiteral;
    private bool _goAheadIsOurs;
    private string? _user;
    private SaslDialogue _sasl;

    /// <inheritdoc/>
    protected override Step ReadClient(ReadOnlySpan<byte> input, ref Emitter to)
    {
        switch (_expectation)
        {
            case ImapExpectation.Literal:
                return ForwardLiteral(input, ref to);
            case ImapExpectation.DroppedLiteral:
                var dropped = Math.Min(_literalLeft, input.Length);
                ConsumeLiteral(dropped, ImapExpectation.DroppedContinuation);
                return Step.More(dropped);
            case ImapExpectation.Command when CommandLine.IsForeign(input[0]):
                return Step.Close(0, CloseReason.ProtocolError);
        }

        var maximum = _expectation == ImapExpectation.SaslResponse || IsAuthenticate(input) ? MaxSaslLine : MaxLine;
        switch (CommandLine.Read(input, maximum, out var line, out var consumed))
        {
            case LineState.Incomplete:
                return Step.More(0);
            case LineState.TooLong:
                return End(0, CloseReason.LineTooLong, ref to);
            case LineState.Malformed when _expectation == ImapExpectation.Command:
                to.ToClient("* BAD Commands end in CRLF and contain no NUL\r\n"u8);
                return Refused(consumed, ref to);
            case LineState.Malformed:
                return End(consumed, CloseReason.BareNewline, ref to);
        }

        switch (_expectation)
        {
            case ImapExpectation.Command:
                return ReadCommand(input[..consumed], line, ref to);
            case ImapExpectation.Continuation:
                return ForwardPart(input[..consumed], line, ref to);
            case ImapExpectation.SaslResponse:
                if (!line.SequenceEqual("*"u8))
                {
                    _sasl.Respond(line);
                }

                to.ToBackend(input[..consumed]);
                _expectation = ImapExpectation.Command;
                AwaitBackend();
                return Step.More(consumed);
            default:
                DropPart(line);
                return Step.More(consumed);
        }
    }

    // Works on a line without end too, so that the limit does not depend on how the bytes arrive.
    private static bool IsAuthenticate(ReadOnlySpan<byte> input)
    {
        CommandLine.SplitWord(input[..Math.Min(input.Length, 128)], out var rest);
        return Ascii.EqualsIgnoreCase(CommandLine.SplitWord(rest, out _), "AUTHENTICATE"u8);
    }

    private Step ReadCommand(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (CommandLine.IsHttpRequest(line))
        {
            return Step.Close(whole.Length, CloseReason.ProtocolError);
        }

        var tag = CommandLine.SplitWord(line, out var rest);
        var verb = CommandLine.SplitWord(rest, out var arguments);
        if (!ImapSyntax.IsTag(tag) || !CommandLine.IsVerb(verb))
        {
            to.ToClient("* BAD Expected a tag and a command\r\n"u8);
            return Refused(whole.Length, line, ref to);
        }

        if (Ascii.EqualsIgnoreCase(verb, "STARTTLS"u8))
        {
            return Refuse(whole.Length, line, tag, " BAD TLS already active\r\n"u8, ref to);
        }

        // COMPRESS belongs to the authenticated state (RFC 4978 section 3): before it, it would take the dialogue out of our sight.
        if (Ascii.EqualsIgnoreCase(verb, "COMPRESS"u8) || Ascii.EqualsIgnoreCase(verb, "XCLIENT"u8) || Ascii.EqualsIgnoreCase(verb, "XFORWARD"u8))
        {
            return Refuse(whole.Length, line, tag, " BAD Not available before login\r\n"u8, ref to);
        }

        if (Ascii.EqualsIgnoreCase(verb, "ID"u8))
        {
            if (!ImapId.TryForward(line[..^arguments.Length], arguments, ref to))
            {
                return Refuse(whole.Length, line, tag, " BAD ID takes NIL or a list of quoted strings\r\n"u8, ref to);
            }

            Begin(tag, ImapCommand.Other);
            AwaitBackend();
            return Step.More(whole.Length);
        }

        var command = Classify(verb);
        var announced = ImapSyntax.EndsInLiteral(line, out var literal, out var synchronising);
        if (command != ImapCommand.Login && ImapSyntax.EndsInBraces(line))
        {
            // A backend that ignored the literal might ask for something else, a SASL response say, and get its octets as lines; one that
            // takes "{+5}" for a literal would get lines as octets.
            return Refuse(whole.Length, line, tag, " BAD Before login only LOGIN takes literals\r\n"u8, ref to);
        }

        if (announced && literal > MaxCommand - whole.Length)
        {
            return synchronising
                ? Refuse(whole.Length, line, tag, " BAD [TOOBIG] Literal too large\r\n"u8, ref to)
                : End(whole.Length, CloseReason.LineTooLong, ref to);
        }

        Begin(tag, command);
        switch (_command)
        {
            case ImapCommand.Login:
                _userInLiteral = announced && arguments[0] == '{';
                _user = _userInLiteral ? null : ImapSyntax.ReadUser(arguments);
                break;
            case ImapCommand.Authenticate:
                _sasl.Begin(CommandLine.SplitWord(arguments, out var initialResponse), initialResponse);
                break;
            case ImapCommand.Logout:
                Leaving = true;
                break;
        }

        return ForwardPart(whole, line, ref to);
    }

    private static ImapCommand Classify(ReadOnlySpan<byte> verb) =>
        Ascii.EqualsIgnoreCase(verb, "LOGIN"u8) ? ImapCommand.Login
        : Ascii.EqualsIgnoreCase(verb, "AUTHENTICATE"u8) ? ImapCommand.Authenticate
        : Ascii.EqualsIgnoreCase(verb, "LOGOUT"u8) ? ImapCommand.Logout
        : ImapCommand.Other;

    private void Begin(ReadOnlySpan<byte> tag, ImapCommand command)
    {
        tag.CopyTo(_tag);
        _tagLength = tag.Length;
        _command = command;
        _commandLength = 0;
        _userInLiteral = false;
        _user = null;
    }

    // Forwards a line of a command: all of it, or the part up to a literal.
    private Step ForwardPart(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> line, ref Emitter to)
    {
        _commandLength += whole.Length;
        _expectation = ImapExpectation.Command;
        if (!ImapSyntax.EndsInLiteral(line, out var literal, out var synchronising))
        {
            if (_commandLength > MaxCommand && _command == ImapCommand.Login)
            {
                return End(whole.Length, CloseReason.LineTooLong, ref to);
            }

            to.ToBackend(whole);
            AwaitBackend();
            return Step.More(whole.Length);
        }

        if (literal > MaxCommand - _commandLength)
        {
            return End(whole.Length, CloseReason.LineTooLong, ref to);
        }

        _commandLength += literal;
        _literalLeft = literal;
        _expectation = literal > 0 ? ImapExpectation.Literal : ImapExpectation.Continuation;
        _goAheadIsOurs = !synchronising;
        to.ToBackend(synchronising ? whole : line[..^2]);
        to.ToBackend(synchronising ? default : "}\r\n"u8);
        AwaitBackend();
        return Step.More(whole.Length);
    }

    private Step ForwardLiteral(ReadOnlySpan<byte> input, ref Emitter to)
    {
        if (_userInLiteral)
        {
            // The name is read in one piece; one that no log would show passes like any other literal.
            if (_literalLeft <= UserName.MaxBytes && input.Length < _literalLeft)
            {
                return Step.More(0);
            }

            _user = _literalLeft <= UserName.MaxBytes ? UserName.FromUtf8(input[.._literalLeft]) : null;
            _userInLiteral = false;
        }

        var piece = Math.Min(_literalLeft, input.Length);
        to.ToBackend(input[..piece]);
        ConsumeLiteral(piece, ImapExpectation.Continuation);
        return Step.More(piece);
    }

    private void ConsumeLiteral(int octets, ImapExpectation then)
    {
        _literalLeft -= octets;
        _expectation = _literalLeft > 0 ? _expectation : then;
    }

    // Of a refused command, only what was sent without waiting for a go-ahead still comes.
    private void DropPart(ReadOnlySpan<byte> line)
    {
        _expectation = ImapExpectation.Command;
        if (ImapSyntax.EndsInLiteral(line, out var literal, out var synchronising) && !synchronising)
        {
            _literalLeft = literal;
            _expectation = literal > 0 ? ImapExpectation.DroppedLiteral : ImapExpectation.DroppedContinuation;
        }
    }

    private Step Refuse(int consumed, ReadOnlySpan<byte> line, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> answer, ref Emitter to)
    {
        to.ToClient(tag);
        to.ToClient(answer);
        return Refused(consumed, line, ref to);
    }

    private Step Refused(int consumed, ReadOnlySpan<byte> line, ref Emitter to)
    {
        DropPart(line);
        return Refused(consumed, ref to);
    }
}
