using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TlsFront.Tests.Chart;

/// <summary>The chart's values as its README shows them.</summary>
internal static class ChartTable
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(ChartValue values)
    {
        var text = new StringBuilder("| Value | Default | Meaning |\n|---|---|---|\n");
        foreach (var value in InOrder(values))
        {
            var shown = value.DefaultText.Length > 0 ? value.DefaultText
                : value.Members.Count > 0 ? ""
                : $"`{value.Default?.ToJsonString(OneLine) ?? "null"}`";
            text.Append($"| `{value.Path}` | {Cell(shown)} | {Cell(value.Text)} |\n");
        }

        return text.ToString();
    }

    /// <summary>As in the file: a group before its members, and only where something is said of it.</summary>
    private static IEnumerable<ChartValue> InOrder(ChartValue group) =>
        group.Members.SelectMany(static member =>
            (IEnumerable<ChartValue>)
            [
                .. member.Members.Count == 0 || member.Text.Length > 0 ? [member] : Array.Empty<ChartValue>(), .. InOrder(member)
            ]);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
