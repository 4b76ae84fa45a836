using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.HeldLogin;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Imap;

/// <summary>IMAP until the login (RFC 9051 sections 6.1 and 6.2).</summary>
/// <param name="offer">The names of a capability list, one space apart.</param>
/// <param name="certifiedOffer">The same with EXTERNAL; empty where no client may log in by certificate.</param>
internal sealed class ImapLoginDialogue(ReadOnlyMemory<byte> offer, ReadOnlyMemory<byte> certifiedOffer) : LoginDialogue(offer, certifiedOffer)
{
    private readonly byte[] _tag = new byte[ImapSyntax.MaxTag];
    private int _tagLength;
    private int _literal = -1;
    private bool _userInLiteral;
    private string? _name;

    // Where the password stands in the last part of a LOGIN, and its octets if it is a literal, otherwise -1.
    private int _passwordAt;
    private int _passwordOctets;

    /// <inheritdoc/>
    protected override void WriteGreeting(SessionFacts facts, ref ReplyText reply)
    {
        reply.Write("* OK [CAPABILITY "u8);
        reply.Write(Offer);
        reply.Write("] "u8);
        reply.Write(facts.HostName);
        reply.Write(" ready\r\n"u8);
    }

    /// <inheritdoc/>
    /// <remarks>With the octets of a literal, where one was announced.</remarks>
    public override int CommandLength(ReadOnlySpan<byte> pending)
    {
        var octets = Math.Max(_literal, 0);
        var end = pending.Length > octets ? pending[octets..].IndexOf((byte)'\n') : -1;
        return end < 0 ? 0 : octets + end + 1;
    }

    /// <inheritdoc/>
    public override bool IsForLogin(ReadOnlySpan<byte> greeting) =>
        Ascii.EqualsIgnoreCase(CommandSyntax.SplitWord(greeting[2..].TrimEnd("\r\n"u8), out _), "OK"u8);

    /// <inheritdoc/>
    public override BackendReply Classify(ReadOnlySpan<byte> reply)
    {
        if (reply[0] == '+')
        {
            return BackendReply.Continuation;
        }

        if (reply.StartsWith("* "u8) && StringSyntax.EndsInLiteral(reply.TrimEnd("\r\n"u8), out _, out _))
        {
            // Its octets would be read as lines.
            return BackendReply.Unexpected;
        }

        if (reply.Length <= _tagLength + 1 || reply[_tagLength] != ' ' || !reply.StartsWith(_tag.AsSpan(0, _tagLength)))
        {
            return BackendReply.Other;
        }

        var status = CommandSyntax.SplitWord(reply[(_tagLength + 1)..].TrimEnd("\r\n"u8), out _);
        return Ascii.EqualsIgnoreCase(status, "OK"u8) ? BackendReply.Accepted : BackendReply.Refused;
    }

    /// <inheritdoc/>
    public override void WriteRefusal(LoginRefusal refusal, ref ReplyText reply)
    {
        // RFC 5530 section 3.
        Answer(
            refusal.Kind switch
            {
                LoginRefusalKind.Transport => " NO [PRIVACYREQUIRED] "u8,
                LoginRefusalKind.Temporary => " NO [UNAVAILABLE] "u8,
                _ => " NO "u8,
            },
            ref reply);
        reply.Write(refusal.Words);
        reply.Write("\r\n"u8);
    }

    /// <inheritdoc/>
    /// <remarks>RFC 9051 section 7.1: a program has to show it.</remarks>
    public override void WriteAlert(string words, ref ReplyText reply)
    {
        reply.Write("* OK [ALERT] "u8);
        reply.Write(words);
        reply.Write("\r\n"u8);
    }

    /// <inheritdoc/>
    public override void WriteTooMany(SessionFacts facts, ref ReplyText reply) => reply.Write("* BYE Too many failed logins or commands\r\n"u8);

