using System.Globalization;

namespace TlsFront.Demo.Imap;

/// <summary>The commands on folders. Each returns the text of its tagged answer.</summary>
internal sealed class ImapFolderCommands(LineConnection connection, MailStore store)
{
    private const string Malformed = "BAD Malformed arguments";
    private const string NoSuchFolder = "NO [NONEXISTENT] No such folder";

    /// <summary>LIST and LSUB; LIST also with the selection option SPECIAL-USE (RFC 6154).</summary>
    public string List(ImapArguments arguments, string verb)
    {
        if (!arguments.Take(' '))
        {
            return Malformed;
        }

        var specialUse = false;
        if (arguments.TryReadList(out var options))
        {
            specialUse = options.Contains("SPECIAL-USE", StringComparer.OrdinalIgnoreCase);
            arguments.Take(' ');
        }

        if (!arguments.TryReadString(out var reference) || !arguments.Take(' ') || !arguments.TryReadString(out var pattern))
        {
            return Malformed;
        }

        if (pattern.Length == 0)
        {
            connection.WriteLine($"* {verb} (\\Noselect) \"/\" \"\"");
            return "OK Listed";
        }

        foreach (var folder in store.Folders)
        {
            if (FolderPattern.Matches(reference + pattern, folder.Name) && (!specialUse || folder.SpecialUse is not null))
            {
                var attributes = folder.SpecialUse is { } use ? @"\HasNoChildren " + use : @"\HasNoChildren";
                connection.WriteLine($"* {verb} ({attributes}) \"/\" {folder.Name}");
            }
        }

        return "OK Listed";
    }

    /// <summary>STATUS of any folder.</summary>
    public string Status(ImapArguments arguments)
    {
        if (!arguments.Take(' ') || !arguments.TryReadString(out var name) || !arguments.Take(' ') || !arguments.TryReadList(out var items))
        {
            return Malformed;
        }

        if (store.Find(name) is not { } folder)
        {
            return NoSuchFolder;
        }

        var values = new List<string>();
        foreach (var item in items.Select(item => item.ToUpperInvariant()))
        {
            long? value = item switch
            {
                "MESSAGES" => folder.Messages.Length,
                "RECENT" => 0,
                "UIDNEXT" => folder.Contents.NextUid,
                "UIDVALIDITY" => folder.UidValidity,
                "UNSEEN" => folder.Messages.Count(message => !message.Flags.HasFlag(MessageFlags.Seen)),
                _ => null,
            };
            if (value is null)
            {
                return "BAD Unknown status item";
            }

            values.Add(string.Create(CultureInfo.InvariantCulture, $"{item} {value}"));
        }

        connection.WriteLine($"* STATUS {folder.Name} ({string.Join(' ', values)})");
        return "OK Told";
    }

    /// <summary>SELECT and EXAMINE; the view is null when the answer is a refusal.</summary>
    public string Select(ImapArguments arguments, bool readOnly, out ImapView? view)
    {
        view = null;
        if (!arguments.Take(' ') || !arguments.TryReadString(out var name) || !arguments.AtEnd)
        {
            return Malformed;
        }

        if (store.Find(name) is not { } folder)
        {
            return NoSuchFolder;
        }

        view = new(folder, readOnly);
        connection.WriteLine("* FLAGS " + ImapFlags.All);
        connection.WriteLine($"* OK [PERMANENTFLAGS {(readOnly ? "()" : ImapFlags.All)}] Flags kept");
        connection.WriteLine($"* {view.Count} EXISTS");
        connection.WriteLine("* 0 RECENT");
        if (view.All.FirstOrDefault(item => !item.Message.Flags.HasFlag(MessageFlags.Seen)) is { Number: > 0 and var unseen })
        {
            connection.WriteLine($"* OK [UNSEEN {unseen}] First unseen");
        }

        connection.WriteLine($"* OK [UIDVALIDITY {folder.UidValidity}] UIDs valid");
        connection.WriteLine($"* OK [UIDNEXT {view.NextUid}] Next UID");
        return readOnly ? "OK [READ-ONLY] Examined" : "OK [READ-WRITE] Selected";
    }

    /// <summary>APPEND with flags and date, both optional; answers with the UID (RFC 4315).</summary>
    public string Append(ImapArguments arguments)
    {
        if (!arguments.Take(' ') || !arguments.TryReadString(out var name) || !arguments.Take(' ') || !TryReadFlags(arguments, out var flags)
            || !TryReadTime(arguments, out var received) || !arguments.TryReadLiteral(out var content) || !arguments.AtEnd)
        {
            return Malformed;
        }

        if (store.Find(name) is not { } folder)
        {
            return "NO [TRYCREATE] No such folder";
        }

        return store.Add(folder, content, flags, received, out var message) switch
        {
            StoreOutcome.Stored => string.Create(CultureInfo.InvariantCulture, $"OK [APPENDUID {folder.UidValidity} {message!.Uid}] Appended"),
            StoreOutcome.TooLarge => "NO [TOOBIG] Too large for the demo store",
            _ => "NO [OVERQUOTA] The demo store is full; delete messages or restart it",
        };
    }

    /// <summary>SUBSCRIBE and UNSUBSCRIBE: everything is subscribed to, always.</summary>
    public string Subscribe(ImapArguments arguments) =>
        !arguments.Take(' ') || !arguments.TryReadString(out var name) ? Malformed : store.Find(name) is null ? NoSuchFolder : "OK As always";

    private static bool TryReadFlags(ImapArguments arguments, out MessageFlags flags)
    {
        flags = MessageFlags.None;
        return !arguments.IsAt('(') || (ImapFlags.TryRead(arguments, out flags) && arguments.Take(' '));
    }

    private static bool TryReadTime(ImapArguments arguments, out DateTimeOffset? received)
    {
        received = null;
        if (!arguments.IsAt('"'))
        {
            return true;
        }

        if (!arguments.TryReadString(out var text) || !ImapDate.TryParseTime(text, out var time))
        {
            return false;
        }

        received = time;
        return arguments.Take(' ');
    }
}
