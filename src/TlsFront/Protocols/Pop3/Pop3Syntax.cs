using System.Buffers;
using System.Text;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.Pop3;

/// <summary>
/// What may be forwarded in the AUTHORIZATION state, and how it must be written.
/// <para>Only commands that every server knows or refuses, whose answer has one shape everywhere: a list taken for a single line would let
/// the rest of it pass as the answer to the next command. Words stand one space apart (RFC 1939 section 3), because servers disagree on what
/// a second one means: to Dovecot <c>AUTH</c> with a space behind it asks for the list of mechanisms.</para>
/// </summary>
internal static class Pop3Syntax
{
    private static readonly SearchValues<byte> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(static octet => (byte)octet), 127]);

    /// <summary>The command <paramref name="verb"/> stands for.</summary>
    public static Pop3Command Classify(ReadOnlySpan<byte> verb, bool hasArgument) => verb.Length switch
    {
        4 when Ascii.EqualsIgnoreCase(verb, "CAPA"u8) => Pop3Command.Capa,
        4 when Ascii.EqualsIgnoreCase(verb, "AUTH"u8) => hasArgument ? Pop3Command.Auth : Pop3Command.AuthList,
        4 when Ascii.EqualsIgnoreCase(verb, "LANG"u8) => hasArgument ? Pop3Command.Lang : Pop3Command.LangList,
        4 when Ascii.EqualsIgnoreCase(verb, "USER"u8) => Pop3Command.User,
        4 when Ascii.EqualsIgnoreCase(verb, "PASS"u8) => Pop3Command.Pass,
        4 when Ascii.EqualsIgnoreCase(verb, "APOP"u8) => Pop3Command.Apop,
        4 when Ascii.EqualsIgnoreCase(verb, "QUIT"u8) => Pop3Command.Quit,
        4 when Ascii.EqualsIgnoreCase(verb, "NOOP"u8) || Ascii.EqualsIgnoreCase(verb, "UTF8"u8) => Pop3Command.Plain,
        _ => Pop3Command.Unknown,
    };

    /// <summary>Whether the rest of the line is as <paramref name="command"/> wants it.</summary>
    public static bool IsArgument(Pop3Command command, ReadOnlySpan<byte> argument, bool hasArgument)
    {
        switch (command)
        {
            case Pop3Command.Auth:
                return SaslCommand.TryParse(argument, out _, out _);
            case Pop3Command.Lang:
                return Words(argument) == 1;
            case Pop3Command.User:
                // Some servers have names with spaces in them.
                return Words(argument) > 0;
            case Pop3Command.Apop:
                return Words(argument) == 2;
            case Pop3Command.Pass:
                // RFC 1939 section 7: every space behind the first belongs to the password.
                return !argument.IsEmpty;
            default:
                return !hasArgument;
        }
    }

    /// <summary>How many words there are, one space apart; 0 if there is anything else in between or inside.</summary>
    private static int Words(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAny(Controls))
        {
            return 0;
        }

        for (var words = 1; ; words++)
        {
            var word = CommandSyntax.SplitWord(text, out var rest);
            if (word.IsEmpty)
            {
                return 0;
            }

            if (word.Length == text.Length)
            {
                return words;
            }

            text = rest;
        }
    }
}
