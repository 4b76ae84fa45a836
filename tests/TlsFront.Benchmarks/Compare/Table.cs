using System.Globalization;
using TlsFront.Benchmarks.Compare.Rows;

namespace TlsFront.Benchmarks.Compare;

/// <summary>Medians over the rounds, and the median of each round's ratio.</summary>
/// <param name="columns">Names of the proxies, in order.</param>
internal sealed class Table(IReadOnlyList<string> columns)
{
    private readonly List<(Row.Line Line, Dictionary<string, double?[]> Values)> _lines = [];

    /// <summary>Adds the values of a line: those of each round for each column, null where a round failed.</summary>
    public void Add(Row.Line line, Dictionary<string, double?[]> values) => _lines.Add((line, values));

    /// <summary>As Markdown.</summary>
    public override string ToString()
    {
        string[] head = ["", "unit", .. columns];
        var lines = _lines.Select(
            entry => (string[])[entry.Line.Title, entry.Line.Unit, .. columns.Select(column => Cell(entry.Line, entry.Values, column))]);
        string[][] rows = [head, .. lines];
        var widths = head.Select((_, index) => rows.Max(row => row[index].Length)).ToArray();
        var rule = $"|{string.Join('|', widths.Select((width, index) => new string('-', width + 1) + (index < 2 ? '-' : ':')))}|";
        var text = rows.Select(row =>
            $"| {string.Join(" | ", row.Select((cell, index) => index < 2 ? cell.PadRight(widths[index]) : cell.PadLeft(widths[index])))} |")
            .ToList();
        text.Insert(1, rule);
        return string.Join('\n', text);
    }

    private static string Cell(Row.Line line, Dictionary<string, double?[]> values, string column)
    {
        if (!values.TryGetValue(column, out var own))
        {
            return "-";
        }

        var good = own.OfType<double>().ToArray();
        if (good.Length * 2 <= own.Length)
        {
            return "failed";
        }

        var value = Number(Median(good));
        if (column == line.Against || !values.TryGetValue(line.Against, out var others))
        {
            return value;
        }

        var ratios = own.Zip(others)
            .Where(pair => pair is { First: not null, Second: > 0 })
            .Select(pair => pair.First!.Value / pair.Second!.Value)
            .ToArray();
        return ratios.Length == 0 ? value : string.Create(CultureInfo.InvariantCulture, $"{value} ({Median(ratios):F2})");
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) switch { < 10 => "F2", < 100 => "F1", _ => "N0" }, CultureInfo.InvariantCulture);
}
