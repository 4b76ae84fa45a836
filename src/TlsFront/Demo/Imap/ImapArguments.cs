using System.Globalization;
using System.Text;

namespace TlsFront.Demo.Imap;

/// <summary>
/// Reads the arguments of a command one by one (RFC 3501 section 9).
/// Each method takes an element and returns true, or takes nothing and returns false.
/// </summary>
/// <param name="text">The command's lines, joined; each literal is represented by its <c>{n}</c>.</param>
/// <param name="literals">The literals in order.</param>
internal sealed class ImapArguments(string text, IReadOnlyList<byte[]> literals)
{
    private int _at;
    private int _literal;

    /// <summary>Whether nothing is left.</summary>
    public bool AtEnd => _at == text.Length;

    /// <summary>Whether the character is the next.</summary>
    public bool IsAt(char expected) => _at < text.Length && text[_at] == expected;

    /// <summary>Takes the character if it is the next.</summary>
    public bool Take(char expected)
    {
        if (!IsAt(expected))
        {
            return false;
        }

        _at++;
        return true;
    }

    /// <summary>Takes the word, in any case, if it is the next up to a delimiter.</summary>
    public bool TakeWord(string expected)
    {
        var before = _at;
        if (TryReadAtom(out var word) && word.Equals(expected, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        _at = before;
        return false;
    }

    /// <summary>
    /// Takes everything up to a space, a parenthesis, a bracket, a quote or the end.
    /// Backslash and asterisk are taken, so that flags and sets are atoms too.
    /// </summary>
    public bool TryReadAtom(out string atom) => TryReadRun(" ()[]<>{\"", out atom);

    /// <summary>Takes a space and a sequence set.</summary>
    public bool TryReadSet(out SequenceSet set)
    {
        set = null!;
        return Take(' ') && TryReadAtom(out var atom) && SequenceSet.TryParse(atom, out set);
    }

    /// <summary>Takes a number.</summary>
    public bool TryReadNumber(out uint number)
    {
        number = 0;
        return TryReadRun(" ()[]<>{\".", out var digits) && uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Takes an atom, a quoted string or a literal as text.</summary>
    public bool TryReadString(out string value)
    {
        value = "";
        if (TryReadLiteral(out var literal))
        {
            value = Encoding.Latin1.GetString(literal);
            return true;
        }

        return Take('"') ? TryReadQuoted(out value) : TryReadRun(" (){\"", out value);
    }

    /// <summary>Takes a literal as it came.</summary>
    public bool TryReadLiteral(out byte[] literal)
    {
        literal = [];
        if (_literal == literals.Count || !IsAt('{') || text.IndexOf('}', _at) is not (>= 0 and var end))
        {
            return false;
        }

        literal = literals[_literal++];
        _at = end + 1;
        return true;
    }

    /// <summary>Takes a list of strings in parentheses.</summary>
    public bool TryReadList(out List<string> items)
    {
        items = [];
        if (!Take('('))
        {
            return false;
        }

        while (!Take(')'))
        {
            if ((items.Count != 0 && !Take(' ')) || !TryReadString(out var item))
            {
                return false;
            }

            items.Add(item);
        }

        return true;
    }

    private bool TryReadRun(string delimiters, out string run)
    {
        var length = text.AsSpan(_at).IndexOfAny(delimiters);
        run = length < 0 ? text[_at..] : text.Substring(_at, length);
        _at += run.Length;
        return run.Length != 0;
    }

    private bool TryReadQuoted(out string value)
    {
        var plain = new StringBuilder();
        for (; _at < text.Length; _at++)
        {
            if (text[_at] == '"')
            {
                _at++;
                value = plain.ToString();
                return true;
            }

            if (text[_at] == '\\' && ++_at == text.Length)
            {
                break;
            }

            plain.Append(text[_at]);
        }

        value = "";
        return false;
    }
}
