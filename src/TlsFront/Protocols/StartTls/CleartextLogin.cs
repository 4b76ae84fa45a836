using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols.Sasl;

namespace TlsFront.Protocols.StartTls;

/// <summary>
/// Finds logins in lines that are refused anyway, however they are spelt: what matters is not whether a server would take them, but whether a
/// password or a token was in them, and whose, so that it can be changed (RFC 8314 section 4.1).
/// </summary>
internal static class CleartextLogin
{
    /// <summary>Whether a line of SMTP has one; of <paramref name="user"/>, null if it does not show.</summary>
    public static bool IsSmtp(ReadOnlySpan<byte> line, out string? user) => IsAuthentication(line, verb: 0, "AUTH"u8, out user);

    /// <summary>Whether a line of POP3 has one.</summary>
    public static bool IsPop3(ReadOnlySpan<byte> line, out string? user) =>
        IsAuthentication(line, verb: 0, "AUTH"u8, out user)
        || (Ascii.EqualsIgnoreCase(Word(line, 0), "PASS"u8) && !Word(line, 1).IsEmpty);

    /// <summary>The name in a line of POP3 that a password may follow.</summary>
    public static string? UserOfPop3(ReadOnlySpan<byte> line) =>
        Ascii.EqualsIgnoreCase(Word(line, 0), "USER"u8) ? UserName.FromUtf8(Word(line, 1)) : null;

    /// <summary>Whether a line of IMAP has one; of a literal at its end the octets are not here yet, or never come.</summary>
    public static bool IsImap(ReadOnlySpan<byte> line, out string? user)
    {
        if (IsAuthentication(line, verb: 1, "AUTHENTICATE"u8, out user))
        {
            return true;
        }

        var isLogin = Ascii.EqualsIgnoreCase(Word(line, 1), "LOGIN"u8)
            && Word(line, 3) is { IsEmpty: false } password
            && (password[^1] != '}' || password.EndsWith("+}"u8));
        user = isLogin ? Plain(Word(line, 2)) : null;
        return isLogin;
    }

    /// <summary>Whether a line of ManageSieve has one; the octets of a literal at its end are on their way.</summary>
    public static bool IsSieve(ReadOnlySpan<byte> line, out string? user) => IsAuthentication(line, verb: 0, "AUTHENTICATE"u8, out user);

    // A name alone, or a digest, is no secret.
    private static bool IsAuthentication(ReadOnlySpan<byte> line, int verb, ReadOnlySpan<byte> name, out string? user)
    {
        user = null;
        var mechanism = Word(line, verb + 1).Trim((byte)'"');
        var response = Word(line, verb + 2).Trim((byte)'"');
        if (!Ascii.EqualsIgnoreCase(Word(line, verb), name)
            || SaslMechanisms.Parse(mechanism) is not (SaslMechanism.Plain or SaslMechanism.OAuthBearer or SaslMechanism.XOAuth2)
            || response.IsEmpty || response.SequenceEqual("="u8))
        {
            return false;
        }

        var login = default(SaslLogin);
        user = login.Begin(mechanism, response, certifiedUser: null) == SaslStep.Complete ? login.User : null;
        return true;
    }

    /// <summary>A name that is an atom, or a quoted string of one word and without escapes; null for any other.</summary>
    private static string? Plain(ReadOnlySpan<byte> word)
    {
        var isQuoted = word is [(byte)'"', .., (byte)'"'];
        var name = isQuoted ? word[1..^1] : word;
        return name.ContainsAny((byte)'"', (byte)'\\', (byte)'{') ? null : UserName.FromUtf8(name);
    }

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
