using System.Globalization;

namespace TlsFront.Demo.Imap;

/// <summary>Parses what a FETCH asks for (RFC 3501 section 6.4.5).</summary>
internal static class FetchItemParser
{
    /// <summary>More than any client asks for, and few enough that a command cannot multiply a large message without end.</summary>
    private const int MaximumItems = 50;

    private static readonly FetchItem Flags = new(FetchAttribute.Flags, "FLAGS");
    private static readonly FetchItem InternalDate = new(FetchAttribute.InternalDate, "INTERNALDATE");
    private static readonly FetchItem Size = new(FetchAttribute.Size, "RFC822.SIZE");
    private static readonly FetchItem Envelope = new(FetchAttribute.Envelope, "ENVELOPE");
    private static readonly FetchItem Body = new(FetchAttribute.Body, "BODY");

    /// <summary>Takes one item, a macro, or a list of items in parentheses.</summary>
    public static bool TryRead(ImapArguments arguments, out List<FetchItem> items)
    {
        items = [];
        if (!arguments.Take('('))
        {
            if (!arguments.TryReadAtom(out var word))
            {
                return false;
            }

            return Macro(word, items) || TryReadItem(word, arguments, items);
        }

        do
        {
            if (items.Count == MaximumItems || !arguments.TryReadAtom(out var word) || !TryReadItem(word, arguments, items))
            {
                return false;
            }
        }
        while (arguments.Take(' '));
        return arguments.Take(')');
    }

    private static bool Macro(string word, List<FetchItem> items)
    {
        ReadOnlySpan<FetchItem> expansion = word.ToUpperInvariant() switch
        {
            "FAST" => [Flags, InternalDate, Size],
            "ALL" => [Flags, InternalDate, Size, Envelope],
            "FULL" => [Flags, InternalDate, Size, Envelope, Body],
            _ => [],
        };
        items.AddRange(expansion);
        return items.Count != 0;
    }

    private static bool TryReadItem(string word, ImapArguments arguments, List<FetchItem> items)
    {
        var name = word.ToUpperInvariant();
        FetchItem? item = name switch
        {
            "FLAGS" => Flags,
            "UID" => new(FetchAttribute.Uid, name),
            "INTERNALDATE" => InternalDate,
            "RFC822.SIZE" => Size,
            "ENVELOPE" => Envelope,
            "BODYSTRUCTURE" => new(FetchAttribute.BodyStructure, name),
            "RFC822" => Content(name, SectionText.All, peek: false),
            "RFC822.HEADER" => Content(name, SectionText.Header, peek: true),
            "RFC822.TEXT" => Content(name, SectionText.Text, peek: false),
            "BODY" or "BODY.PEEK" when arguments.Take('[') => ReadSection(arguments, peek: name != "BODY"),
            "BODY" => Body,
            _ => null,
        };
        if (item is not null)
        {
            items.Add(item);
        }

        return item is not null;
    }

    private static FetchItem Content(string name, SectionText text, bool peek) =>
        new(FetchAttribute.Content, name, new([], text, [], peek, null));

    private static FetchItem? ReadSection(ImapArguments arguments, bool peek)
    {
        arguments.TryReadAtom(out var specifier);
        if (!BodySection.TryParse(specifier, out var path, out var text))
        {
            return null;
        }

        List<string> fields = [];
        if (text is SectionText.HeaderFields or SectionText.HeaderFieldsNot
            && !(arguments.Take(' ') && arguments.TryReadList(out fields) && fields.Count != 0))
        {
            return null;
        }

        if (!arguments.Take(']') || !TryReadPartial(arguments, out var partial))
        {
            return null;
        }

        var names = fields.Count == 0 ? "" : $" ({string.Join(' ', fields.Select(Name))})";
        var origin = partial is null ? "" : string.Create(CultureInfo.InvariantCulture, $"<{partial.Value.Start}>");
        return new(FetchAttribute.Content, $"BODY[{specifier.ToUpperInvariant()}{names}]{origin}", new(path, text, fields, peek, partial));
    }

    private static string Name(string field) =>
        field.Length != 0 && field.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? field : ImapString.Quote(field);

    private static bool TryReadPartial(ImapArguments arguments, out (uint Start, uint Count)? partial)
    {
        partial = null;
        if (!arguments.Take('<'))
        {
            return true;
        }

        if (!arguments.TryReadNumber(out var start) || !arguments.Take('.') || !arguments.TryReadNumber(out var count) || count == 0)
        {
            return false;
        }

        partial = (start, count);
        return arguments.Take('>');
    }
}
