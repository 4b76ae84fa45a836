using System.Text;

namespace TlsFront.Demo.Mime;

/// <summary>Parses the address lists of From, To and their relatives (RFC 5322 section 3.4); never refuses, at worst an entry looks odd.</summary>
internal ref struct AddressList
{
    private readonly ReadOnlySpan<char> _text;
    private readonly List<Address> _addresses = [];
    private int _at;
    private bool _inGroup;

    private AddressList(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The addresses in order.</summary>
    public static IReadOnlyList<Address> Parse(string value)
    {
        var list = new AddressList(value);
        list.Parse();
        return list._addresses;
    }

    private void Parse()
    {
        var words = new StringBuilder();
        string? angle = null;
        while (_at < _text.Length)
        {
            var current = _text[_at++];
            switch (current)
            {
                case '(':
                    SkipComment();
                    break;
                case '"':
                    ReadQuoted(words);
                    break;
                case '<':
                    angle = ReadAngle();
                    break;
                case ':' when !_inGroup:
                    _addresses.Add(new(null, Take(words), null));
                    _inGroup = true;
                    break;
                case ',':
                    Add(words, ref angle);
                    break;
                case ';' when _inGroup:
                    Add(words, ref angle);
                    EndGroup();
                    break;
                default:
                    words.Append(current);
                    break;
            }
        }

        Add(words, ref angle);
        if (_inGroup)
        {
            EndGroup();
        }
    }

    private void EndGroup()
    {
        _addresses.Add(default);
        _inGroup = false;
    }

    private readonly void Add(StringBuilder words, ref string? angle)
    {
        var text = Take(words);
        var address = angle ?? text;
        if (address.Length != 0)
        {
            var at = address.LastIndexOf('@');
            _addresses.Add(new(
                angle is null || text.Length == 0 ? null : text,
                at < 0 ? address : address[..at],
                at < 0 ? "" : address[(at + 1)..]));
        }

        angle = null;
    }

    private static string Take(StringBuilder words)
    {
        var text = words.ToString().Trim();
        words.Clear();
        return text;
    }

    private void SkipComment()
    {
        for (var depth = 1; _at < _text.Length && depth > 0; _at++)
        {
            switch (_text[_at])
            {
                case '\\':
                    _at++;
                    break;
                case '(':
                    depth++;
                    break;
                case ')':
                    depth--;
                    break;
            }
        }
    }

    private void ReadQuoted(StringBuilder words)
    {
        for (; _at < _text.Length && _text[_at] != '"'; _at++)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length)
            {
                _at++;
            }

            words.Append(_text[_at]);
        }

        _at++;
    }

    /// <summary>What stands between the angle brackets, without an obsolete source route.</summary>
    private string ReadAngle()
    {
        var length = _text[_at..].IndexOf('>');
        var inside = length < 0 ? _text[_at..] : _text.Slice(_at, length);
        _at += length < 0 ? inside.Length : length + 1;
        if (inside.StartsWith('@') && inside.IndexOf(':') is > 0 and var route)
        {
            inside = inside[(route + 1)..];
        }

        return inside.Trim().ToString();
    }

    /// <summary>
    /// One entry of an IMAP address list (RFC 3501 section 7.4.2). A group starts with an entry that has its name as mailbox and no host,
    /// and ends with one that has neither.
    /// </summary>
    internal readonly record struct Address(string? DisplayName, string? Mailbox, string? Host);
}