    /// <inheritdoc/>
    protected override LoginAnswer ReadCommand(ReadOnlySpan<byte> command, SessionFacts facts, ref ReplyText reply)
    {
        if (_literal >= 0)
        {
            return ReadLiteral(command, ref reply);
        }

        var line = command.TrimEnd("\r\n"u8);
        if (IsInExchange)
        {
            return ContinueExchange(command, ref reply);
        }

        var tag = CommandSyntax.SplitWord(line, out var rest);
        var verb = CommandSyntax.SplitWord(rest, out var arguments);
        tag.CopyTo(_tag);
        _tagLength = tag.Length;
        switch (ImapSyntax.Classify(verb))
        {
            case ImapCommand.Login:
                BeginLogin();
                _userInLiteral = arguments.StartsWith("{"u8);
                // With "\x" for "x" it is another name to a server by the letter.
                _name = _userInLiteral || (arguments.StartsWith("\""u8) && StringSyntax.QuotedLength(arguments) == 0)
                    ? null
                    : ImapSyntax.ReadUser(arguments);
                _passwordAt = line.Length - arguments.Length + ImapSyntax.AstringLength(arguments) + 1;
                _passwordOctets = -1;
                return ReadLoginLine(line, ref reply);
            case ImapCommand.Authenticate when SaslCommand.TryParse(arguments, out var mechanism, out var response):
                return BeginExchange(mechanism, response, line.Length - response.Length - 1, ref reply);
            case ImapCommand.Plain when Ascii.EqualsIgnoreCase(verb, "CAPABILITY"u8):
                reply.Write("* CAPABILITY "u8);
                reply.Write(Offer);
                reply.Write("\r\n"u8);
                break;
            case ImapCommand.Id:
                reply.Write("* ID NIL\r\n"u8);
                break;
            case ImapCommand.Logout:
                reply.Write("* BYE Logging out\r\n"u8);
                break;
            case ImapCommand.Plain:
                break;
            case ImapCommand.Language:
                Answer(" NO [CANNOT] No other language before the login\r\n"u8, ref reply);
                return LoginAnswer.Answered;
            default:
                Answer(" BAD Not available before login\r\n"u8, ref reply);
                return LoginAnswer.Answered;
        }

        Answer(" OK done\r\n"u8, ref reply);
        return LoginAnswer.Answered;
    }

    /// <inheritdoc/>
    protected override void WritePlainCommand(ref ReplyText command)
    {
        command.Write(_tag.AsSpan(0, _tagLength));
        command.Write(" AUTHENTICATE PLAIN\r\n"u8);
    }

    /// <inheritdoc/>
    protected override bool TryReadCommandPassword(ReadOnlySpan<byte> part, Span<byte> password, out int length)
    {
        var found = part[_passwordAt..];
        if (_passwordOctets < 0)
        {
            return ImapSyntax.TryReadAstring(found.TrimEnd("\r\n"u8), password, out length);
        }

        length = _passwordOctets;
        return found[..length].TryCopyTo(password);
    }

    /// <inheritdoc/>
    protected override void Refuse(SaslStep end, ref ReplyText reply) => Answer(end switch
    {
        SaslStep.Cancelled => " BAD Authentication cancelled\r\n"u8,
        SaslStep.Unsupported => " NO [CANNOT] Mechanism not available\r\n"u8,
        _ => " NO [AUTHENTICATIONFAILED] Authentication failed\r\n"u8,
    }, ref reply);

    // What follows the octets is the rest of the line: nothing, or the password and perhaps its literal.
    private LoginAnswer ReadLiteral(ReadOnlySpan<byte> part, ref ReplyText reply)
    {
        if (_userInLiteral)
        {
            // With a NUL in it, as far as which a server might read it, it is no name fit for a log either.
            _name = UserName.FromUtf8(part[.._literal]);
            _userInLiteral = false;
            _passwordAt = _literal + 1;
        }
        else
        {
            (_passwordAt, _passwordOctets) = (0, _literal);
        }

        var rest = part[_literal..].TrimEnd("\r\n"u8);
        _literal = -1;
        return ReadLoginLine(rest, ref reply);
    }

    private LoginAnswer ReadLoginLine(ReadOnlySpan<byte> line, ref ReplyText reply)
    {
        if (StringSyntax.EndsInLiteral(line, out var octets, out _))
        {
            _literal = octets;
            reply.Write("+ OK\r\n"u8);
            return LoginAnswer.Continued;
        }

        return Complete(_name, ref reply);
    }

    private void Answer(ReadOnlySpan<byte> words, ref ReplyText reply)
    {
        reply.Write(_tag.AsSpan(0, _tagLength));
        reply.Write(words);
    }
}
