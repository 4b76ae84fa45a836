using System.Globalization;

namespace TlsFront.Demo.Imap;

/// <summary>A set of message numbers or UIDs such as <c>1:3,7,9:*</c> (RFC 3501 section 9).</summary>
internal sealed class SequenceSet
{
    /// <summary>Stands for <c>*</c>, the largest number in use; as a number it is not a message's.</summary>
    private const uint Largest = uint.MaxValue;

    private readonly List<(uint First, uint Last)> _ranges = [];

    private SequenceSet()
    {
    }

    /// <summary>Parses a set; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SequenceSet set)
    {
        set = new();
        foreach (var piece in text.Split(','))
        {
            var range = text[piece];
            var colon = range.IndexOf(':');
            if (!TryParseNumber(colon < 0 ? range : range[..colon], out var first) || !TryParseNumber(range[(colon + 1)..], out var last))
            {
                return false;
            }

            set._ranges.Add((first, last));
        }

        return true;
    }

    /// <summary>
    /// Whether the number is in the set, when <paramref name="largest"/> is the largest in use. The ends of a range come in any order.
    /// </summary>
    public bool Contains(uint number, uint largest)
    {
        foreach (var (first, last) in _ranges)
        {
            var from = first == Largest ? largest : first;
            var to = last == Largest ? largest : last;
            if (number >= Math.Min(from, to) && number <= Math.Max(from, to))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, out uint number)
    {
        number = Largest;
        return text is "*" || (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is not (0 or Largest));
    }
}
