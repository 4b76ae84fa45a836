using System.Globalization;
using System.Text;
using TlsFront.Demo.Mime;

namespace TlsFront.Demo.Imap;

/// <summary>Turns the keys of SEARCH (RFC 3501 section 6.4.4) into a predicate. Encoded text is searched as it stands.</summary>
/// <param name="arguments">The command's arguments, after the verb.</param>
/// <param name="view">What <c>*</c> refers to.</param>
internal sealed class SearchParser(ImapArguments arguments, ImapView view)
{
    private const int MaximumDepth = 20;

    /// <summary>Parses all keys; null when they make no sense.</summary>
    public SearchKey? Parse()
    {
        var key = ParseKeys(0);
        return arguments.AtEnd ? key : null;
    }

    /// <summary>Space-separated keys, all of which must hold.</summary>
    private SearchKey? ParseKeys(int depth)
    {
        var keys = new List<SearchKey>();
        do
        {
            if (ParseKey(depth) is not { } key)
            {
                return null;
            }

            keys.Add(key);
        }
        while (arguments.Take(' '));
        return (number, message) => keys.TrueForAll(key => key(number, message));
    }

    private SearchKey? ParseKey(int depth)
    {
        if (depth == MaximumDepth)
        {
            return null;
        }

        if (arguments.Take('('))
        {
            var inner = ParseKeys(depth + 1);
            return arguments.Take(')') ? inner : null;
        }

        if (!arguments.TryReadAtom(out var atom))
        {
            return null;
        }

        var name = atom.ToUpperInvariant();
        return Flag(name) ?? name switch
        {
            "ALL" or "OLD" => (_, _) => true,
            "NEW" or "RECENT" => (_, _) => false,
            "KEYWORD" => arguments.Take(' ') && arguments.TryReadAtom(out _) ? (_, _) => false : null,
            "UNKEYWORD" => arguments.Take(' ') && arguments.TryReadAtom(out _) ? (_, _) => true : null,
            "NOT" => arguments.Take(' ') && ParseKey(depth + 1) is { } key ? (number, message) => !key(number, message) : null,
            "OR" => Or(depth),
            "UID" => arguments.TryReadSet(out var uids) ? (_, message) => uids.Contains(message.Uid, view.LargestUid) : null,
            "LARGER" => arguments.Take(' ') && arguments.TryReadNumber(out var floor) ? (_, message) => message.Content.Length > floor : null,
            "SMALLER" => arguments.Take(' ') && arguments.TryReadNumber(out var ceiling) ? (_, message) => message.Content.Length < ceiling : null,
            "BEFORE" or "ON" or "SINCE" => Day(name, message => DateOnly.FromDateTime(message.Received.DateTime)),
            "SENTBEFORE" or "SENTON" or "SENTSINCE" => Day(name[4..], SentDay),
            "BCC" or "CC" or "FROM" or "SUBJECT" or "TO" => Text(wanted => HasField(name, wanted)),
            "HEADER" => arguments.Take(' ') && arguments.TryReadString(out var field) ? Text(wanted => HasField(field, wanted)) : null,
            "TEXT" => Text(wanted => (_, message) => Contains(message.Content, wanted)),
            "BODY" => Text(wanted => (_, message) => Contains(message.Content[Header.Parse(message.Content).Raw.Length..], wanted)),
            _ => SequenceSet.TryParse(name, out var set) ? (number, _) => set.Contains(number, (uint)view.Count) : null,
        };
    }

    private static SearchKey? Flag(string name)
    {
        var flag = (name.StartsWith("UN", StringComparison.Ordinal) ? name[2..] : name) switch
        {
            "ANSWERED" => MessageFlags.Answered,
            "DELETED" => MessageFlags.Deleted,
            "DRAFT" => MessageFlags.Draft,
            "FLAGGED" => MessageFlags.Flagged,
            "SEEN" => MessageFlags.Seen,
            _ => MessageFlags.None,
        };
        var wanted = name[0] != 'U';
        return flag == MessageFlags.None ? null : (_, message) => message.Flags.HasFlag(flag) == wanted;
    }

    private SearchKey? Or(int depth) =>
        arguments.Take(' ') && ParseKey(depth + 1) is { } left && arguments.Take(' ') && ParseKey(depth + 1) is { } right
            ? (number, message) => left(number, message) || right(number, message)
            : null;

    private SearchKey? Day(string relation, Func<StoredMessage, DateOnly?> of)
    {
        if (!arguments.Take(' ') || !arguments.TryReadString(out var text) || !ImapDate.TryParseDay(text, out var day))
        {
            return null;
        }

        return relation switch
        {
            "BEFORE" => (_, message) => of(message) < day,
            "ON" => (_, message) => of(message) == day,
            _ => (_, message) => of(message) >= day,
        };
    }

    private SearchKey? Text(Func<string, SearchKey> key) => arguments.Take(' ') && arguments.TryReadString(out var wanted) ? key(wanted) : null;

    private static SearchKey HasField(string name, string wanted) => (_, message) => Header.Parse(message.Content).Fields.Any(
        field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && field.Value.Contains(wanted, StringComparison.OrdinalIgnoreCase));

    private static bool Contains(ReadOnlyMemory<byte> content, string wanted) =>
        Encoding.Latin1.GetString(content.Span).Contains(wanted, StringComparison.OrdinalIgnoreCase);

    private static DateOnly? SentDay(StoredMessage message) =>
        DateTimeOffset.TryParse(Header.Parse(message.Content).Find("Date"), CultureInfo.InvariantCulture, out var sent)
            ? DateOnly.FromDateTime(sent.DateTime)
            : null;
}
