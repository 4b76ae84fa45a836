namespace TlsFront.Demo.Mime;

/// <summary>A value with parameters, as in Content-Type and Content-Disposition (RFC 2045 section 5.1).</summary>
/// <param name="Value">What stands before the first semicolon.</param>
/// <param name="Parameters">Names and unquoted values in order.</param>
internal sealed record StructuredValue(string Value, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    /// <summary>Value of the parameter of that name, or null.</summary>
    public string? Find(string name) =>
        Parameters.FirstOrDefault(parameter => parameter.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Parses what it can; a parameter without a value is left out.</summary>
    public static StructuredValue Parse(string text)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        var pieces = Split(text);
        foreach (var piece in pieces.Skip(1))
        {
            if (piece.IndexOf('=') is > 0 and var equals)
            {
                parameters.Add(new(piece[..equals].Trim(), Unquote(piece[(equals + 1)..].Trim())));
            }
        }

        return new(pieces[0].Trim(), parameters);
    }

    private static List<string> Split(string text)
    {
        var pieces = new List<string>();
        var start = 0;
        var quoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"':
                    quoted = !quoted;
                    break;
                case '\\' when quoted:
                    at++;
                    break;
                case ';' when !quoted:
                    pieces.Add(text[start..at]);
                    start = at + 1;
                    break;
            }
        }

        pieces.Add(text[start..]);
        return pieces;
    }

    private static string Unquote(string text)
    {
        if (text is not ['"', .., '"'])
        {
            return text;
        }

        var plain = new System.Text.StringBuilder(text.Length);
        for (var at = 1; at < text.Length - 1; at++)
        {
            if (text[at] == '\\' && at + 2 < text.Length)
            {
                at++;
            }

            plain.Append(text[at]);
        }

        return plain.ToString();
    }
}
