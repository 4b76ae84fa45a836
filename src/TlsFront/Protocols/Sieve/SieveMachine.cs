using System.Buffers.Text;
using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Sieve;

/// <summary>
/// ManageSieve behind TLS (RFC 5804): the non-authenticated state is read, everything after the OK that ends it is not. This part has the client's
/// side.
/// <para>A client waits for nobody before the octets of a literal, so that a command is whole before anything is done with it, literals and all. What
/// is forwarded is written anew: strings in quotes, and only what is too long for them as <c>{n+}</c>. To a server that read that otherwise its
/// octets would be base64, in which no command with an argument can be written.</para>
/// </summary>
/// <param name="observer">Who is told of logins.</param>
/// <param name="bareNewlines">What becomes of lines that end in LF alone.</param>
internal sealed partial class SieveMachine(ISessionObserver observer, BareNewlines bareNewlines = BareNewlines.Normalize)
    : AccessMachine(observer, bareNewlines, isGreeted: false)
{
    private SieveCommand _command;
    private SaslDialogue _sasl;
    private bool _responseNext;

    /// <inheritdoc/>
    protected override Step ReadClient(ReadOnlySpan<byte> input, ref Emitter to)
    {
        if (!_responseNext && CommandSyntax.IsForeign(input[0]))
        {
            return Step.Close(0, CloseReason.ProtocolError);
        }

        switch (TakeCommand(input, out var command, out var consumed))
        {
            case LineState.Incomplete:
                return Step.More(0);
            case LineState.TooLong:
                return End(0, CloseReason.LineTooLong, ref to);
            case LineState.Malformed when _responseNext || StringSyntax.EndsInBraces(input[..consumed].TrimEnd("\r\n"u8)):
                // Nobody can tell whether the octets of a literal follow.
                return End(consumed, CloseReason.BareNewline, ref to);
            case LineState.Malformed:
                return Refuse(consumed, "NO \"Lines end in CRLF and contain no NUL\"\r\n"u8, ref to);
            default:
                return _responseNext ? ForwardResponse(consumed, command, ref to) : ReadCommand(consumed, command, ref to);
        }
    }

    /// <summary>Takes a line and the literals it announces, and so on to the line that announces none; the command has no line end.</summary>
    private LineState TakeCommand(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> command, out int consumed)
    {
        command = default;
        consumed = 0;
        while (true)
        {
            var state = LineReader.Read(input[consumed..], MaxSaslLine - consumed, BareNewlines, out var line, out var length);
            var start = consumed;
            consumed += length;
            if (state != LineState.Complete)
            {
                return state;
            }

            // {n} is no literal of a client's (RFC 5804 section 4): one that waits for a go-ahead gets a refusal.
            if (!StringSyntax.EndsInLiteral(line, out var octets, out var synchronising) || synchronising)
            {
                command = input[..(start + line.Length)];
                return LineState.Complete;
            }

            if (octets > MaxSaslLine - consumed)
            {
                return LineState.TooLong;
            }

            if (octets > input.Length - consumed)
            {
                return LineState.Incomplete;
            }

            consumed += octets;
        }
    }

    private Step ReadCommand(int consumed, ReadOnlySpan<byte> command, ref Emitter to)
    {
        if (CommandSyntax.IsHttpRequest(command))
        {
            return Step.Close(consumed, CloseReason.ProtocolError);
        }

        var verb = CommandSyntax.SplitWord(command, out var arguments);
        _command = SieveSyntax.Classify(verb);
        switch (_command)
        {
            case SieveCommand.None when Ascii.EqualsIgnoreCase(verb, "STARTTLS"u8):
                return Refuse(consumed, "NO \"Not possible now\"\r\n"u8, ref to);
            case SieveCommand.None:
                return Refuse(consumed, "NO \"Not available before login\"\r\n"u8, ref to);
            case SieveCommand.Authenticate:
                return BeginAuthenticate(consumed, verb, arguments, ref to);
            case var _ when verb.Length == command.Length:
                Leaving = _command == SieveCommand.Logout;
                return ForwardLine(consumed, command, ref to);
            case SieveCommand.Noop when SieveSyntax.TryTakeString(arguments, out var tag, out var rest) && rest.IsEmpty && SieveSyntax.IsPlain(tag):
                to.ToBackend(verb);
                to.ToBackend(" "u8);
                return ForwardString(consumed, tag, ref to);
            default:
                return Refuse(consumed, "NO \"Wrong arguments or extra spaces\"\r\n"u8, ref to);
        }
    }

    private Step BeginAuthenticate(int consumed, ReadOnlySpan<byte> verb, ReadOnlySpan<byte> arguments, ref Emitter to)
    {
        if (arguments.StartsWith("{"u8)
            || !SieveSyntax.TryTakeString(arguments, out var mechanism, out var rest)
            || !SaslMechanisms.IsName(mechanism))
        {
            return Refuse(consumed, "NO \"AUTHENTICATE takes a mechanism in quotes\"\r\n"u8, ref to);
        }

        var hasResponse = !rest.IsEmpty;
        if (!TryTakeResponse(hasResponse ? rest[1..] : "\"\""u8, out var response) || (hasResponse && rest[0] != ' '))
        {
            return Refuse(consumed, "NO \"An initial response is one string of base64\"\r\n"u8, ref to);
        }

        if (!SaslMechanisms.SurvivesTermination(mechanism))
        {
            return Refuse(consumed, "NO \"Mechanism not available\"\r\n"u8, ref to);
        }

        _sasl.Begin(mechanism, hasResponse && response.IsEmpty ? "="u8 : response);
        to.ToBackend(verb);
        to.ToBackend(" \""u8);
        to.ToBackend(mechanism);
        to.ToBackend(hasResponse ? "\" "u8 : "\""u8);
        return hasResponse ? ForwardString(consumed, response, ref to) : ForwardLine(consumed, default, ref to);
    }

    // What is no string, or none of base64, cancels the exchange: an error to the client either way.
    private Step ForwardResponse(int consumed, ReadOnlySpan<byte> command, ref Emitter to)
    {
        _responseNext = false;
        return ForwardString(consumed, _sasl.Answer(TryTakeResponse(command, out var response) ? response : "*"u8), ref to);
    }

    // The empty response, which others write as "=", is the empty string here: to "=" in quotes Dovecot has no answer.
    private static bool TryTakeResponse(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> response) =>
        SieveSyntax.TryTakeString(text, out response, out var rest)
        && rest.IsEmpty
        && (response.IsEmpty || (SaslResponse.IsInitial(response) && !response.SequenceEqual("="u8)));

    private Step ForwardString(int consumed, ReadOnlySpan<byte> value, ref Emitter to)
    {
        if (value.Length <= SieveSyntax.MaxQuoted)
        {
            to.ToBackend("\""u8);
            to.ToBackend(value);
            return ForwardLine(consumed, "\""u8, ref to);
        }

        Span<byte> length = stackalloc byte[10];
        Utf8Formatter.TryFormat(value.Length, length, out var digits);
        to.ToBackend("{"u8);
        to.ToBackend(length[..digits]);
        to.ToBackend("+}\r\n"u8);
        return ForwardLine(consumed, value, ref to);
    }

    /// <summary>Forwards the end of a command, behind which the backend has the word.</summary>
    private Step ForwardLine(int consumed, ReadOnlySpan<byte> line, ref Emitter to)
    {
        Forward(line, ref to);
        AwaitBackend();
        return Step.More(consumed);
    }

    private Step Refuse(int consumed, ReadOnlySpan<byte> answer, ref Emitter to)
    {
        _command = SieveCommand.None;
        to.ToClient(answer);
        return Refused(consumed, ref to);
    }
}
