using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Pop3;

/// <summary>
/// POP3 behind implicit TLS (RFC 1939, 2449, 5034, 8314 section 3.1): the AUTHORIZATION state is read, everything after the
/// <c>+OK</c> that ends it is not.
/// </summary>
internal sealed class Pop3Machine(ISessionObserver observer) : AccessMachine(observer)
{
    // RFC 2449 section 4 allows 255 octets; names and passwords of today may be longer than its authors thought.
    private const int MaxLine = 1024;

    private Pop3Command _command;
    private SaslDialogue _sasl;
    private bool _saslResponseNext;
    private bool _credentialsSent;
    private bool _inList;
    private string? _user;

    /// <inheritdoc/>
    protected override Step ReadClient(ReadOnlySpan<byte> input, ref Emitter to)
    {
        if (!_saslResponseNext && CommandLine.IsForeign(input[0]))
        {
            return Step.Close(0, CloseReason.ProtocolError);
        }

        var maximum = _saslResponseNext || IsAuth(input) ? MaxSaslLine : MaxLine;
        switch (CommandLine.Read(input, maximum, out var line, out var consumed))
        {
            case LineState.Incomplete:
                return Step.More(0);
            case LineState.TooLong:
                return End(0, CloseReason.LineTooLong, ref to);
            case LineState.Malformed when _saslResponseNext:
                return End(consumed, CloseReason.BareNewline, ref to);
            case LineState.Malformed:
                return Refuse(consumed, "-ERR Commands end in CRLF and contain no NUL\r\n"u8, ref to);
            default:
                return _saslResponseNext ? ForwardSaslResponse(input[..consumed], line, ref to) : ReadCommand(input[..consumed], line, ref to);
        }
    }

    /// <inheritdoc/>
    protected override Step ReadGreeting(ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (IsReply(line, "-ERR"u8) && !to.Facts.CanFailOver)
        {
            to.ToClient(line);
            return Step.Close(line.Length, CloseReason.BackendRefused);
        }

        if (!IsReply(line, "+OK"u8))
        {
            var reason = IsReply(line, "-ERR"u8) ? CloseReason.BackendRefused : CloseReason.BackendProtocolError;
            return TryNext(line.Length, reason, reason, ref to);
        }

        // Dovecot marks the greeting of those it would take XCLIENT from. The rest stays byte for byte: APOP digests the <...> in it.
        var mark = "+OK [XCLIENT]"u8;
        if (line.Length > mark.Length && Ascii.EqualsIgnoreCase(line[..mark.Length], mark))
        {
            to.ToClient(line[..3]);
            to.ToClient(line[mark.Length..]);
        }
        else
        {
            to.ToClient(line);
        }

        AwaitClient();
        return Step.More(line.Length);
    }

