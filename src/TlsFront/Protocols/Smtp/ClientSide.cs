using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using TlsFront.Connections;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Smtp;

/// <summary>Reads the client: commands are checked, queued for their reply and forwarded; content goes to <see cref="MessageContent"/>.</summary>
internal sealed class ClientSide(SmtpState state)
{
    // A header with the BDAT before it, or two replies of our own.
    private const int RoomForOneCommand = ReceivedHeader.MaxLength + 64;

    // RFC 4422 section 3.1, in either case.
    private static readonly SearchValues<byte> MechanismName = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"u8);

    private readonly MessageContent _content = new(state);

    /// <summary>Takes what can be taken of <paramref name="input"/>.</summary>
    public Step Read(ReadOnlySpan<byte> input, ref Emitter to)
    {
        var consumed = 0;
        while (consumed < input.Length)
        {
            if (state.Stage != SmtpStage.Dialogue || state.Ending != CloseReason.None)
            {
                return Step.Hold(consumed);
            }

            if (!to.HasRoomFor(RoomForOneCommand))
            {
                return Step.More(consumed);
            }

            var rest = input[consumed..];
            var step = state.Mode switch
            {
                ClientMode.Command => ReadCommand(rest, ref to),
                ClientMode.AuthenticationResponse => ReadAuthenticationResponse(rest, ref to),
                _ => _content.Read(rest, ref to),
            };
            consumed += step.Consumed;
            if (step.Next != Next.More || step.Consumed == 0)
            {
                return step with { Consumed = consumed };
            }

            // Otherwise that point comes with a reply; here with the last octet of a chunk that was answered before.
            if (state.IsDraining && state.IsBetweenTransactions)
            {
                return SmtpState.EndNow(LocalReply.ShuttingDown, CloseReason.Drained, consumed, ref to);
            }
        }

        return Step.More(consumed);
    }

    private Step ReadCommand(ReadOnlySpan<byte> input, ref Emitter to)
    {
        if (state.IsWaiting)
        {
            state.HasDataBeforeReply |= state.Replies.IsLast(Awaited.Data);
            return Step.Hold(0);
        }

        if (!state.Replies.HasRoom)
        {
            return Step.Hold(0);
        }

        if (!char.IsAsciiLetter((char)input[0]) && input[0] is not ((byte)'\r' or (byte)'\n' or 0))
        {
            return state.AnswerAndEnd(LocalReply.NotSmtp, CloseReason.ProtocolError, ref to);
        }

        switch (CommandLine.Find(input, CommandLine.LimitOf(input), out var length))
        {
            case LineFraming.Incomplete:
                return Step.More(0);
            case LineFraming.TooLong:
                return state.AnswerAndEnd(LocalReply.LineTooLong, CloseReason.LineTooLong, ref to);
            case LineFraming.BareNewline:
                return state.AnswerAndEnd(LocalReply.BareNewline, CloseReason.BareNewline, ref to);
            default:
                var command = SmtpCommand.Parse(input[..(length - 2)]);
                return IsGuarded(command.Verb) && state.Rules.Authentication == Authentication.Required && !state.IsAuthenticated
                    ? Refuse(command, input, length, ref to)
                    : Obey(command, input[..length], ref to);
        }
    }

    // Open-relay guard: the backend may trust the gateway's address.
    private static bool IsGuarded(SmtpVerb verb) => verb is SmtpVerb.Mail or SmtpVerb.Rcpt or SmtpVerb.Data or SmtpVerb.Bdat or SmtpVerb.Lookup;

    private Step Refuse(SmtpCommand command, ReadOnlySpan<byte> input, int length, ref Emitter to)
    {
        if (command.Verb == SmtpVerb.Bdat)
        {
            if (!ChunkCommand.TryParse(command.Arguments, out var chunk))
            {
                return state.AnswerAndEnd(LocalReply.MalformedChunk, CloseReason.ProtocolError, ref to);
            }

            state.ChunkRemaining = chunk.Length;
            state.Mode = chunk.Length > 0 ? ClientMode.RefusedChunk : ClientMode.Command;
        }

        state.Answer(LocalReply.AuthenticationRequired, ref to);
        // Content that follows a refused DATA unasked must not run as commands.
        return command.Verb == SmtpVerb.Data && input.Length > length
            ? state.AnswerAndEnd(LocalReply.OutOfStep, CloseReason.ProtocolError, ref to)
            : Step.More(length);
    }

