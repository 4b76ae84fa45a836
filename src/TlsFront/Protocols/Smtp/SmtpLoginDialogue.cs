using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.HeldLogin;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Smtp;

/// <summary>Message submission until the login (RFC 4954).</summary>
/// <param name="offer">The lines of a reply to EHLO behind its first one.</param>
/// <param name="certifiedOffer">The same with EXTERNAL; empty where no client may log in by certificate.</param>
internal sealed class SmtpLoginDialogue(ReadOnlyMemory<byte> offer, ReadOnlyMemory<byte> certifiedOffer) : LoginDialogue(offer, certifiedOffer)
{
    private byte[] _hello = [];

    /// <inheritdoc/>
    /// <remarks>The client's own EHLO: a backend may log the name, or judge it.</remarks>
    public override ReadOnlySpan<byte> Preamble => _hello;

    /// <inheritdoc/>
    /// <remarks>A line; behind DATA everything, because what follows unasked is content and no command.</remarks>
    public override int InputLength(ReadOnlySpan<byte> input)
    {
        var length = input.IndexOf((byte)'\n') + 1;
        return length == 0 || (length > 4 && Ascii.EqualsIgnoreCase(input[..4], "DATA"u8)) ? input.Length : length;
    }

    /// <inheritdoc/>
    protected override void WriteGreeting(SessionFacts facts, ref ReplyText reply)
    {
        reply.Write("220 "u8);
        reply.Write(facts.HostName);
        reply.Write(" ESMTP\r\n"u8);
    }

    /// <inheritdoc/>
    public override BackendReply Classify(ReadOnlySpan<byte> reply) =>
        !ReplyLine.TryParse(reply, out var line) || !line.IsLast ? BackendReply.Other
        : line.Code == 334 ? BackendReply.Continuation
        : line.Code == 235 ? BackendReply.Accepted
        : line.Code < 400 ? BackendReply.Unexpected
        : BackendReply.Refused;

    /// <inheritdoc/>
    /// <remarks>
    /// Not where it lacks what the client was offered and the session goes by: what follows BDAT, or arrives in groups, would be other commands to
    /// it.
    /// </remarks>
    public override bool? AgreesToPreamble(ReadOnlySpan<byte> received, out int length)
    {
        if (!ReplyLine.TryFindReply(received, out length, out var reply, out var malformed))
        {
            return malformed ? false : null;
        }

        return reply.IsPositive && HasIfOffered(received[..length], "CHUNKING"u8) && HasIfOffered(received[..length], "PIPELINING"u8);
    }

    /// <inheritdoc/>
    public override void WriteRefusal(LoginRefusal refusal, ref ReplyText reply)
    {
        reply.Write(refusal.Code);
        reply.Write(" "u8);
        reply.Write(refusal.Words);
        reply.Write("\r\n"u8);
    }

    /// <inheritdoc/>
    public override void WriteTooMany(SessionFacts facts, ref ReplyText reply)
    {
        reply.Write("421 4.7.0 "u8);
        reply.Write(facts.HostName);
        reply.Write(" Too many failed logins or commands\r\n"u8);
    }

    /// <inheritdoc/>
    protected override LoginAnswer ReadCommand(ReadOnlySpan<byte> command, SessionFacts facts, ref ReplyText reply)
    {
        var line = command.TrimEnd("\r\n"u8);
        if (IsInExchange)
        {
            return ContinueExchange(command, ref reply);
        }

        var parsed = SmtpCommand.Parse(line);
        switch (parsed.Verb)
        {
            case SmtpVerb.Ehlo or SmtpVerb.Helo when parsed.Arguments.IsEmpty:
                reply.Write("501 5.5.4 Syntax: EHLO hostname\r\n"u8);
                break;
            case SmtpVerb.Ehlo:
                _hello = command.ToArray();
                reply.Write(Offer.IsEmpty ? "250 "u8 : "250-"u8);
                reply.Write(facts.HostName);
                reply.Write("\r\n"u8);
                reply.Write(Offer);
                break;
            case SmtpVerb.Helo:
                _hello = [];
                reply.Write("250 "u8);
                reply.Write(facts.HostName);
                reply.Write("\r\n"u8);
                break;
            case SmtpVerb.Auth when _hello.Length == 0:
                reply.Write("503 5.5.1 Send EHLO first\r\n"u8);
                break;
            case SmtpVerb.Auth when SaslCommand.TryParse(parsed.Arguments, out var mechanism, out var response):
                return BeginExchange(mechanism, response, line.Length - response.Length - 1, ref reply);
            case SmtpVerb.Auth:
                reply.Write("501 5.5.4 Syntax error in AUTH\r\n"u8);
                break;
            case SmtpVerb.Rset:
            case SmtpVerb.Other when Ascii.EqualsIgnoreCase(line[..4], "NOOP"u8):
                reply.Write("250 2.0.0 Ok\r\n"u8);
                break;
            case SmtpVerb.Quit:
                reply.Write("221 2.0.0 Bye\r\n"u8);
                break;
            default:
                reply.Write("530 5.7.0 Authentication required\r\n"u8);
                break;
        }

        return LoginAnswer.Answered;
    }

    /// <inheritdoc/>
    protected override void Ask(ReadOnlySpan<byte> challenge, ref ReplyText reply)
    {
        reply.Write("334 "u8);
        reply.Write(challenge);
        reply.Write("\r\n"u8);
    }

    /// <inheritdoc/>
    protected override void WritePlainCommand(ref ReplyText command) => command.Write("AUTH PLAIN\r\n"u8);

    /// <inheritdoc/>
    protected override void Refuse(SaslStep end, ref ReplyText reply) => reply.Write(end switch
    {
        SaslStep.Cancelled => "501 5.7.0 Authentication cancelled\r\n"u8,
        SaslStep.Unsupported => "504 5.5.4 Unrecognized authentication type\r\n"u8,
        _ => "535 5.7.8 Authentication credentials invalid\r\n"u8,
    });

    private bool HasIfOffered(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> keyword) => !Has(Offer, keyword) || Has(reply, keyword);

    private static bool Has(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> keyword)
    {
        while (reply.IndexOf((byte)'\n') + 1 is > 0 and var length)
        {
            if (length > 4 && Ascii.EqualsIgnoreCase(reply[4..length].TrimEnd(" \t\r\n"u8), keyword))
            {
                return true;
            }

            reply = reply[length..];
        }

        return false;
    }
}
