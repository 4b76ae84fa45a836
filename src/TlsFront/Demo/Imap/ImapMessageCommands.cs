using System.Globalization;

namespace TlsFront.Demo.Imap;

/// <summary>The commands on the messages of a selected folder. Each returns the text of its tagged answer.</summary>
internal sealed class ImapMessageCommands(LineConnection connection, MailStore store, ImapView view)
{
    private const string Malformed = "BAD Malformed arguments";
    private const string ReadOnly = "NO [READ-ONLY] The folder was opened by EXAMINE";

    public ImapView View => view;

    /// <summary>FETCH; content that is not peeked at becomes seen.</summary>
    public async ValueTask<string> FetchAsync(ImapArguments arguments, bool byUid)
    {
        if (!arguments.TryReadSet(out var set) || !arguments.Take(' ') || !FetchItemParser.TryRead(arguments, out var items) || !arguments.AtEnd)
        {
            return Malformed;
        }

        AddOnce(items, byUid, new(FetchAttribute.Uid, "UID"));
        var marksSeen = !view.IsReadOnly && items.Exists(item => item.Section is { Peek: false });
        AddOnce(items, marksSeen, new(FetchAttribute.Flags, "FLAGS"));
        foreach (var (number, message) in view.Select(set, byUid))
        {
            if (marksSeen)
            {
                store.SetFlags(view.Folder, message, flags => flags | MessageFlags.Seen);
            }

            FetchAnswer.Write(connection, view, number, message, items);
            await connection.FlushAsync();
        }

        return "OK Fetched";
    }

    /// <summary>STORE, of FLAGS, +FLAGS and -FLAGS, each with or without .SILENT.</summary>
    public string Store(ImapArguments arguments, bool byUid)
    {
        if (!arguments.TryReadSet(out var set) || !arguments.Take(' ') || !arguments.TryReadAtom(out var action)
            || !arguments.Take(' ') || !ImapFlags.TryRead(arguments, out var flags) || !arguments.AtEnd)
        {
            return Malformed;
        }

        action = action.ToUpperInvariant();
        var silent = action.EndsWith(".SILENT", StringComparison.Ordinal);
        Func<MessageFlags, MessageFlags>? change = (silent ? action[..^7] : action) switch
        {
            "FLAGS" => _ => flags,
            "+FLAGS" => present => present | flags,
            "-FLAGS" => present => present & ~flags,
            _ => null,
        };
        if (change is null)
        {
            return Malformed;
        }

        if (view.IsReadOnly)
        {
            return ReadOnly;
        }

        foreach (var (number, message) in view.Select(set, byUid))
        {
            store.SetFlags(view.Folder, message, change);
            var now = view.ReportFlags(number);
            if (!silent)
            {
                var uid = byUid ? string.Create(CultureInfo.InvariantCulture, $"UID {message.Uid} ") : "";
                connection.WriteLine($"* {number} FETCH ({uid}FLAGS {ImapFlags.Format(now)})");
            }
        }

        return "OK Stored";
    }

    /// <summary>SEARCH, with CHARSET US-ASCII or UTF-8.</summary>
    public string Search(ImapArguments arguments, bool byUid)
    {
        if (!arguments.Take(' '))
        {
            return Malformed;
        }

        if (arguments.TakeWord("CHARSET")
            && !(arguments.Take(' ') && arguments.TryReadString(out var charset) && charset.ToUpperInvariant() is "US-ASCII" or "UTF-8"
                && arguments.Take(' ')))
        {
            return "NO [BADCHARSET (US-ASCII UTF-8)] Unknown charset";
        }

        if (new SearchParser(arguments, view).Parse() is not { } key)
        {
            return Malformed;
        }

        var found = view.All.Where(item => key(item.Number, item.Message)).Select(item => byUid ? item.Message.Uid : item.Number);
        connection.WriteLine(string.Join(' ', ["* SEARCH", .. found]));
        return "OK Searched";
    }

    /// <summary>COPY and MOVE (RFC 6851), all messages or none, with the UIDs of the copies (RFC 4315).</summary>
    public string Copy(ImapArguments arguments, bool byUid, bool move)
    {
        if (!arguments.TryReadSet(out var set) || !arguments.Take(' ') || !arguments.TryReadString(out var name) || !arguments.AtEnd)
        {
            return Malformed;
        }

        if (store.Find(name) is not { } target)
        {
            return "NO [TRYCREATE] No such folder";
        }

        if (move && view.IsReadOnly)
        {
            return ReadOnly;
        }

        var originals = view.Select(set, byUid);
        var copies = new List<StoredMessage>();
        foreach (var (_, message) in originals)
        {
            if (store.Add(target, message.Content, message.Flags, message.Received, out var copy) != StoreOutcome.Stored)
            {
                store.Remove(target, copies.ToHashSet());
                return "NO [OVERQUOTA] The demo store is full; delete messages or restart it";
            }

            copies.Add(copy!);
        }

        var code = copies.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
            $"[COPYUID {target.UidValidity} {string.Join(',', originals.Select(item => item.Message.Uid))} "
            + $"{string.Join(',', copies.Select(copy => copy.Uid))}] ");
        if (!move)
        {
            return $"OK {code}Copied";
        }

        connection.WriteLine($"* OK {code}Moved");
        store.Remove(view.Folder, originals.Select(item => item.Message).ToHashSet());
        return "OK Moved";
    }

    /// <summary>EXPUNGE and UID EXPUNGE (RFC 4315); the view tells the client what went.</summary>
    public string Expunge(ImapArguments arguments, bool byUid)
    {
        SequenceSet? set = null;
        if ((byUid && !arguments.TryReadSet(out set)) || !arguments.AtEnd)
        {
            return Malformed;
        }

        if (view.IsReadOnly)
        {
            return ReadOnly;
        }

        RemoveDeleted(set);
        return "OK Expunged";
    }

    /// <summary>CLOSE: what is marked as deleted goes without a word.</summary>
    public void Close()
    {
        if (!view.IsReadOnly)
        {
            RemoveDeleted(null);
        }
    }

    private void RemoveDeleted(SequenceSet? uids) => store.Remove(view.Folder, view.All
        .Where(item => item.Message.Flags.HasFlag(MessageFlags.Deleted) && (uids is null || uids.Contains(item.Message.Uid, view.LargestUid)))
        .Select(item => item.Message).ToHashSet());

    private static void AddOnce(List<FetchItem> items, bool wanted, FetchItem item)
    {
        if (wanted && !items.Contains(item))
        {
            items.Add(item);
        }
    }
}
