using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.Access;

namespace TlsFront.Protocols.Imap;

/// <content>The backend's side: greeting, untagged responses, go-aheads and tagged responses.</content>
internal sealed partial class ImapMachine
{
    /// <inheritdoc/>
    protected override Step ReadGreeting(ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (IsUntagged(line, "OK"u8))
        {
            if (!IsGreeted)
            {
                ForwardStatus(line, "* OK"u8.Length, loggedIn: false, ref to);
            }

            AwaitClient();
            return Step.More(line.Length);
        }

        // To a client that was greeted, nobody can say that it is logged in.
        if (IsUntagged(line, "PREAUTH"u8) && !IsGreeted)
        {
            ForwardStatus(line, "* PREAUTH"u8.Length, loggedIn: true, ref to);
            return LoggedIn(line.Length, user: null);
        }

        if (!IsUntagged(line, "BYE"u8))
        {
            return TryNext(line.Length, CloseReason.BackendProtocolError, CloseReason.BackendProtocolError, ref to);
        }

        if (!to.Facts.CanFailOver)
        {
            to.ToClient(line);
            BackendSaidGoodbye = true;
        }

        return TryNext(line.Length, CloseReason.BackendRefused, CloseReason.BackendRefused, ref to);
    }

    /// <inheritdoc/>
    protected override Step ReadReply(ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (MidLine || line.StartsWith("* "u8))
        {
            ForwardUntagged(line, ref to);
            return Step.More(line.Length);
        }

        if (!BackendOwes)
        {
            return End(line.Length, CloseReason.BackendProtocolError, ref to);
        }

        if (line[0] == '+')
        {
            return ReadGoAhead(line, ref to);
        }

        return line.Length > _tagLength && line[_tagLength] == ' ' && line.StartsWith(_tag.AsSpan(0, _tagLength))
            ? ReadTagged(line, ref to)
            : End(line.Length, CloseReason.BackendProtocolError, ref to);
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Goodbye(CloseReason reason) => ImapProfile.Goodbye(reason);

    private static bool IsUntagged(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.StartsWith("* "u8) && Ascii.EqualsIgnoreCase(CommandSyntax.SplitWord(line[2..].TrimEnd("\r\n"u8), out _), name);

    private void ForwardUntagged(ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (!MidLine && IsUntagged(line, "CAPABILITY"u8))
        {
            // Some servers announce the new list just before the tagged OK of the login.
            var isLogin = BackendOwes && _command is ImapCommand.Login or ImapCommand.Authenticate;
            ImapCapabilities.Forward(line, "* CAPABILITY"u8.Length, line.TrimEnd("\r\n"u8).Length, isLogin, ref to);
            return;
        }

        if (!MidLine && IsUntagged(line, "OK"u8))
        {
            ForwardStatus(line, "* OK"u8.Length, loggedIn: false, ref to);
            return;
        }

        to.ToClient(line);
        if (!MidLine && IsUntagged(line, "BYE"u8))
        {
            BackendSaidGoodbye = true;
            AwaitBackend();
            return;
        }

        // Of what a server says before the login, only the strings of ID can be literals; in the text of a NO, "{5}" is text.
        MidLine = StringSyntax.EndsInLiteral(line.TrimEnd("\r\n"u8), out var literal, out _) && (MidLine || IsUntagged(line, "ID"u8));
        BackendLiteral = MidLine ? literal : 0;
    }

    private Step ReadGoAhead(ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (_expectation is ImapExpectation.Literal or ImapExpectation.Continuation)
        {
            to.ToClient(_goAheadIsOurs ? default : line);
            _goAheadIsOurs = false;
            AwaitClient();
            return Step.More(line.Length);
        }

        if (_command != ImapCommand.Authenticate)
        {
            return End(line.Length, CloseReason.BackendProtocolError, ref to);
        }

        to.ToClient(line);
        _expectation = ImapExpectation.SaslResponse;
        AwaitClient();
        return Step.More(line.Length);
    }

    private Step ReadTagged(ReadOnlySpan<byte> line, ref Emitter to)
    {
        var status = CommandSyntax.SplitWord(line[(_tagLength + 1)..].TrimEnd("\r\n"u8), out var text);
        var statusEnd = _tagLength + 1 + status.Length;
        var isLogin = _command is ImapCommand.Login or ImapCommand.Authenticate;
        var accepted = isLogin && Ascii.EqualsIgnoreCase(status, "OK"u8);
        if (accepted && !(_command == ImapCommand.Login ? _loginSent : _sasl.EndsInResponse))
        {
            // Nobody can be logged in yet: it understood something else.
            return End(line.Length, CloseReason.BackendProtocolError, ref to);
        }

        if (_expectation is ImapExpectation.Literal or ImapExpectation.Continuation)
        {
            // The literal was refused. What the client sent without waiting for the go-ahead is still to come.
            _expectation = !_goAheadIsOurs ? ImapExpectation.Command
                : _literalLeft > 0 ? ImapExpectation.DroppedLiteral
                : ImapExpectation.DroppedContinuation;
        }

        ForwardStatus(line, statusEnd, accepted, ref to);
        if (accepted)
        {
            return LoggedIn(line.Length, _command == ImapCommand.Login ? _user : _sasl.User);
        }

        if (isLogin && (_command == ImapCommand.Login ? _loginSent : _sasl.HasCredentials))
        {
            LoginRefused(text);
        }

        return Answered(line.Length, ref to);
    }

    // A status response may carry a capability list, which is rewritten, or a referral, which names the backend and goes (RFC 2221).
    private static void ForwardStatus(ReadOnlySpan<byte> line, int statusEnd, bool loggedIn, ref Emitter to)
    {
        var code = line[statusEnd..];
        var end = code.IndexOf((byte)']');
        if (end < 0 || !code.StartsWith(" ["u8))
        {
            to.ToClient(line);
            return;
        }

        var name = CommandSyntax.SplitWord(code[2..end], out _);
        if (Ascii.EqualsIgnoreCase(name, "CAPABILITY"u8))
        {
            ImapCapabilities.Forward(line, statusEnd + 2 + name.Length, statusEnd + end, loggedIn, ref to);
            return;
        }

        var isReferral = Ascii.EqualsIgnoreCase(name, "REFERRAL"u8);
        to.ToClient(line[..(isReferral ? statusEnd : line.Length)]);
        to.ToClient(isReferral ? code[(end + 1)..] : default);
    }
}
