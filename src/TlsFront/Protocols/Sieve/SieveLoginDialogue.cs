using TlsFront.Connections;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.HeldLogin;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Sieve;

/// <summary>ManageSieve until the login (RFC 5804 section 2.1).</summary>
/// <param name="offer">The lines of a capability list.</param>
/// <param name="certifiedOffer">The same with EXTERNAL; empty where no client may log in by certificate.</param>
internal sealed class SieveLoginDialogue(ReadOnlyMemory<byte> offer, ReadOnlyMemory<byte> certifiedOffer) : LoginDialogue(offer, certifiedOffer)
{
    /// <inheritdoc/>
    public override ReadOnlySpan<byte> ResponseQuote => "\""u8;

    /// <inheritdoc/>
    protected override void WriteGreeting(SessionFacts facts, ref ReplyText reply)
    {
        reply.Write(Offer);
        reply.Write("OK \""u8);
        reply.Write(facts.HostName);
        reply.Write(" ready\"\r\n"u8);
    }

    /// <inheritdoc/>
    /// <remarks>With its literals, which nobody waits for.</remarks>
    public override int CommandLength(ReadOnlySpan<byte> pending)
    {
        for (var at = 0; pending[at..].IndexOf((byte)'\n') + 1 is > 0 and var length;)
        {
            var line = pending.Slice(at, length).TrimEnd("\r\n"u8);
            at += length;
            if (!StringSyntax.EndsInLiteral(line, out var octets, out _))
            {
                return at;
            }

            if (octets > pending.Length - at)
            {
                return 0;
            }

            at += octets;
        }

        return 0;
    }

    /// <inheritdoc/>
    public override int ReplyLength(ReadOnlySpan<byte> received) => SieveSyntax.LineLength(received);

    /// <inheritdoc/>
    public override BackendReply Classify(ReadOnlySpan<byte> reply) =>
        SieveSyntax.IsString(reply) ? BackendReply.Continuation
        : SieveSyntax.IsStatus(reply, "OK"u8) ? BackendReply.Accepted
        : BackendReply.Refused;

    /// <inheritdoc/>
    public override void WriteRefusal(LoginRefusal refusal, ref ReplyText reply)
    {
        // RFC 5804 section 1.3.
        reply.Write(refusal.Kind switch
        {
            LoginRefusalKind.Transport => "NO (ENCRYPT-NEEDED) \""u8,
            LoginRefusalKind.Temporary => "NO (TRYLATER) \""u8,
            _ => "NO \""u8,
        });
        reply.Write(refusal.Words.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal));
        reply.Write("\"\r\n"u8);
    }

    /// <inheritdoc/>
    public override void WriteTooMany(SessionFacts facts, ref ReplyText reply) => reply.Write("BYE \"Too many failed logins or commands\"\r\n"u8);

    /// <inheritdoc/>
    protected override LoginAnswer ReadCommand(ReadOnlySpan<byte> command, SessionFacts facts, ref ReplyText reply)
    {
        var line = command.TrimEnd("\r\n"u8);
        if (IsInExchange)
        {
            return ContinueExchange(command, ref reply);
        }

        var verb = CommandSyntax.SplitWord(line, out var arguments);
        switch (SieveSyntax.Classify(verb))
        {
            case SieveCommand.Authenticate when SieveSyntax.TryTakeString(arguments, out var mechanism, out var rest):
                // The empty string is a response; none is there only where nothing is.
                SieveSyntax.TryTakeString(rest.IsEmpty ? rest : rest[1..], out var response, out _);
                return BeginExchange(mechanism, !rest.IsEmpty && response.IsEmpty ? "="u8 : response, line.Length - rest.Length, ref reply);
            case SieveCommand.Capability:
                reply.Write(Offer);
                reply.Write("OK\r\n"u8);
                break;
            case SieveCommand.Noop when SieveSyntax.TryTakeString(arguments, out var tag, out _):
                reply.Write("OK (TAG \""u8);
                reply.Write(tag);
                reply.Write("\") \"Done\"\r\n"u8);
                break;
            case SieveCommand.Noop:
                reply.Write("OK\r\n"u8);
                break;
            case SieveCommand.Logout:
                reply.Write("OK \"Logging out\"\r\n"u8);
                break;
            default:
                reply.Write("NO \"Not available before login\"\r\n"u8);
                break;
        }

        return LoginAnswer.Answered;
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> ResponseOf(ReadOnlySpan<byte> command)
    {
        SieveSyntax.TryTakeString(command.TrimEnd("\r\n"u8), out var response, out _);
        return response;
    }

    /// <inheritdoc/>
    protected override void Ask(ReadOnlySpan<byte> challenge, ref ReplyText reply)
    {
        reply.Write("\""u8);
        reply.Write(challenge);
        reply.Write("\"\r\n"u8);
    }

    /// <inheritdoc/>
    protected override void WritePlainCommand(ref ReplyText command) => command.Write("AUTHENTICATE \"PLAIN\"\r\n"u8);

    /// <inheritdoc/>
    protected override void Refuse(SaslStep end, ref ReplyText reply) => reply.Write(end switch
    {
        SaslStep.Cancelled => "NO \"Authentication cancelled\"\r\n"u8,
        SaslStep.Unsupported => "NO \"Mechanism not available\"\r\n"u8,
        _ => "NO \"Authentication failed\"\r\n"u8,
    });
}
