using System.Text;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.StartTls;

/// <summary>
/// Finds logins in lines that are refused anyway, however they are spelt: what matters is not whether a server would take them, but whether a
/// password or a token was in them.
/// </summary>
internal static class CleartextLogin
{
    /// <summary>Whether a line of SMTP has one.</summary>
    public static bool IsSmtp(ReadOnlySpan<byte> line) => IsAuthentication(line, verb: 0, "AUTH"u8);

    /// <summary>Whether a line of POP3 has one.</summary>
    public static bool IsPop3(ReadOnlySpan<byte> line) =>
        (Ascii.EqualsIgnoreCase(Word(line, 0), "PASS"u8) && !Word(line, 1).IsEmpty) || IsAuthentication(line, verb: 0, "AUTH"u8);

    /// <summary>Whether a line of IMAP has one; of a literal at its end the octets are not here yet, or never come.</summary>
    public static bool IsImap(ReadOnlySpan<byte> line) =>
        (Ascii.EqualsIgnoreCase(Word(line, 1), "LOGIN"u8)
            && Word(line, 3) is { IsEmpty: false } password
            && (password[^1] != '}' || password.EndsWith("+}"u8)))
        || IsAuthentication(line, verb: 1, "AUTHENTICATE"u8);

    /// <summary>Whether a line of ManageSieve has one; the octets of a literal at its end are on their way.</summary>
    public static bool IsSieve(ReadOnlySpan<byte> line) => IsAuthentication(line, verb: 0, "AUTHENTICATE"u8);

    // A name alone, or a digest, is no secret.
    private static bool IsAuthentication(ReadOnlySpan<byte> line, int verb, ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(Word(line, verb), name)
        && SaslMechanisms.Parse(Word(line, verb + 1).Trim((byte)'"')) is SaslMechanism.Plain or SaslMechanism.OAuthBearer or SaslMechanism.XOAuth2
        && Word(line, verb + 2).Trim((byte)'"') is { IsEmpty: false } response
        && !response.SequenceEqual("="u8);

    private static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> line, int number)
    {
        for (; ; number--)
        {
            line = line.TrimStart(" \t"u8);
            var end = line.IndexOfAny(" \t"u8);
            var word = end < 0 ? line : line[..end];
            if (number == 0)
            {
                return word;
            }

            line = line[word.Length..];
        }
    }
}
