using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.Access;

namespace TlsFront.Protocols.Imap;

/// <content>
/// ID (RFC 2971). It is read as a whole, with the client's literals in it, which get their go-ahead from us; until it is complete, it stays in
/// the engine's buffer, which holds the longest legal one. The backend gets one line of quoted strings, and thus no octets that it could take
/// for anything else.
/// </content>
internal sealed partial class ImapMachine
{
    private static ReadOnlySpan<byte> IdSyntax => " BAD ID takes NIL or a list of strings without CR, LF and NUL\r\n"u8;

    private static ReadOnlySpan<byte> ExceedsLimits => " NO [LIMIT] ID has at most 30 fields, with names of 30 and values of 1024 octets\r\n"u8;

    private int _goAheadsGiven;
    private ImapIdRewriter _id;

    // True of the same commands however the bytes arrive: the name ends with its space.
    private static bool IsId(ReadOnlySpan<byte> input)
    {
        var tag = CommandSyntax.SplitWord(input[..Math.Min(input.Length, ImapSyntax.MaxTag + 8)], out var rest);
        var verb = CommandSyntax.SplitWord(rest, out _);
        return verb.Length < rest.Length && Ascii.EqualsIgnoreCase(verb, "ID"u8) && ImapSyntax.IsTag(tag);
    }

    private Step ReadId(ReadOnlySpan<byte> input, ref Emitter to)
    {
        var length = 0;
        for (var synchronised = 0; ;)
        {
            switch (LineReader.Read(input[length..], MaxCarry - length, BareNewlines, out var line, out var consumed))
            {
                case LineState.Incomplete when input.Length < MaxCarry:
                    return Step.More(0);
                case LineState.Incomplete or LineState.TooLong:
                    return End(0, CloseReason.LineTooLong, ref to);
                case LineState.Malformed:
                    return RefuseMalformed(length + consumed, input.Slice(length, consumed), isCommand: length == 0, ref to);
            }

            length += consumed;
            if (!StringSyntax.EndsInLiteral(line, out var literal, out var synchronising))
            {
                return ForwardId(input[..length], ref to);
            }

            var isString = line.LastIndexOf((byte)'{') is > 0 and var open && line[open - 1] is (byte)' ' or (byte)'(';
            if (!isString || literal > ImapId.MaxValue)
            {
                // Before the client sends the octets, if it waits.
                Begin(CommandSyntax.SplitWord(input, out _), ImapCommand.Id);
                return Refuse(length, line, isString ? " NO [LIMIT] A value of ID has at most 1024 octets\r\n"u8 : IdSyntax, ref to);
            }

            if (synchronising && ++synchronised > ImapId.MaxStrings)
            {
                Begin(CommandSyntax.SplitWord(input, out _), ImapCommand.Id);
                return Refuse(length, line, ExceedsLimits, ref to);
            }

            if (synchronised > _goAheadsGiven)
            {
                _goAheadsGiven++;
                to.ToClient("+ OK\r\n"u8);
            }

            length += literal;
            if (length > input.Length)
            {
                return input.Length < MaxCarry ? Step.More(0) : End(0, CloseReason.LineTooLong, ref to);
            }
        }
    }

    private Step ForwardId(ReadOnlySpan<byte> command, ref Emitter to)
    {
        var tag = CommandSyntax.SplitWord(command, out var rest);
        CommandSyntax.SplitWord(rest, out var arguments);
        var start = command.Length - arguments.Length;
        arguments = arguments[..^(arguments.EndsWith("\r\n"u8) ? 2 : 1)];
        Begin(tag, ImapCommand.Id);
        if (Ascii.EqualsIgnoreCase(arguments, "NIL"u8))
        {
            arguments = "()"u8;
        }

        if (!ImapId.IsList(arguments, out var exceedsLimits))
        {
            return Refuse(command.Length, default, IdSyntax, ref to);
        }

        if (exceedsLimits)
        {
            return Refuse(command.Length, default, ExceedsLimits, ref to);
        }

        to.Facts.Program ??= ImapId.ProgramOf(arguments);
        to.ToBackend(command[..start]);
        to.ToBackend("("u8);
        if (arguments.Length == 2)
        {
            return EndId(command.Length, ref to);
        }

        _id = default;
        _expectation = ImapExpectation.IdFields;
        return ContinueId(start + 1, command[(start + 1)..], ref to);
    }

    /// <summary>Forwards as many fields as there is room for.</summary>
    private Step ContinueId(int before, ReadOnlySpan<byte> fields, ref Emitter to)
    {
        var consumed = before + _id.Forward(fields, ref to);
        return _id.IsComplete ? EndId(consumed + (fields[consumed - before] == '\r' ? 2 : 1), ref to) : Step.More(consumed);
    }

    private Step EndId(int consumed, ref Emitter to)
    {
        // RFC 2971 section 5 asks an intermediary to show its presence.
        to.ToBackend(_id.Fields switch
        {
            0 => "\"proxy\" \"TlsFront\")\r\n"u8,
            < ImapId.MaxFields => " \"proxy\" \"TlsFront\")\r\n"u8,
            _ => ")\r\n"u8,
        });
        _id = default;
        _expectation = ImapExpectation.Command;
        AwaitBackend();
        return Step.More(consumed);
    }
}
