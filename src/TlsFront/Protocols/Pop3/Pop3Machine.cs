using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Pop3;

/// <summary>
/// POP3 inside TLS (RFC 1939, 2449, 5034, 8314 section 3.1): the AUTHORIZATION state is read, everything after the
/// <c>+OK</c> that ends it is not. This part has the client's side.
/// </summary>
/// <inheritdoc cref="AccessMachine(ISessionObserver, BareNewlines, bool)"/>
internal sealed partial class Pop3Machine(
    ISessionObserver observer, BareNewlines bareNewlines = BareNewlines.Normalize, bool isGreeted = false)
    : AccessMachine(observer, bareNewlines, isGreeted)
{
    // RFC 2449 section 4 allows 255 octets; names and passwords of today may be longer than its authors thought.
    private const int MaxLine = 1024;

    private Pop3Command _command;
    private SaslDialogue _sasl;
    private bool _saslResponseNext;
    private bool _inList;

    // The name in the command under way, and the one that USER was accepted with: some backends keep it whatever fails later.
    private string? _name;
    private string? _user;

    /// <inheritdoc/>
    protected override Step ReadClient(ReadOnlySpan<byte> input, ref Emitter to)
    {
        if (!_saslResponseNext && CommandSyntax.IsForeign(input[0]))
        {
            return Step.Close(0, CloseReason.ProtocolError);
        }

        var maximum = _saslResponseNext || IsAuth(input) ? MaxSaslLine : MaxLine;
        switch (LineReader.Read(input, maximum, BareNewlines, out var line, out var consumed))
        {
            case LineState.Incomplete:
                return Step.More(0);
            case LineState.TooLong:
                return End(0, CloseReason.LineTooLong, ref to);
            case LineState.Malformed when _saslResponseNext:
                return End(consumed, CloseReason.BareNewline, ref to);
            case LineState.Malformed:
                return Refuse(consumed, "-ERR Lines end in CRLF and contain no NUL\r\n"u8, ref to);
            default:
                return _saslResponseNext ? ForwardSaslResponse(consumed, line, ref to) : ReadCommand(consumed, line, ref to);
        }
    }

    // Also true of a line that has no end yet, so that the limit does not depend on how the bytes arrive.
    private static bool IsAuth(ReadOnlySpan<byte> input) => input.Length >= 5 && Ascii.EqualsIgnoreCase(input[..5], "AUTH "u8);

    private Step ReadCommand(int consumed, ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (CommandSyntax.IsHttpRequest(line))
        {
            return Step.Close(consumed, CloseReason.ProtocolError);
        }

        var verb = CommandSyntax.SplitWord(line, out var argument);
        if (Ascii.EqualsIgnoreCase(verb, "STLS"u8))
        {
            return Refuse(consumed, "-ERR Not possible now\r\n"u8, ref to);
        }

        var hasArgument = verb.Length < line.Length;
        var command = Pop3Syntax.Classify(verb, hasArgument);
        if (command == Pop3Command.Unknown)
        {
            return Refuse(consumed, "-ERR Unknown command\r\n"u8, ref to);
        }

        if (!Pop3Syntax.IsArgument(command, argument, hasArgument))
        {
            return Refuse(consumed, "-ERR Wrong arguments or extra spaces\r\n"u8, ref to);
        }

        switch (command)
        {
            case Pop3Command.User:
                _name = UserName.FromUtf8(argument);
                break;
            case Pop3Command.Apop:
                _name = UserName.FromUtf8(CommandSyntax.SplitWord(argument, out _));
                break;
            case Pop3Command.Auth:
                if (!SaslCommand.TryParse(argument, out var mechanism, out var initialResponse) || !SaslMechanisms.SurvivesTermination(mechanism))
                {
                    return Refuse(consumed, "-ERR Mechanism not available\r\n"u8, ref to);
                }

                _sasl.Begin(mechanism, initialResponse);
                break;
            case Pop3Command.Quit:
                Leaving = true;
                break;
        }

        _command = command;
        Forward(line, ref to);
        AwaitBackend();
        return Step.More(consumed);
    }

    private Step ForwardSaslResponse(int consumed, ReadOnlySpan<byte> line, ref Emitter to)
    {
        _saslResponseNext = false;
        Forward(_sasl.Answer(line), ref to);
        AwaitBackend();
        return Step.More(consumed);
    }

    private Step Refuse(int consumed, ReadOnlySpan<byte> answer, ref Emitter to)
    {
        to.ToClient(answer);
        return Refused(consumed, ref to);
    }
}
