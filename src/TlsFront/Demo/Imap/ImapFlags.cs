namespace TlsFront.Demo.Imap;

/// <summary>Flags as IMAP writes them.</summary>
internal static class ImapFlags
{
    /// <summary>All the store knows, for FLAGS and PERMANENTFLAGS. Keywords are not kept, and the missing <c>\*</c> says so.</summary>
    public const string All = @"(\Answered \Flagged \Deleted \Seen \Draft)";

    /// <summary>A parenthesized list.</summary>
    public static string Format(MessageFlags flags)
    {
        var names = new List<string>();
        foreach (var flag in Enum.GetValues<MessageFlags>())
        {
            if (flag != MessageFlags.None && flags.HasFlag(flag))
            {
                names.Add(@"\" + flag.ToString());
            }
        }

        return $"({string.Join(' ', names)})";
    }

    /// <summary>Takes a list of flags, with or without parentheses; what the store does not know is ignored.</summary>
    public static bool TryRead(ImapArguments arguments, out MessageFlags flags)
    {
        flags = MessageFlags.None;
        var listed = arguments.Take('(');
        if (listed && arguments.Take(')'))
        {
            return true;
        }

        do
        {
            if (!arguments.TryReadAtom(out var name))
            {
                return false;
            }

            flags |= Parse(name);
        }
        while (arguments.Take(' '));
        return !listed || arguments.Take(')');
    }

    private static MessageFlags Parse(string name) => name.ToUpperInvariant() switch
    {
        @"\SEEN" => MessageFlags.Seen,
        @"\ANSWERED" => MessageFlags.Answered,
        @"\FLAGGED" => MessageFlags.Flagged,
        @"\DELETED" => MessageFlags.Deleted,
        @"\DRAFT" => MessageFlags.Draft,
        _ => MessageFlags.None,
    };
}
