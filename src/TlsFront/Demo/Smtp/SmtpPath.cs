namespace TlsFront.Demo.Smtp;

/// <summary>The argument of MAIL and RCPT: <c>FROM:&lt;address&gt; KEY=VALUE ...</c> (RFC 5321 section 4.1.2).</summary>
/// <param name="Address">The address without its brackets; empty for the null sender.</param>
/// <param name="Parameters">What follows it, space-separated.</param>
internal sealed record SmtpPath(string Address, IReadOnlyList<string> Parameters)
{
    private const int MaximumAddressLength = 512;

    /// <summary>Parses the argument of a command that starts with <paramref name="keyword"/> (FROM or TO).</summary>
    public static bool TryParse(string argument, string keyword, out SmtpPath path)
    {
        path = new("", []);
        if (!argument.StartsWith(keyword + ":", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = argument[(keyword.Length + 1)..].TrimStart(' ');
        if (EndOfAddress(rest) is not (> 0 and <= MaximumAddressLength and var end) || (end + 1 < rest.Length && rest[end + 1] != ' '))
        {
            return false;
        }

        path = new(rest[1..end], rest[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return true;
    }

    /// <summary>Position of the closing bracket, quoted local parts skipped; -1 when there is no address.</summary>
    private static int EndOfAddress(string text)
    {
        if (!text.StartsWith('<'))
        {
            return -1;
        }

        var quoted = false;
        for (var at = 1; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"':
                    quoted = !quoted;
                    break;
                case '\\' when quoted:
                    at++;
                    break;
                case '>' when !quoted:
                    return at;
                case ' ' when !quoted:
                case '<' when !quoted:
                case < ' ' or '\x7f':
                    return -1;
            }
        }

        return -1;
    }
}
