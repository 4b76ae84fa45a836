using TlsFront.Connections;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Smtp;

/// <summary>The client's part of a login (RFC 4954 section 4): AUTH and the lines that answer its challenges.</summary>
internal sealed class LoginExchange(SmtpState state)
{
    /// <summary>Takes the command on <paramref name="line"/>.</summary>
    /// <remarks>
    /// AUTH SP mechanism [SP initial-response]: in anything else a backend that splits or trims otherwise could find another mechanism. Only
    /// spaces at the end are forgiven (RFC 5321 section 4.1.1), and not passed on.
    /// </remarks>
    public Step Begin(ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (state.IsAuthenticated)
        {
            return state.Refuse(LocalReply.AlreadyAuthenticated, line.Length, ref to);
        }

        arguments = arguments.TrimEnd((byte)' ');
        var space = arguments.IndexOf((byte)' ');
        var mechanism = space < 0 ? arguments : arguments[..space];
        var response = space < 0 ? default : arguments[(space + 1)..];
        if (!SaslMechanisms.IsName(mechanism) || (space >= 0 && !SaslResponse.IsInitial(response)))
        {
            return state.Refuse(LocalReply.MalformedLogin, line.Length, ref to);
        }

        if (!SaslMechanisms.SurvivesReading(mechanism))
        {
            return state.Refuse(LocalReply.MechanismUnsupported, line.Length, ref to);
        }

        state.Login.Begin(mechanism, response);
        SmtpLine.Forward(line, line[..("AUTH ".Length + arguments.Length)], ref to);
        state.Await(Awaited.Auth, endsGroup: true);
        state.Fruitless++;
        return Step.More(line.Length);
    }

    /// <summary>Takes the line that answers a challenge.</summary>
    public Step ReadResponse(ReadOnlySpan<byte> input, ref Emitter to)
    {
        switch (LineReader.Read(input, SmtpLine.MaxAuthenticationLength + 2, state.Rules.BareNewlines, out var response, out var length))
        {
            case LineState.Incomplete:
                return Step.More(0);
            case LineState.TooLong:
                return state.AnswerAndEnd(LocalReply.AuthenticationLineTooLong, CloseReason.LineTooLong, ref to);
            case LineState.Malformed:
                return state.AnswerAndEnd(LocalReply.BareNewline, CloseReason.BareNewline, ref to);
        }

        state.Mode = ClientMode.Command;
        to.ToBackend(state.Login.Answer(response));
        to.ToBackend("\r\n"u8);
        state.Await(Awaited.Auth, endsGroup: true);
        return Step.More(length);
    }
}
