using System.Text;

namespace TlsFront.Demo.Mime;

/// <summary>The header of a message or body part (RFC 5322 section 2.2).</summary>
/// <param name="Raw">All of it, the blank line included.</param>
/// <param name="Fields">Its fields in order; lines that are none are left out.</param>
internal sealed record Header(ReadOnlyMemory<byte> Raw, IReadOnlyList<Header.Field> Fields)
{
    /// <summary>Value of the first field of that name, or null.</summary>
    public string? Find(string name)
    {
        foreach (var field in Fields)
        {
            if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return field.Value;
            }
        }

        return null;
    }

    /// <summary>Parses the header at the start of <paramref name="entity"/>; it ends with the first blank line or with the entity.</summary>
    public static Header Parse(ReadOnlyMemory<byte> entity)
    {
        var fields = new List<Field>();
        var position = 0;
        while (position < entity.Length)
        {
            var end = EndOfLine(entity.Span, position);
            if (end - position == 2)
            {
                return new(entity[..end], fields);
            }

            while (end < entity.Length && entity.Span[end] is (byte)' ' or (byte)'\t')
            {
                end = EndOfLine(entity.Span, end);
            }

            if (ParseField(entity[position..end]) is { } field)
            {
                fields.Add(field);
            }

            position = end;
        }

        return new(entity, fields);
    }

    private static Field? ParseField(ReadOnlyMemory<byte> raw)
    {
        var colon = raw.Span.IndexOf((byte)':');
        return colon <= 0 ? null : new(
            Encoding.Latin1.GetString(raw.Span[..colon]).TrimEnd(),
            Encoding.Latin1.GetString(raw.Span[(colon + 1)..]).Replace("\r\n", "", StringComparison.Ordinal).Trim(' ', '\t'),
            raw);
    }

    private static int EndOfLine(ReadOnlySpan<byte> text, int from)
    {
        var end = text[from..].IndexOf("\r\n"u8);
        return end < 0 ? text.Length : from + end + 2;
    }

    /// <summary>One field of a header.</summary>
    /// <param name="Name">Name before the colon.</param>
    /// <param name="Value">Value after it, unfolded, without surrounding white space; one character a byte (Latin-1).</param>
    /// <param name="Raw">The field as it stands, folds and last line end included.</param>
    internal readonly record struct Field(string Name, string Value, ReadOnlyMemory<byte> Raw);
}
