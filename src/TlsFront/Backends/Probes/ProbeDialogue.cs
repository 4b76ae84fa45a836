using TlsFront.Protocols;

namespace TlsFront.Backends.Probes;

/// <summary>Reads what a server says to a probe, within bounds and fit to be shown.</summary>
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
        var profile = ProtocolProfile.Of(protocol);
        if (profile.IsUnderstood && received is [0x15 or 0x16, 0x03, ..])
        {
            length = received.Length;
            return GreetingVerdict.Tls;
        }

        // Nothing behind the longest greeting counts, so that the verdict does not depend on how much arrived at once.
        var isTooLong = received.Length > MaximumGreeting;
        var verdict = profile.JudgeGreeting(isTooLong ? received[..MaximumGreeting] : received, out length);
        if (verdict is GreetingVerdict.Incomplete or GreetingVerdict.Foreign)
        {
            length = received.Length;
        }

        return verdict == GreetingVerdict.Incomplete && isTooLong ? GreetingVerdict.Foreign : verdict;
    }

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
}
