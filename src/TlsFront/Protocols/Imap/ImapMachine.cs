using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Imap;

/// <summary>
/// IMAP inside TLS (RFC 9051, 3501, 8314 section 3.2): the not-authenticated state is read, everything after the tagged OK
/// (or PREAUTH) that ends it is not. This part has the client's commands.
/// <para>Only commands that every server knows or refuses are forwarded, with their words one space apart: what one server takes for a
/// second word is part of the first, or nothing, to another.</para>
/// </summary>
/// <inheritdoc cref="AccessMachine(ISessionObserver, BareNewlines, bool)"/>
internal sealed partial class ImapMachine(
    ISessionObserver observer, BareNewlines bareNewlines = BareNewlines.Normalize, bool isGreeted = false)
    : AccessMachine(observer, bareNewlines, isGreeted)
{
    private const int MaxLine = 8 * 1024;

    private readonly byte[] _tag = new byte[ImapSyntax.MaxTag];
    private int _tagLength;
    private ImapCommand _command;
    private ImapExpectation _expectation;
    private bool _loginSent;
    private SaslDialogue _sasl;

    /// <inheritdoc/>
    protected override Step ReadClient(ReadOnlySpan<byte> input, ref Emitter to)
    {
        _commandLength = _expectation == ImapExpectation.Command ? 0 : _commandLength;
        switch (_expectation)
        {
            case ImapExpectation.Literal:
                return ForwardLiteral(input, ref to);
            case ImapExpectation.DroppedLiteral:
                return DropLiteral(input);
            case ImapExpectation.IdFields:
                return ContinueId(0, input, ref to);
            case ImapExpectation.Command when CommandSyntax.IsForeign(input[0]):
                return Step.Close(0, CloseReason.ProtocolError);
            case ImapExpectation.Command when IsId(input):
                return ReadId(input, ref to);
        }

        var maximum = _expectation == ImapExpectation.SaslResponse || IsAuthenticate(input) ? MaxSaslLine : MaxLine;
        switch (LineReader.Read(input, maximum, BareNewlines, out var line, out var consumed))
        {
            case LineState.Incomplete:
                return Step.More(0);
            case LineState.TooLong:
                return End(0, CloseReason.LineTooLong, ref to);
            case LineState.Malformed:
                return RefuseMalformed(consumed, input[..consumed], _expectation == ImapExpectation.Command, ref to);
        }

        return _expectation switch
        {
            ImapExpectation.Command => ReadCommand(consumed, line, ref to),
            ImapExpectation.Continuation => ContinueLogin(consumed, line, ref to),
            ImapExpectation.SaslResponse => ForwardSaslResponse(consumed, line, ref to),
            _ => DropPart(consumed, line, ref to),
        };
    }

    // Works on a line without end too, so that the limit does not depend on how the bytes arrive.
    private static bool IsAuthenticate(ReadOnlySpan<byte> input)
    {
        CommandSyntax.SplitWord(input[..Math.Min(input.Length, 128)], out var rest);
        return Ascii.EqualsIgnoreCase(CommandSyntax.SplitWord(rest, out _), "AUTHENTICATE"u8);
    }

    private Step ReadCommand(int consumed, ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (CommandSyntax.IsHttpRequest(line))
        {
            return Step.Close(consumed, CloseReason.ProtocolError);
        }

        var tag = CommandSyntax.SplitWord(line, out var rest);
        var verb = CommandSyntax.SplitWord(rest, out var arguments);
        if (!ImapSyntax.IsTag(tag) || !CommandSyntax.IsVerb(verb))
        {
            to.ToClient("* BAD Expected a tag and a command\r\n"u8);
            return Refused(consumed, line, ref to);
        }

        var command = ImapSyntax.Classify(verb);
        Begin(tag, command);
        if (Ascii.EqualsIgnoreCase(verb, "STARTTLS"u8))
        {
            return Refuse(consumed, line, " BAD Not possible now\r\n"u8, ref to);
        }

        if (command == ImapCommand.Unknown)
        {
            return Refuse(consumed, line, " BAD Not available before login\r\n"u8, ref to);
        }

        switch (command)
        {
            case ImapCommand.Login:
                return BeginLogin(consumed, line, arguments, ref to);
            case ImapCommand.Id:
                return Refuse(consumed, line, IdSyntax, ref to);
        }

        if (StringSyntax.EndsInBraces(line))
        {
            // A backend that ignored the literal might ask for something else, a SASL response say, and get its octets as lines; one that
            // takes "{+5}" for a literal would get lines as octets.
            return Refuse(consumed, line, " BAD Before login only LOGIN and ID take literals\r\n"u8, ref to);
        }

        if (command == ImapCommand.Authenticate)
        {
            return BeginAuthenticate(consumed, line, arguments, ref to);
        }

        var hasArguments = verb.Length < rest.Length;
        if (hasArguments && !(command == ImapCommand.Language && ImapSyntax.AreWords(arguments)))
        {
            return Refuse(consumed, line, " BAD Wrong arguments or extra spaces\r\n"u8, ref to);
        }

        Leaving = command == ImapCommand.Logout;
        return ForwardLast(consumed, line, ref to);
    }

    private Step BeginAuthenticate(int consumed, ReadOnlySpan<byte> line, ReadOnlySpan<byte> arguments, ref Emitter to)
    {
        if (!SaslCommand.TryParse(arguments, out var mechanism, out var initialResponse))
        {
            return Refuse(consumed, line, " BAD AUTHENTICATE takes a mechanism and one response in base64\r\n"u8, ref to);
        }

        if (!SaslMechanisms.SurvivesTermination(mechanism))
        {
            return Refuse(consumed, line, " NO [CANNOT] Mechanism not available\r\n"u8, ref to);
        }

        _sasl.Begin(mechanism, initialResponse);
        return ForwardLast(consumed, line, ref to);
    }

    private void Begin(ReadOnlySpan<byte> tag, ImapCommand command)
    {
        tag.CopyTo(_tag);
        _tagLength = tag.Length;
        _command = command;
        _loginSent = false;
        _goAheadsGiven = 0;
    }

    private Step ForwardSaslResponse(int consumed, ReadOnlySpan<byte> line, ref Emitter to)
    {
        return ForwardLast(consumed, _sasl.Answer(line), ref to);
    }

    /// <summary>Forwards a line behind which the backend has the word.</summary>
    private Step ForwardLast(int consumed, ReadOnlySpan<byte> line, ref Emitter to)
    {
        Forward(line, ref to);
        _expectation = ImapExpectation.Command;
        AwaitBackend();
        return Step.More(consumed);
    }

    /// <summary>Answers the command that was begun, instead of forwarding it.</summary>
    private Step Refuse(int consumed, ReadOnlySpan<byte> line, ReadOnlySpan<byte> answer, ref Emitter to)
    {
        to.ToClient(_tag.AsSpan(0, _tagLength));
        to.ToClient(answer);
        return Refused(consumed, line, ref to);
    }

    // Inside a command, part of which the backend or the client waits for, there is nothing to go on with; nor where nobody can tell whether
    // the octets of a literal follow.
    private Step RefuseMalformed(int consumed, ReadOnlySpan<byte> line, bool isCommand, ref Emitter to)
    {
        if (!isCommand || StringSyntax.EndsInBraces(line.TrimEnd("\r\n"u8)))
        {
            return End(consumed, CloseReason.BareNewline, ref to);
        }

        to.ToClient("* BAD Lines end in CRLF and contain no NUL\r\n"u8);
        return Refused(consumed, ref to);
    }

    private Step Refused(int consumed, ReadOnlySpan<byte> line, ref Emitter to)
    {
        var step = DropPart(consumed, line, ref to);
        return step.Next == Next.Close ? step : Refused(consumed, ref to);
    }
}
