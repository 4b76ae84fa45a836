using TlsFront.Connections;
using TlsFront.Protocols.Access;

namespace TlsFront.Protocols.Imap;

/// <content>
/// LOGIN and literals.
/// <para>Octets of a literal go to the backend only after its own go-ahead: a server that does not take the end of the line for a literal says
/// something else, and gets none of them as a command. So <c>{n+}</c> (LITERAL+ and LITERAL-, RFC 7888) is forwarded as <c>{n}</c>, even to a
/// server that offered it, and the go-ahead is kept back. <c>~{n}</c> and <c>~{n+}</c> (literal8, RFC 3516) are arguments of no command
/// before the login, and whatever else ends in braces is no literal to us but may be one to a server: both are refused.</para>
/// <para>A client that waits for no go-ahead has sent the octets already when a command is refused, by us or by the backend: they are read
/// and dropped. One that waits has not, and sends the next command.</para>
/// </content>
internal sealed partial class ImapMachine
{
    /// <summary>Most octets of one command before the login, all lines and literals together.</summary>
    private const int MaxCommand = 16 * 1024;

    private int _argumentsLeft;
    private int _commandLength;
    private int _literalLeft;
    private bool _userInLiteral;
    private bool _goAheadIsOurs;
    private string? _user;

    private Step BeginLogin(int consumed, ReadOnlySpan<byte> line, ReadOnlySpan<byte> arguments, ref Emitter to)
    {
        _argumentsLeft = 2;
        if (!TakeArguments(arguments))
        {
            return Refuse(consumed, line, " BAD LOGIN takes a user name and a password, one space apart\r\n"u8, ref to);
        }

        if (StringSyntax.EndsInLiteral(line, out var literal, out var synchronising) && synchronising && literal > MaxCommand - consumed)
        {
            return Refuse(consumed, line, " NO [LIMIT] Literal too long\r\n"u8, ref to);
        }

        _userInLiteral = arguments[0] == '{';
        _user = _userInLiteral ? null : ImapSyntax.ReadUser(arguments);
        return ForwardPart(consumed, line, ref to);
    }

    // What went before is with the backend, whose turn it is not: only the end of the session takes it back.
    private Step ContinueLogin(int consumed, ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (_argumentsLeft == 0 ? line.IsEmpty : line.StartsWith(" "u8) && TakeArguments(line[1..]))
        {
            return ForwardPart(consumed, line, ref to);
        }

        to.ToClient("* BYE LOGIN takes a user name and a password, one space apart\r\n"u8);
        return Step.Close(consumed, CloseReason.ProtocolError);
    }

    /// <summary>Counts the arguments in <paramref name="text"/>, one space apart; false if they are not in order or too many.</summary>
    private bool TakeArguments(ReadOnlySpan<byte> text)
    {
        while (_argumentsLeft > 0)
        {
            _argumentsLeft--;
            if (ImapSyntax.IsLiteral(text))
            {
                return true;
            }

            var length = ImapSyntax.AstringLength(text);
            if (length == 0 || length == text.Length)
            {
                return length > 0 && _argumentsLeft == 0;
            }

            if (text[length] != ' ')
            {
                return false;
            }

            text = text[(length + 1)..];
        }

        return false;
    }

    // Forwards a line of a LOGIN: all of it, or the part up to a literal.
    private Step ForwardPart(int consumed, ReadOnlySpan<byte> line, ref Emitter to)
    {
        _commandLength += consumed;
        var announced = StringSyntax.EndsInLiteral(line, out var literal, out var synchronising);
        if (literal > MaxCommand - _commandLength)
        {
            return End(consumed, CloseReason.LineTooLong, ref to);
        }

        if (!announced)
        {
            _loginSent = true;
            return ForwardLast(consumed, line, ref to);
        }

        _commandLength += literal;
        _literalLeft = literal;
        _expectation = literal > 0 ? ImapExpectation.Literal : ImapExpectation.Continuation;
        _goAheadIsOurs = !synchronising;
        // Leading zeros go, which somebody might read as octal.
        var digits = line.LastIndexOf((byte)'{') + 1;
        to.ToBackend(line[..digits]);
        to.ToBackend(literal > 0 ? line[digits..^(synchronising ? 1 : 2)].TrimStart((byte)'0') : "0"u8);
        to.ToBackend("}\r\n"u8);
        AwaitBackend();
        return Step.More(consumed);
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

            // No literal of LOGIN may hold NUL (RFC 9051 section 9); a server that takes it all the same reads as far as that.
            var name = _literalLeft <= UserName.MaxBytes ? input[.._literalLeft] : default;
            _user = UserName.FromUtf8(name.IndexOf((byte)0) is >= 0 and var end ? name[..end] : name);
            _userInLiteral = false;
        }

        var piece = Math.Min(_literalLeft, input.Length);
        to.ToBackend(input[..piece]);
        ConsumeLiteral(piece, ImapExpectation.Continuation);
        return Step.More(piece);
    }

    private Step DropLiteral(ReadOnlySpan<byte> input)
    {
        var piece = Math.Min(_literalLeft, input.Length);
        ConsumeLiteral(piece, ImapExpectation.DroppedContinuation);
        return Step.More(piece);
    }

    private void ConsumeLiteral(int octets, ImapExpectation then)
    {
        _literalLeft -= octets;
        _expectation = _literalLeft > 0 ? _expectation : then;
    }

    // Of a refused command, only what was sent without waiting for a go-ahead still comes.
    private Step DropPart(int consumed, ReadOnlySpan<byte> line, ref Emitter to)
    {
        _expectation = ImapExpectation.Command;
        _commandLength += consumed;
        if (!StringSyntax.EndsInLiteral(line, out var literal, out var synchronising) || synchronising)
        {
            return Step.More(consumed);
        }

        if (literal > MaxCommand - _commandLength)
        {
            return End(consumed, CloseReason.LineTooLong, ref to);
        }

        _commandLength += literal;
        _literalLeft = literal;
        _expectation = literal > 0 ? ImapExpectation.DroppedLiteral : ImapExpectation.DroppedContinuation;
        return Step.More(consumed);
    }
}
