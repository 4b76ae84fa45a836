using System.Text;

namespace TlsFront.Cli;

/// <summary>A table of so many rows that they are made twice rather than kept: once for the widths, and once to be written.</summary>
internal static class TextColumns
{
    private const int Gap = 2;

    /// <summary>Characters that are written at a time.</summary>
    private const int Portion = 16 * 1024;

    /// <summary>Writes it; an empty cell shows as a dash.</summary>
    public static void Write(TextWriter output, string[] heads, IEnumerable<string[]> rows)
    {
        var widths = heads.Select(static head => head.Length).ToArray();
        foreach (var row in rows)
        {
            for (var column = 0; column < widths.Length; column++)
            {
                widths[column] = Math.Max(widths[column], row[column].Length);
            }
        }

        // The console passes on each piece by itself.
        var text = new StringBuilder();
        foreach (var row in rows.Prepend(heads))
        {
            Append(text, row, widths);
            if (text.Length > Portion)
            {
                output.Write(text);
                text.Clear();
            }
        }

        output.Write(text);
    }

    private static void Append(StringBuilder text, string[] cells, int[] widths)
    {
        for (var column = 0; column < cells.Length; column++)
        {
            var cell = cells[column] is { Length: > 0 } words ? words : "-";
            text.Append(cell).Append(' ', column == cells.Length - 1 ? 0 : widths[column] + Gap - cell.Length);
        }

        text.AppendLine();
    }
}
