using TlsFront.Connections;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.HeldLogin;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Pop3;

/// <summary>POP3 until the login (RFC 1939 section 4, RFC 5034). The greeting has no timestamp, so that no client tries APOP.</summary>
/// <param name="offer">The lines of a capability list.</param>
/// <param name="certifiedOffer">The same with EXTERNAL; empty where no client may log in by certificate.</param>
internal sealed class Pop3LoginDialogue(ReadOnlyMemory<byte> offer, ReadOnlyMemory<byte> certifiedOffer) : LoginDialogue(offer, certifiedOffer)
{
    private bool _awaitsUserReply;
    private bool _hasUser;
    private string? _name;

    /// <inheritdoc/>
    protected override void WriteGreeting(SessionFacts facts, ref ReplyText reply)
    {
        reply.Write("+OK "u8);
        reply.Write(facts.HostName);
        reply.Write(" ready\r\n"u8);
    }

    /// <inheritdoc/>
    public override BackendReply Classify(ReadOnlySpan<byte> reply)
    {
        if (!reply.StartsWith("+"u8))
        {
            return BackendReply.Refused;
        }

        var isAnswerToUser = _awaitsUserReply && reply.StartsWith("+OK"u8);
        _awaitsUserReply = false;
        return isAnswerToUser || !reply.StartsWith("+OK"u8) ? BackendReply.Continuation : BackendReply.Accepted;
    }

    /// <inheritdoc/>
    public override void WriteRefusal(LoginRefusal refusal, ref ReplyText reply)
    {
        // RFC 3206 section 4.
        reply.Write(refusal.Kind switch
        {
            LoginRefusalKind.Transport => "-ERR [SYS/PERM] "u8,
            LoginRefusalKind.Temporary => "-ERR [SYS/TEMP] "u8,
            _ => "-ERR "u8,
        });
        reply.Write(refusal.Words);
        reply.Write("\r\n"u8);
    }

    /// <inheritdoc/>
    public override void WriteTooMany(SessionFacts facts, ref ReplyText reply) => reply.Write("-ERR Too many failed logins or commands\r\n"u8);

    /// <inheritdoc/>
    protected override LoginAnswer ReadCommand(ReadOnlySpan<byte> command, SessionFacts facts, ref ReplyText reply)
    {
        var line = command.TrimEnd("\r\n"u8);
        if (IsInExchange)
        {
            return ContinueExchange(command, ref reply);
        }

        var verb = CommandSyntax.SplitWord(line, out var argument);
        switch (Pop3Syntax.Classify(verb, verb.Length < line.Length))
        {
            case Pop3Command.User:
                BeginLogin();
                _hasUser = true;
                _name = UserName.FromUtf8(argument);
                reply.Write("+OK\r\n"u8);
                return LoginAnswer.Continued;
            case Pop3Command.Pass when !_hasUser:
                reply.Write("-ERR Send USER first\r\n"u8);
                break;
            case Pop3Command.Pass:
                _hasUser = false;
                _awaitsUserReply = true;
                return Complete(_name, ref reply);
            case Pop3Command.Auth when SaslCommand.TryParse(argument, out var mechanism, out var response):
                _hasUser = false;
                _awaitsUserReply = false;
                return BeginExchange(mechanism, response, line.Length - response.Length - 1, ref reply);
            case Pop3Command.Capa:
                reply.Write("+OK\r\n"u8);
                reply.Write(Offer);
                reply.Write(".\r\n"u8);
                break;
            case Pop3Command.Plain when line[0] is (byte)'N' or (byte)'n':
                reply.Write("+OK\r\n"u8);
                break;
            case Pop3Command.Quit:
                reply.Write("+OK Bye\r\n"u8);
                break;
            default:
                reply.Write("-ERR Not available before the login\r\n"u8);
                break;
        }

        return LoginAnswer.Answered;
    }

    /// <inheritdoc/>
    protected override void WritePlainCommand(ref ReplyText command)
    {
        _awaitsUserReply = false;
        command.Write("AUTH PLAIN\r\n"u8);
    }

    /// <inheritdoc/>
    /// <remarks>Everything behind the space, which may hold others (RFC 1939 section 7).</remarks>
    protected override bool TryReadCommandPassword(ReadOnlySpan<byte> part, Span<byte> password, out int length)
    {
        CommandSyntax.SplitWord(part.TrimEnd("\r\n"u8), out var found);
        length = found.Length;
        return found.TryCopyTo(password);
    }

    /// <inheritdoc/>
    protected override void Refuse(SaslStep end, ref ReplyText reply) => reply.Write(end switch
    {
        SaslStep.Cancelled => "-ERR Authentication cancelled\r\n"u8,
        SaslStep.Unsupported => "-ERR Mechanism not available\r\n"u8,
        _ => "-ERR [AUTH] Authentication failed\r\n"u8,
    });
}
