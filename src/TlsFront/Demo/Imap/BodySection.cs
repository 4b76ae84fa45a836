using System.Buffers;
using System.Globalization;
using TlsFront.Demo.Mime;

namespace TlsFront.Demo.Imap;

/// <summary>A section of a message: <c>1.2.HEADER.FIELDS (SUBJECT)</c>, possibly a piece of it.</summary>
/// <param name="Path">Part numbers; empty for the message itself.</param>
/// <param name="Text">What of that part.</param>
/// <param name="Fields">Names for the two HEADER.FIELDS forms.</param>
/// <param name="Peek">Whether the message stays unseen.</param>
/// <param name="Partial">First byte and number of bytes, or null for all.</param>
internal sealed record BodySection(
    IReadOnlyList<int> Path, SectionText Text, IReadOnlyList<string> Fields, bool Peek, (uint Start, uint Count)? Partial)
{
    private const int MaximumPath = 20;

    /// <summary>The bytes it means, or null when the message has no such part.</summary>
    public ReadOnlyMemory<byte>? Extract(StoredMessage message, Func<MimePart> structure)
    {
        var content = Path.Count == 0 && Text == SectionText.All ? message.Content : Find(structure().Find([.. Path]));
        if (content is not { } bytes || Partial is not { } partial)
        {
            return content;
        }

        var start = (int)Math.Min(partial.Start, bytes.Length);
        return bytes.Slice(start, (int)Math.Min(partial.Count, bytes.Length - start));
    }

    /// <summary>Parses the dotted part of a section; false when it makes no sense.</summary>
    public static bool TryParse(string specifier, out List<int> path, out SectionText text)
    {
        path = [];
        text = SectionText.All;
        var rest = specifier;
        while (rest.Length != 0 && char.IsAsciiDigit(rest[0]))
        {
            var dot = rest.IndexOf('.', StringComparison.Ordinal);
            if (!int.TryParse(dot < 0 ? rest : rest[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number == 0 || path.Count == MaximumPath || dot == rest.Length - 1)
            {
                return false;
            }

            path.Add(number);
            rest = dot < 0 ? "" : rest[(dot + 1)..];
        }

        SectionText? parsed = rest.ToUpperInvariant() switch
        {
            "" => SectionText.All,
            "HEADER" => SectionText.Header,
            "HEADER.FIELDS" => SectionText.HeaderFields,
            "HEADER.FIELDS.NOT" => SectionText.HeaderFieldsNot,
            "TEXT" => SectionText.Text,
            "MIME" when path.Count != 0 => SectionText.Mime,
            _ => null,
        };
        text = parsed ?? text;
        return parsed is not null;
    }

    private ReadOnlyMemory<byte>? Find(MimePart? part) => (Text, Path.Count == 0 ? part : part?.Message) switch
    {
        (SectionText.All, _) => part?.Body,
        (SectionText.Mime, _) => part?.Header.Raw,
        (_, null) => null,
        (SectionText.Header, var message) => message.Header.Raw,
        (SectionText.Text, var message) => message.Body,
        (_, var message) => Filter(message.Header),
    };

    private ReadOnlyMemory<byte> Filter(Header header)
    {
        var kept = new ArrayBufferWriter<byte>();
        foreach (var field in header.Fields)
        {
            if (Fields.Contains(field.Name, StringComparer.OrdinalIgnoreCase) == (Text == SectionText.HeaderFields))
            {
                kept.Write(field.Raw.Span);
            }
        }

        kept.Write("\r\n"u8);
        return kept.WrittenMemory;
    }
}