    private Step Obey(SmtpCommand command, ReadOnlySpan<byte> line, ref Emitter to)
    {
        switch (command.Verb)
        {
            case SmtpVerb.Ehlo or SmtpVerb.Helo:
                state.SentHelloName = HelloName.Read(command.Arguments);
                return Forward(line, command.Verb == SmtpVerb.Ehlo ? Awaited.Ehlo : Awaited.Helo, waits: true, ref to);
            case SmtpVerb.Auth:
                return BeginLogin(command.Arguments, line, ref to);
            case SmtpVerb.Mail when state.Replies.IsEmpty:
                return ForwardMail(command.Arguments, line, ref to);
            case SmtpVerb.Bdat when state.Replies.IsEmpty:
                return _content.BeginChunk(command.Arguments, line.Length, ref to);
            case SmtpVerb.Mail or SmtpVerb.Bdat:
                // Whether a transaction is open, and its message begun, must be certain here.
                return Step.Hold(0);
            case SmtpVerb.Rcpt:
                state.Transaction.SendRecipient(command.Arguments);
                return Forward(line, Awaited.Rcpt, waits: false, ref to);
            case SmtpVerb.Rset:
                return Forward(line, Awaited.Reset, waits: false, ref to);
            case SmtpVerb.Data:
                state.HasDataBeforeReply = false;
                return Forward(line, Awaited.Data, waits: true, ref to);
            case SmtpVerb.Quit:
                state.HasQuit = true;
                return Forward(line, Awaited.Quit, waits: true, ref to);
            case SmtpVerb.StartTls:
                return Answer(LocalReply.TlsActive, line, ref to);
            case SmtpVerb.Withheld:
                return Answer(LocalReply.NotImplemented, line, ref to);
            case SmtpVerb.Malformed:
                return Answer(LocalReply.SyntaxError, line, ref to);
            case SmtpVerb.Foreign:
                return state.AnswerAndEnd(LocalReply.NotSmtp, CloseReason.ProtocolError, ref to);
            case SmtpVerb.Lookup or SmtpVerb.Other:
                // RFC 2920 lets these only end a group: so they do towards the backend, whatever the client sent behind them.
                return Forward(line, Awaited.Other, waits: true, ref to);
            default:
                throw new UnreachableException();
        }
    }

    private Step BeginLogin(ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (state.IsAuthenticated)
        {
            return Answer(LocalReply.AlreadyAuthenticated, line, ref to);
        }

        var space = arguments.IndexOf((byte)' ');
        var mechanism = space < 0 ? arguments : arguments[..space];
        // A name with other octets in it may be another name to the backend.
        if (mechanism.ContainsAnyExcept(MechanismName) || !SaslMechanisms.SurvivesTermination(mechanism))
        {
            return Answer(LocalReply.MechanismUnsupported, line, ref to);
        }

        state.Login.Begin(mechanism, space < 0 ? default : arguments[(space + 1)..]);
        state.HasCancelledLogin = false;
        return Forward(line, Awaited.Auth, waits: true, ref to);
    }

    private Step ReadAuthenticationResponse(ReadOnlySpan<byte> input, ref Emitter to)
    {
        switch (CommandLine.Find(input, CommandLine.MaxAuthenticationLength + 2, out var length))
        {
            case LineFraming.Incomplete:
                return Step.More(0);
            case LineFraming.TooLong:
                return state.AnswerAndEnd(LocalReply.AuthenticationLineTooLong, CloseReason.LineTooLong, ref to);
            case LineFraming.BareNewline:
                return state.AnswerAndEnd(LocalReply.BareNewline, CloseReason.BareNewline, ref to);
        }

        var response = input[..(length - 2)];
        state.HasCancelledLogin = response.SequenceEqual("*"u8);
        state.Login.Respond(response);
        state.Mode = ClientMode.Command;
        return Forward(input[..length], Awaited.Auth, waits: true, ref to);
    }

    // RFC 1870 section 6.1: the declared size must cover what the gateway adds.
    private Step ForwardMail(ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> line, ref Emitter to)
    {
        var parameters = MailParameters.Parse(arguments);
        state.Transaction.SendMail(parameters.IsInternationalized);
        if (parameters.SizeLength == 0)
        {
            return Forward(line, Awaited.Mail, waits: false, ref to);
        }

        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(parameters.Size + ReceivedHeader.MaxLength, digits, out var length);
        var start = line.Length - 2 - arguments.Length + parameters.SizeStart;
        to.ToBackend(line[..start]);
        to.ToBackend(digits[..length]);
        to.ToBackend(line[(start + parameters.SizeLength)..]);
        state.Replies.Add(Awaited.Mail);
        return Step.More(line.Length);
    }

    private Step Forward(ReadOnlySpan<byte> line, Awaited awaited, bool waits, ref Emitter to)
    {
        to.ToBackend(line);
        state.Replies.Add(awaited);
        state.IsWaiting = waits;
        return Step.More(line.Length);
    }

    private Step Answer(LocalReply reply, ReadOnlySpan<byte> line, ref Emitter to)
    {
        state.Answer(reply, ref to);
        return Step.More(line.Length);
    }
}
