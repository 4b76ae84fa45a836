using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace TlsFront.Configuration.Yaml;

/// <summary>Bytes to text, with the checks a YAML parser leaves out or reports in the wrong place.</summary>
internal static class YamlText
{
    /// <summary>Decodes UTF-8 without control characters and without tabs as indentation.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> content,
        [NotNullWhen(true)] out string? text,
        out int line,
        [NotNullWhen(false)] out ValueProblem? problem)
    {
        text = null;
        line = 1;
        if (content.StartsWith(Encoding.UTF8.Preamble))
        {
            content = content[Encoding.UTF8.Preamble.Length..];
        }

        if (content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            problem = new("is UTF-16 text", "save it as UTF-8");
            return false;
        }

        var isIndentation = true;
        for (var rest = content; !rest.IsEmpty;)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var consumed);
            if (status != OperationStatus.Done)
            {
                problem = new("is not UTF-8 text", "save it as UTF-8");
                return false;
            }
            if (rune.Value == '\t' && isIndentation)
            {
                problem = new("is indented with a tab, which YAML forbids", "indent with spaces");
                return false;
            }
            if (Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r'))
            {
                problem = new($"holds the control character U+{rune.Value:X4}", "save it as plain text");
                return false;
            }
            isIndentation = rune.Value == '\n' || (isIndentation && rune.Value == ' ');
            if (rune.Value == '\n')
            {
                line++;
            }

            rest = rest[consumed..];
        }

        problem = null;
        text = Encoding.UTF8.GetString(content);
        return true;
    }
}
