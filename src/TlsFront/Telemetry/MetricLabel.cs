namespace TlsFront.Telemetry;

/// <summary>A label of a metric and where its values come from, which is never a client.</summary>
/// <param name="Name">Name by OpenTelemetry's conventions; where they have none, of the namespace <c>tlsfront</c>.</param>
/// <param name="Origin">Where its values come from, in words; Markdown.</param>
/// <param name="Values">All its values; null where they are names from the configuration or figures of the machine.</param>
internal sealed record MetricLabel(string Name, string Origin, IReadOnlyList<string>? Values = null)
{
    /// <summary>What its absence means; null for a label that is always there.</summary>
    public string? WhenAbsent { get; init; }

    /// <summary>A label with a closed list of values.</summary>
    public static MetricLabel Of(string name, params IReadOnlyList<string> values) =>
        new(name, string.Join(", ", values.Select(value => $"`{value}`")), values);

    /// <summary>This label with <paramref name="value"/>.</summary>
    public KeyValuePair<string, object?> Is(object? value) => new(Name, value);
}
