using System.Text;
using TlsFront.Connections;

namespace TlsFront.Protocols.Pop3;

/// <content>The backend's side: greeting, replies of one line and lists.</content>
internal sealed partial class Pop3Machine
{
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

        if (IsGreeted)
        {
            AwaitClient();
            return Step.More(line.Length);
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
            return BackendOwes ? Declined(line, ref to) : Step.Close(line.Length, CloseReason.BackendClosed);
        }

        if (BackendOwes && IsReply(line, "+OK"u8))
        {
            if (_command == Pop3Command.Auth && !_sasl.EndsInResponse)
            {
                // Nobody can be logged in yet: it understood something else, perhaps to list its mechanisms.
                return End(line.Length, CloseReason.BackendProtocolError, ref to);
            }

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
    protected override ReadOnlySpan<byte> Goodbye(CloseReason reason) => Pop3Profile.Goodbye(reason);

    private static bool IsReply(ReadOnlySpan<byte> line, ReadOnlySpan<byte> status) =>
        line.StartsWith(status) && line[status.Length] is (byte)' ' or (byte)'\r' or (byte)'\n';

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
            case Pop3Command.Pass:
                return LoggedIn(consumed, _user);
            case Pop3Command.Apop:
                return LoggedIn(consumed, _name);
            case Pop3Command.User:
                _user = _name;
                return Answered(consumed, ref to);
            case Pop3Command.Auth:
                return LoggedIn(consumed, _sasl.User);
            case Pop3Command.Capa or Pop3Command.AuthList or Pop3Command.LangList:
                _inList = true;
                return Step.More(consumed);
            default:
                return Answered(consumed, ref to);
        }
    }

    private Step Declined(ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (_command is Pop3Command.Pass or Pop3Command.Apop || (_command == Pop3Command.Auth && _sasl.HasCredentials))
        {
            LoginRefused(line["-ERR".Length..]);
        }

        return Answered(line.Length, ref to);
    }
}