    /// <inheritdoc/>
    protected override Step ReadReply(ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (_inList)
        {
            return ReadListLine(line, ref to);
        }

        if (IsReply(line, "-ERR"u8))
        {
            // Unasked, it is how a backend ends an idle session.
            to.ToClient(line);
            return BackendOwes ? Declined(line.Length, ref to) : Step.Close(line.Length, CloseReason.BackendClosed);
        }

        if (BackendOwes && IsReply(line, "+OK"u8))
        {
            to.ToClient(line);
            return Accepted(line.Length, ref to);
        }

        if (BackendOwes && _command == Pop3Command.Auth && (line.StartsWith("+ "u8) || line.TrimEnd("\r\n"u8).SequenceEqual("+"u8)))
        {
            to.ToClient(line);
            _saslResponseNext = true;
            AwaitClient();
            return Step.More(line.Length);
        }

        return End(line.Length, CloseReason.BackendProtocolError, ref to);
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Goodbye(CloseReason reason) => reason switch
    {
        CloseReason.BackendUnavailable => "-ERR [SYS/TEMP] The mail server is not available, try again later\r\n"u8,
        CloseReason.BackendClosed => "-ERR [SYS/TEMP] The mail server closed the connection\r\n"u8,
        CloseReason.BackendTimeout => "-ERR [SYS/TEMP] The mail server does not answer\r\n"u8,
        CloseReason.BackendProtocolError => "-ERR [SYS/TEMP] The mail server gave an answer that is not POP3\r\n"u8,
        CloseReason.Drained => "-ERR [SYS/TEMP] Shutting down, connect again\r\n"u8,
        CloseReason.ClientIdle => "-ERR Idle for too long\r\n"u8,
        CloseReason.LineTooLong => "-ERR Line too long\r\n"u8,
        CloseReason.BareNewline => "-ERR Lines end in CRLF and contain no NUL\r\n"u8,
        CloseReason.ProtocolError => "-ERR Too many errors\r\n"u8,
        _ => default,
    };

    // Also true of a line that has no end yet, so that the limit does not depend on how the bytes arrive.
    private static bool IsAuth(ReadOnlySpan<byte> input) => input.Length >= 5 && Ascii.EqualsIgnoreCase(input[..5], "AUTH "u8);

    private static bool IsReply(ReadOnlySpan<byte> line, ReadOnlySpan<byte> status) =>
        line.StartsWith(status) && line[status.Length] is (byte)' ' or (byte)'\r' or (byte)'\n';

    private Step ReadCommand(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (CommandLine.IsHttpRequest(line))
        {
            return Step.Close(whole.Length, CloseReason.ProtocolError);
        }

        var verb = CommandLine.SplitWord(line, out var argument);
        if (Ascii.EqualsIgnoreCase(verb, "STLS"u8))
        {
            return Refuse(whole.Length, "-ERR TLS is active already\r\n"u8, ref to);
        }

        if (!CommandLine.IsVerb(verb) || Pop3Capabilities.IsForgery(verb))
        {
            return Refuse(whole.Length, "-ERR Unknown command\r\n"u8, ref to);
        }

        _command = Classify(verb, argument);
        switch (_command)
        {
            case Pop3Command.User:
                _user = UserName.FromUtf8(argument);
                break;
            case Pop3Command.Apop:
                _user = UserName.FromUtf8(CommandLine.SplitWord(argument, out _));
                break;
            case Pop3Command.Auth:
                var mechanism = CommandLine.SplitWord(argument, out var initialResponse);
                _sasl.Begin(mechanism, initialResponse);
                _credentialsSent = !initialResponse.IsEmpty;
                break;
            case Pop3Command.Quit:
                Leaving = true;
                break;
        }

        to.ToBackend(whole);
        AwaitBackend();
        return Step.More(whole.Length);
    }

    private static Pop3Command Classify(ReadOnlySpan<byte> verb, ReadOnlySpan<byte> argument) => verb.Length switch
    {
        4 when Ascii.EqualsIgnoreCase(verb, "CAPA"u8) => Pop3Command.Capa,
        4 when Ascii.EqualsIgnoreCase(verb, "AUTH"u8) => argument.IsEmpty ? Pop3Command.AuthList : Pop3Command.Auth,
        4 when Ascii.EqualsIgnoreCase(verb, "LANG"u8) && argument.IsEmpty => Pop3Command.LangList,
        4 when Ascii.EqualsIgnoreCase(verb, "USER"u8) => Pop3Command.User,
        4 when Ascii.EqualsIgnoreCase(verb, "PASS"u8) => Pop3Command.Pass,
        4 when Ascii.EqualsIgnoreCase(verb, "APOP"u8) => Pop3Command.Apop,
        4 when Ascii.EqualsIgnoreCase(verb, "QUIT"u8) => Pop3Command.Quit,
        _ => Pop3Command.Other,
    };

    private Step ForwardSaslResponse(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> line, ref Emitter to)
    {
        _saslResponseNext = false;
        var cancelled = line.SequenceEqual("*"u8);
        _credentialsSent = !cancelled;
        if (!cancelled)
        {
            _sasl.Respond(line);
        }

        to.ToBackend(whole);
        AwaitBackend();
        return Step.More(whole.Length);
    }

    private Step ReadListLine(ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (line.TrimEnd("\r\n"u8).SequenceEqual("."u8))
        {
            _inList = false;
            to.ToClient(line);
            return Answered(line.Length, ref to);
        }

        switch (_command)
        {
            case Pop3Command.Capa:
                Pop3Capabilities.Forward(line, ref to);
                break;
            case Pop3Command.AuthList:
                Pop3Capabilities.ForwardMechanism(line, ref to);
                break;
            default:
                to.ToClient(line);
                break;
        }

        return Step.More(line.Length);
    }

    private Step Accepted(int consumed, ref Emitter to)
    {
        switch (_command)
        {
            case Pop3Command.Pass or Pop3Command.Apop:
                return LoggedIn(consumed, _user);
            case Pop3Command.Auth:
                return LoggedIn(consumed, _sasl.User);
            case Pop3Command.Capa or Pop3Command.AuthList or Pop3Command.LangList:
                _inList = true;
                return Step.More(consumed);
            default:
                return Answered(consumed, ref to);
        }
    }

    private Step Declined(int consumed, ref Emitter to)
    {
        if (_command is Pop3Command.Pass or Pop3Command.Apop || (_command == Pop3Command.Auth && _credentialsSent))
        {
            LoginRefused();
        }

        if (_command is Pop3Command.User or Pop3Command.Pass or Pop3Command.Apop)
        {
            _user = null;
        }

        return Answered(consumed, ref to);
    }

    private Step Refuse(int consumed, ReadOnlySpan<byte> answer, ref Emitter to)
    {
        to.ToClient(answer);
        return Refused(consumed, ref to);
    }
}
