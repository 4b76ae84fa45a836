namespace TlsFront.Cli;

/// <summary>A table of so many rows that they are made twice rather than kept: once for the widths, and once to be written.</summary>
internal static class TextColumns
{
    private const int Gap = 2;

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

        WriteRow(output, heads, widths);
        foreach (var row in rows)
        {
            WriteRow(output, row, widths);
        }
    }

    private static void WriteRow(TextWriter output, string[] cells, int[] widths)
    {
        for (var column = 0; column < cells.Length; column++)
        {
            var cell = cells[column] is { Length: > 0 } text ? text : "-";
            output.Write(column == cells.Length - 1 ? cell : cell.PadRight(widths[column] + Gap));
        }

        output.WriteLine();
    }
}
