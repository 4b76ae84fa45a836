using System.Text;
using System.Text.Unicode;
using TlsFront.Connections;
using TlsFront.Protocols.StartTls;

namespace TlsFront.Protocols.Smtp;

/// <summary>Message submission before STARTTLS (RFC 3207).</summary>
internal sealed class SmtpPlaintext : PlaintextDialogue
{
    private byte[] _hello = [];

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Preamble => _hello;

    /// <inheritdoc/>
    public override void Greet(ref Emitter to) => Say("220 ", " ESMTP\r\n", ref to);

    /// <inheritdoc/>
    public override void Agree(ref Emitter to) => to.ToClient("220 2.0.0 Ready to start TLS\r\n"u8);

    /// <inheritdoc/>
    public override void SayGoodbye(CloseReason reason, ref Emitter to) => LocalReplies.Emit(
        reason switch
        {
            CloseReason.Drained => LocalReply.ShuttingDown,
            CloseReason.ClientIdle => LocalReply.Timeout,
            CloseReason.LineTooLong => LocalReply.LineTooLong,
            CloseReason.BareNewline => LocalReply.BareNewline,
            CloseReason.StartTlsInjection => LocalReply.DataBehindStartTls,
            _ => LocalReply.TooManyErrors,
        },
        ref to);

    /// <inheritdoc/>
    protected override PlaintextRequest ReadLine(ReadOnlySpan<byte> line, ref Emitter to)
    {
        var command = SmtpCommand.Parse(line);
        switch (command.Verb)
        {
            case SmtpVerb.Ehlo when command.Arguments.IsEmpty:
            case SmtpVerb.Helo when command.Arguments.IsEmpty:
                return Answer(LocalReply.HelloWithoutName, ref to);
            case SmtpVerb.Ehlo:
                Say("250-", "\r\n", ref to);
                to.ToClient("250-PIPELINING\r\n250-8BITMIME\r\n"u8);
                if (Mechanisms is { Count: > 0 } mechanisms)
                {
                    _hello = [.. line, .. "\r\n"u8];
                    to.ToClient(Encoding.ASCII.GetBytes($"250-AUTH {string.Join(' ', mechanisms)}\r\n"));
                }

                to.ToClient(OffersTls ? "250-STARTTLS\r\n250 ENHANCEDSTATUSCODES\r\n"u8 : "250 ENHANCEDSTATUSCODES\r\n"u8);
                return PlaintextRequest.Answered;
            case SmtpVerb.Helo:
                Say("250 ", "\r\n", ref to);
                return PlaintextRequest.Answered;
            case SmtpVerb.Rset:
            case SmtpVerb.Other when IsNoop(line):
                return Answer(LocalReply.Ok, ref to);
            case SmtpVerb.Quit:
                to.ToClient("221 2.0.0 Bye\r\n"u8);
                return PlaintextRequest.Leave;
            case SmtpVerb.StartTls when !OffersTls:
                return Refuse(ref to);
            case SmtpVerb.StartTls when line.Length > "STARTTLS".Length:
                return Answer(LocalReply.StartTlsArguments, ref to);
            case SmtpVerb.StartTls:
                return PlaintextRequest.StartTls;
            case SmtpVerb.Auth:
                // LOGIN has a name with the command at most.
                HasExposedCredentials = CleartextLogin.IsSmtp(line, out var user);
                ExposedUser = user;
                AwaitsResponse = !HasExposedCredentials;
                return OffersLogin ? PlaintextRequest.LogIn : Refuse(ref to);
            case SmtpVerb.Bdat:
                return RefuseChunk(command.Arguments, ref to);
            case SmtpVerb.Foreign:
                return PlaintextRequest.Abort;
            case SmtpVerb.Malformed:
                HasExposedCredentials = CleartextLogin.IsSmtp(line, out _) || IsResponse(line);
                return Answer(LocalReply.SyntaxError, ref to);
            default:
                HasExposedCredentials = IsResponse(line);
                return Refuse(ref to);
        }
    }

    // Its octets are no commands here either.
    private PlaintextRequest RefuseChunk(ReadOnlySpan<byte> arguments, ref Emitter to)
    {
        if (ChunkCommand.Read(arguments, out var chunk) != LocalReply.None || chunk.Length > MaxAnnounced)
        {
            return PlaintextRequest.Abort;
        }

        Announced = (int)chunk.Length;
        return Refuse(ref to);
    }

    private PlaintextRequest Refuse(ref Emitter to) => Answer(OffersTls ? LocalReply.TlsRequired : LocalReply.TlsUnavailable, ref to);

    private static bool IsNoop(ReadOnlySpan<byte> line) => line[0] is (byte)'N' or (byte)'n';

    private static PlaintextRequest Answer(LocalReply reply, ref Emitter to)
    {
        LocalReplies.Emit(reply, ref to);
        return PlaintextRequest.Answered;
    }

    private static void Say(string before, string after, ref Emitter to)
    {
        Span<byte> line = stackalloc byte[LocalReplies.MaxLength];
        Utf8.TryWrite(line, $"{before}{to.Facts.HostName}{after}", out var length);
        to.ToClient(line[..length]);
    }
}
