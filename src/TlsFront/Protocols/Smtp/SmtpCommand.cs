using System.Text;

namespace TlsFront.Protocols.Smtp;

/// <summary>A command line taken apart: its verb and what follows the space.</summary>
internal readonly ref struct SmtpCommand
{
    private const int LongestVerb = 8;

    private SmtpCommand(SmtpVerb verb, ReadOnlySpan<byte> arguments)
    {
        Verb = verb;
        Arguments = arguments;
    }

    /// <summary>What is asked for.</summary>
    public SmtpVerb Verb { get; }

    /// <summary>What follows the verb and one space; may be empty.</summary>
    public ReadOnlySpan<byte> Arguments { get; }

    /// <summary>Reads a line without its CRLF.</summary>
    public static SmtpCommand Parse(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        var word = space < 0 ? line : line[..space];
        return new SmtpCommand(ReadVerb(word), space < 0 ? default : line[(space + 1)..]);
    }

    // Courier compares no more than the first four letters of these.
    private static bool BeginsLikeAnother(ReadOnlySpan<byte> word) =>
        word.Length > 4
        && (Ascii.EqualsIgnoreCase(word[..4], "MAIL"u8)
            || Ascii.EqualsIgnoreCase(word[..4], "RCPT"u8)
            || Ascii.EqualsIgnoreCase(word[..4], "DATA"u8)
            || Ascii.EqualsIgnoreCase(word[..4], "BDAT"u8));

    private static SmtpVerb ReadVerb(ReadOnlySpan<byte> word)
    {
        if (word.IsEmpty || !IsWord(word))
        {
            return SmtpVerb.Malformed;
        }

        if (BeginsLikeAnother(word))
        {
            return SmtpVerb.Withheld;
        }

        if (word.Length > LongestVerb)
        {
            return SmtpVerb.Unknown;
        }

        Span<char> upper = stackalloc char[LongestVerb];
        Ascii.ToUpper(word, upper, out var length);
        return upper[..length] switch
        {
            "EHLO" => SmtpVerb.Ehlo,
            "HELO" => SmtpVerb.Helo,
            "MAIL" or "SEND" or "SOML" or "SAML" => SmtpVerb.Mail,
            "RCPT" => SmtpVerb.Rcpt,
            "DATA" => SmtpVerb.Data,
            "BDAT" => SmtpVerb.Bdat,
            "AUTH" => SmtpVerb.Auth,
            "RSET" => SmtpVerb.Rset,
            "QUIT" => SmtpVerb.Quit,
            "STARTTLS" => SmtpVerb.StartTls,
            "VRFY" or "EXPN" => SmtpVerb.Lookup,
            "XCLIENT" or "XFORWARD" or "PROXY" or "BURL" or "ETRN" or "ATRN" or "TURN" or "LHLO" or "XOIP" or "STLS"
                or "COMPRESS" => SmtpVerb.Withheld,
            "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "CONNECT" or "OPTIONS" or "TRACE" or "PATCH" or "PRI" => SmtpVerb.Foreign,
            "NOOP" or "HELP" => SmtpVerb.Other,
            _ => SmtpVerb.Unknown,
        };
    }

    private static bool IsWord(ReadOnlySpan<byte> word)
    {
        foreach (var octet in word)
        {
            if (!char.IsAsciiLetterOrDigit((char)octet) && octet != '-')
            {
                return false;
            }
        }

        return true;
    }
}
