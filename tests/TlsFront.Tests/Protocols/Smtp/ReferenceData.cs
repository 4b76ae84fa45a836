namespace TlsFront.Tests.Protocols.Smtp;

/// <summary>Message data as the rules read in prose, without states, speed or splits: what the machine is compared with.</summary>
internal static class ReferenceData
{
    /// <summary>Length of the message with its end of data: up to the first CRLF.CRLF, whose first CRLF may be that of the DATA command.</summary>
    public static int EndOf(string sent) => ("\r\n" + sent).IndexOf("\r\n.\r\n", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : -1;

    /// <summary>What the backend must get for a complete message, its end of data included.</summary>
    public static string Normalize(string sent)
    {
        var content = sent[..^3].Replace("\r\n", "\n").Replace('\r', ' ').Replace('\0', ' ');
        return string.Join("\r\n", content.Split('\n').Select(line => line == "." ? ".." : line)) + ".\r\n";
    }

    /// <summary>Whether the message holds a CR, LF or NUL that is not part of a CRLF.</summary>
    public static bool HasBareNewline(string sent) => sent.Replace("\r\n", "").IndexOfAny(['\r', '\n', '\0']) >= 0;
}
