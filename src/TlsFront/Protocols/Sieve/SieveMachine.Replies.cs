using System.Text;
using TlsFront.Connections;

namespace TlsFront.Protocols.Sieve;

/// <content>The backend's side: a greeting that is a list of capabilities, challenges and statuses, each with its literals.</content>
internal sealed partial class SieveMachine
{
    /// <inheritdoc/>
    protected override int ReplyLength(ReadOnlySpan<byte> input) => SieveSyntax.LineLength(input);

    /// <inheritdoc/>
    /// <remarks>All of it, so that a client has nothing yet of the list of a backend that breaks off.</remarks>
    protected override int GreetingLength(ReadOnlySpan<byte> input) => SieveSyntax.ListLength(input, out _);

    /// <inheritdoc/>
    protected override Step ReadGreeting(ReadOnlySpan<byte> line, ref Emitter to)
    {
        SieveSyntax.ListLength(line, out var status);
        if (SieveSyntax.IsStatus(status, "OK"u8))
        {
            SieveCapabilities.Forward(line[..^status.Length], ref to);
            to.ToClient(status);
            AwaitClient();
            return Step.More(line.Length);
        }

        if (!SieveSyntax.IsStatus(status, "BYE"u8) && !SieveSyntax.IsStatus(status, "NO"u8))
        {
            return TryNext(line.Length, CloseReason.BackendProtocolError, CloseReason.BackendProtocolError, ref to);
        }

        if (!to.Facts.CanFailOver)
        {
            ForwardStatus(status, mayRefer: false, ref to);
            BackendSaidGoodbye = true;
        }

        return TryNext(line.Length, CloseReason.BackendRefused, CloseReason.BackendRefused, ref to);
    }

    /// <inheritdoc/>
    protected override Step ReadReply(ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (SieveSyntax.IsString(line))
        {
            return ReadString(line, ref to);
        }

        // A referral names the backend, as it does in IMAP, and goes. In the answer to a login it is the backend's word for this user, that the
        // scripts are elsewhere, and may be the only way there.
        var mayRefer = BackendOwes && _command == SieveCommand.Authenticate;
        if (SieveSyntax.IsStatus(line, "BYE"u8))
        {
            ForwardStatus(line, mayRefer, ref to);
            BackendSaidGoodbye = true;
            return Step.Close(line.Length, Leaving ? CloseReason.Completed : CloseReason.BackendClosed);
        }

        var isOk = SieveSyntax.IsStatus(line, "OK"u8);
        if (!BackendOwes || !(isOk || SieveSyntax.IsStatus(line, "NO"u8)))
        {
            return End(line.Length, CloseReason.BackendProtocolError, ref to);
        }

        return _command == SieveCommand.Authenticate ? ReadLogin(line, isOk, ref to) : ReadStatus(line, mayRefer, ref to);
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Goodbye(CloseReason reason) => SieveProfile.Goodbye(reason);

    private Step ReadString(ReadOnlySpan<byte> line, ref Emitter to)
    {
        switch (_command)
        {
            case SieveCommand.Capability when BackendOwes:
                SieveCapabilities.Forward(line, ref to);
                return Step.More(line.Length);
            case SieveCommand.Authenticate when BackendOwes:
                to.ToClient(line);
                _responseNext = true;
                AwaitClient();
                return Step.More(line.Length);
            default:
                return End(line.Length, CloseReason.BackendProtocolError, ref to);
        }
    }

    private Step ReadLogin(ReadOnlySpan<byte> line, bool isOk, ref Emitter to)
    {
        if (isOk && !_sasl.EndsInResponse)
        {
            // Nobody can be logged in yet: it understood something else.
            return End(line.Length, CloseReason.BackendProtocolError, ref to);
        }

        if (isOk)
        {
            to.ToClient(line);
            return LoggedIn(line.Length, _sasl.User);
        }

        if (_sasl.HasCredentials)
        {
            LoginRefused(line["NO".Length..]);
        }

        return ReadStatus(line, mayRefer: true, ref to);
    }

    private Step ReadStatus(ReadOnlySpan<byte> line, bool mayRefer, ref Emitter to)
    {
        _command = SieveCommand.None;
        ForwardStatus(line, mayRefer, ref to);
        return Answered(line.Length, ref to);
    }

    private static void ForwardStatus(ReadOnlySpan<byte> line, bool mayRefer, ref Emitter to)
    {
        var code = " (REFERRAL "u8;
        var end = line.IndexOf((byte)' ');
        if (mayRefer || end < 0 || line.Length - end < code.Length || !Ascii.EqualsIgnoreCase(line.Slice(end, code.Length), code))
        {
            to.ToClient(line);
            return;
        }

        var isWhole = SieveSyntax.TryTakeString(line[(end + code.Length)..], out _, out var rest) && rest.StartsWith(")"u8);
        to.ToClient(line[..end]);
        to.ToClient(isWhole ? rest[1..] : "\r\n"u8);
    }
}
