using TlsFront.Protocols;

namespace TlsFront.Backends;

/// <summary>The few words a probe speaks: it reads the greeting, says goodbye, and waits for the answer, so that the server logs an orderly end.</summary>
internal static class ProbeDialogue
{
    /// <summary>Longest greeting that is waited for; RFC 5321 section 4.5.3.1.5 grants 512 bytes a line.</summary>
    public const int MaximumGreeting = 8 * 1024;

    /// <summary>Judges <paramref name="received"/>, all bytes so far.</summary>
    /// <param name="protocol">What should be spoken.</param>
    /// <param name="received">All bytes so far.</param>
    /// <param name="length">How many of them the greeting is; all, where it is none.</param>
    public static GreetingVerdict Judge(MailProtocol protocol, ReadOnlySpan<byte> received, out int length)
    {
        length = received.Length;
        if (protocol != MailProtocol.Tcp && received is [0x15 or 0x16, 0x03, ..])
        {
            return GreetingVerdict.Tls;
        }

        // Nothing behind the longest greeting counts, so that the verdict does not depend on how much arrived at once.
        var isTooLong = received.Length > MaximumGreeting;
        received = isTooLong ? received[..MaximumGreeting] : received;
        var end = received.IndexOf((byte)'\n');
        if (protocol == MailProtocol.Tcp || end < 0)
        {
            return protocol == MailProtocol.Tcp ? GreetingVerdict.Ready : isTooLong ? GreetingVerdict.Foreign : GreetingVerdict.Incomplete;
        }

        if (protocol == MailProtocol.Smtp)
        {
            return JudgeSmtp(received, isTooLong, ref length);
        }

        length = end + 1;
        return protocol == MailProtocol.Imap
            ? Judge(received, "* OK"u8, "* BYE"u8) is var imap && imap == GreetingVerdict.Foreign && StartsWith(received, "* PREAUTH"u8) ? GreetingVerdict.Ready : imap
            : Judge(received, "+OK"u8, "-ERR"u8);
    }

    /// <summary>
    /// Whether what came behind the greeting says that the PROXY header was taken for commands. <paramref name="reply"/> begins with the answer
    /// to <see cref="Goodbye"/> otherwise, which no server calls an error.
    /// </summary>
    public static bool IsHeaderRefused(MailProtocol protocol, ReadOnlySpan<byte> reply) => protocol switch
    {
        MailProtocol.Smtp => reply is [(byte)'5', ..],
        // Dovecot says a second "* OK" while its authentication starts.
        MailProtocol.Imap => reply.StartsWith("* BAD"u8) || reply.StartsWith("PROXY BAD"u8) || reply.IndexOf("\n* BAD"u8) >= 0 || reply.IndexOf("\nPROXY BAD"u8) >= 0,
        MailProtocol.Pop3 => reply.StartsWith("-ERR"u8),
        _ => false,
    };

    /// <summary>What is said to <paramref name="protocol"/>'s servers at the end; nothing to those of unknown protocols.</summary>
    public static ReadOnlyMemory<byte> Goodbye(MailProtocol protocol) => protocol switch
    {
        MailProtocol.Tcp => ReadOnlyMemory<byte>.Empty,
        MailProtocol.Imap => "probe LOGOUT\r\n"u8.ToArray(),
        _ => "QUIT\r\n"u8.ToArray(),
    };

    /// <summary>The first line, cut to what a log line has room for, and <see cref="Printable"/>.</summary>
    public static string FirstLine(ReadOnlySpan<byte> received)
    {
        const int Longest = 100;
        var end = received.IndexOfAny((byte)'\r', (byte)'\n');
        var line = end < 0 ? received : received[..end];
        return Printable(line[..Math.Min(line.Length, Longest)]);
    }

    /// <summary>The text without what a terminal or a log would take for more than text.</summary>
    public static string Printable(ReadOnlySpan<byte> received) => string.Create(received.Length, received, static (text, bytes) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = bytes[i] is >= (byte)' ' and <= (byte)'~' ? (char)bytes[i] : '?';
        }
    });

    private static GreetingVerdict JudgeSmtp(ReadOnlySpan<byte> received, bool isTooLong, ref int length)
    {
        var all = received.Length;
        while (received.IndexOf((byte)'\n') is var end && end >= 0)
        {
            var line = received[..end].TrimEnd((byte)'\r');
            if (line.Length < 3 || line[..3].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0 || (line.Length > 3 && line[3] is not ((byte)' ' or (byte)'-')))
            {
                return GreetingVerdict.Foreign;
            }

            if (line.Length == 3 || line[3] == ' ')
            {
                length = all - received.Length + end + 1;
                return line[..3].SequenceEqual("220"u8) ? GreetingVerdict.Ready : line[0] is (byte)'4' or (byte)'5' ? GreetingVerdict.Refusal : GreetingVerdict.Foreign;
            }

            received = received[(end + 1)..];
        }

        return isTooLong ? GreetingVerdict.Foreign : GreetingVerdict.Incomplete;
    }

    private static GreetingVerdict Judge(ReadOnlySpan<byte> received, ReadOnlySpan<byte> ready, ReadOnlySpan<byte> refusal) =>
        StartsWith(received, ready) ? GreetingVerdict.Ready : StartsWith(received, refusal) ? GreetingVerdict.Refusal : GreetingVerdict.Foreign;

    private static bool StartsWith(ReadOnlySpan<byte> received, ReadOnlySpan<byte> word) =>
        received.Length > word.Length && System.Text.Ascii.EqualsIgnoreCase(received[..word.Length], word) && received[word.Length] is (byte)' ' or (byte)'\r' or (byte)'\n';
}
