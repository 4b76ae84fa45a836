using System.Text.Json.Nodes;

namespace TlsFront.Tests.Chart;

/// <summary>A value of the chart, or a group of them, with what the comment above it says.</summary>
/// <param name="Key">Its name in its group.</param>
/// <param name="Path">Its name as <c>--set</c> takes it.</param>
/// <param name="Default">What values.yaml gives it.</param>
/// <param name="Members">The values of a group; none for what is handed on to Kubernetes as it is.</param>
internal sealed record ChartValue(string Key, string Path, JsonNode? Default, IReadOnlyList<ChartValue> Members)
{
    /// <summary>What it is for: the lines from <c># --</c> on.</summary>
    public string Text { get; init; } = "";

    /// <summary>The default in words, where it is too long to show: <c># @default --</c>.</summary>
    public string DefaultText { get; init; } = "";

    /// <summary>What the default does not tell of its type, as JSON schema: <c># @schema</c>, continued by lines indented further.</summary>
    public JsonObject Schema { get; init; } = [];

    /// <summary>Every value and group below.</summary>
    public IEnumerable<ChartValue> All => Members.Concat(Members.SelectMany(static member => member.All));
}
