using TlsFront.Tests.Protocols;

namespace TlsFront.Fuzzing.Models;

/// <summary>The field that the gateway puts on top of each message.</summary>
internal static class ReceivedField
{
    private static readonly string Mark = $" id {MachineHarness.DefaultFacts().Id}.";

    /// <summary>The content behind the session's own field; null if that is not there.</summary>
    public static string? Remove(string content)
    {
        var end = content.StartsWith("Received: from ", StringComparison.Ordinal) ? content.IndexOf(Mark, StringComparison.Ordinal) : -1;
        if (end < 0)
        {
            return null;
        }

        // Folded lines belong to it.
        for (var at = content.IndexOf("\r\n", StringComparison.Ordinal); at >= 0; at = content.IndexOf("\r\n", at + 2, StringComparison.Ordinal))
        {
            if (at + 2 >= content.Length || content[at + 2] != '\t')
            {
                return at > end ? content[(at + 2)..] : null;
            }

            // The last of its lines has the date; a tab of the client's behind it does not belong to it.
            if (at > end && content.AsSpan(0, at).EndsWith(" +0100"))
            {
                return content[(at + 2)..];
            }
        }

        return null;
    }
}
