using System.Buffers.Text;
using System.Diagnostics;
using TlsFront.Connections;

namespace TlsFront.Protocols.Smtp;

/// <summary>
/// Reads the client: commands are checked, queued for their reply and forwarded; logins go to <see cref="LoginExchange"/>, content to
/// <see cref="MessageContent"/>.
/// </summary>
internal sealed class SmtpClientReader(SmtpState state)
{
    // A header with the BDAT before it, or two replies of our own.
    private const int RoomForOneCommand = ReceivedHeader.MaxLength + 64;

    private readonly MessageContent _content = new(state);
    private readonly LoginExchange _login = new(state);

    /// <summary>Takes what can be taken of <paramref name="input"/>.</summary>
    public Step Read(ReadOnlySpan<byte> input, ref Emitter to)
    {
        var consumed = 0;
        while (consumed < input.Length)
        {
            if (state.Stage != SmtpStage.Dialogue || state.Ending != CloseReason.None || state.HasLostClient)
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
                ClientMode.AuthenticationResponse => _login.ReadResponse(rest, ref to),
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

        switch (LineReader.Read(input, SmtpLine.LimitOf(input), state.Rules.BareNewlines, out var text, out var length))
        {
            case LineState.Incomplete:
                return Step.More(0);
            case LineState.TooLong:
                return state.AnswerAndEnd(LocalReply.LineTooLong, CloseReason.LineTooLong, ref to);
            case LineState.Malformed:
                return state.AnswerAndEnd(LocalReply.BareNewline, CloseReason.BareNewline, ref to);
            default:
                var command = SmtpCommand.Parse(text);
                if (state.Fruitless >= SmtpState.MaxFruitless && command.Verb != SmtpVerb.Quit)
                {
                    return state.AnswerAndEnd(LocalReply.TooManyErrors, CloseReason.ProtocolError, ref to);
                }

                return IsGuarded(command.Verb) && state.IsLoginDue
                    ? Refuse(command, input, length, ref to)
                    : Obey(command, input, length, ref to);
        }
    }

    // Open-relay guard: the backend may trust the gateway's address. What a word means that is unknown here, only the backend knows.
    private static bool IsGuarded(SmtpVerb verb) =>
        verb is SmtpVerb.Mail or SmtpVerb.Rcpt or SmtpVerb.Data or SmtpVerb.Bdat or SmtpVerb.Lookup or SmtpVerb.Unknown;

    private Step Refuse(SmtpCommand command, ReadOnlySpan<byte> input, int length, ref Emitter to)
    {
        if (command.Verb == SmtpVerb.Bdat)
        {
            return _content.RefuseChunk(LocalReply.AuthenticationRequired, command.Arguments, length, ref to);
        }

        if (command.Verb == SmtpVerb.Data)
        {
            return RefuseData(LocalReply.AuthenticationRequired, input, length, ref to);
        }

        return state.Refuse(LocalReply.AuthenticationRequired, length, ref to);
    }

    private Step RefuseData(LocalReply reply, ReadOnlySpan<byte> input, int length, ref Emitter to)
    {
        var step = state.Refuse(reply, length, ref to);
        // Content that follows unasked must not run as commands.
        return input.Length > length ? state.AnswerAndEnd(LocalReply.OutOfStep, CloseReason.ProtocolError, ref to) : step;
    }

    private Step Obey(SmtpCommand command, ReadOnlySpan<byte> input, int length, ref Emitter to)
    {
        var line = input[..length];
        switch (command.Verb)
        {
            case SmtpVerb.Ehlo or SmtpVerb.Helo:
                state.SentHelloName = HelloName.Read(command.Arguments);
                to.Facts.Program = state.SentHelloName == HelloName.Unknown ? null : state.SentHelloName;
                return Forward(line, command.Verb == SmtpVerb.Ehlo ? Awaited.Ehlo : Awaited.Helo, endsGroup: true, ref to);
            case SmtpVerb.Auth:
                return _login.Begin(command.Arguments, line, ref to);
            case SmtpVerb.Mail when state.Replies.IsEmpty:
                return ForwardMail(command.Arguments, line, ref to);
            case SmtpVerb.Bdat when state.Replies.IsEmpty:
                return _content.BeginChunk(command.Arguments, line.Length, ref to);
            case SmtpVerb.Data when state.Transaction is { HasChunks: true } or { IsDead: true } && state.Replies.IsEmpty:
                return RefuseData(LocalReply.TransactionDead, input, length, ref to);
            case SmtpVerb.Mail or SmtpVerb.Bdat:
            case SmtpVerb.Data when state.Transaction is { HasChunks: true } or { IsDead: true }:
                // Whether a transaction is open, and its message begun, must be certain here.
                return Step.Hold(0);
            case SmtpVerb.Rcpt:
                state.Transaction.SendRecipient(command.Arguments);
                return Forward(line, Awaited.Rcpt, endsGroup: false, ref to);
            case SmtpVerb.Rset:
                return Forward(line, Awaited.Reset, endsGroup: false, ref to);
            case SmtpVerb.Data:
                state.HasDataBeforeReply = false;
                return Forward(line, Awaited.Data, endsGroup: true, ref to);
            case SmtpVerb.Quit:
                state.HasQuit = true;
                return Forward(line, Awaited.Quit, endsGroup: true, ref to);
            case SmtpVerb.StartTls:
                return state.Refuse(LocalReply.TlsActive, length, ref to);
            case SmtpVerb.Withheld:
                return state.Refuse(LocalReply.NotImplemented, length, ref to);
            case SmtpVerb.Malformed:
                return state.Refuse(LocalReply.SyntaxError, length, ref to);
            case SmtpVerb.Foreign:
                return state.AnswerAndEnd(LocalReply.NotSmtp, CloseReason.ProtocolError, ref to);
            case SmtpVerb.Unknown:
                state.Fruitless++;
                return Forward(line, Awaited.Other, endsGroup: true, ref to);
            case SmtpVerb.Lookup or SmtpVerb.Other:
                // RFC 2920 lets these only end a group: so they do towards the backend, whatever the client sent behind them.
                return Forward(line, Awaited.Other, endsGroup: true, ref to);
            default:
                throw new UnreachableException();
        }
    }

    // RFC 1870 section 6.1: the declared size must cover what the gateway adds.
    private Step ForwardMail(ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (MailParameters.NamesPrdr(arguments))
        {
            // Hidden from clients, because its replies cannot be counted (draft-hall-prdr); Exim would obey it all the same.
            return state.Refuse(LocalReply.ParameterUnsupported, line.Length, ref to);
        }

        var parameters = MailParameters.Parse(arguments);
        state.Transaction.SendMail(parameters.IsInternationalized);
        if (parameters.SizeLength == 0)
        {
            return Forward(line, Awaited.Mail, endsGroup: false, ref to);
        }

        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(parameters.Size + ReceivedHeader.MaxLength, digits, out var length);
        var start = SmtpLine.Text(line).Length - arguments.Length + parameters.SizeStart;
        to.ToBackend(line[..start]);
        to.ToBackend(digits[..length]);
        var rest = line[(start + parameters.SizeLength)..];
        SmtpLine.Forward(rest, SmtpLine.Text(rest), ref to);
        state.Await(Awaited.Mail, endsGroup: false);
        return Step.More(line.Length);
    }

    private Step Forward(ReadOnlySpan<byte> line, Awaited awaited, bool endsGroup, ref Emitter to)
    {
        SmtpLine.Forward(line, SmtpLine.Text(line), ref to);
        state.Await(awaited, endsGroup);
        state.Fruitless += state.IsLoginDue ? 1 : 0;
        return Step.More(line.Length);
    }
}
