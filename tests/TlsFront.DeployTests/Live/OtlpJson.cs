using System.Text.Json;

namespace TlsFront.DeployTests.Live;

/// <summary>Reads OTLP as JSON.</summary>
internal static class OtlpJson
{
    /// <summary>The entries of a list, which is absent when it is empty.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    public static string Text(this JsonElement parent, string name) => parent.TryGetProperty(name, out var text) ? text.ToString() : "";

    /// <summary>Attributes, with values as text: <c>true</c>, <c>993</c>.</summary>
    public static IReadOnlyDictionary<string, string> Attributes(this JsonElement parent) => parent.List("attributes").ToDictionary(
        static attribute => attribute.GetProperty("key").GetString()!,
        static attribute => Value(attribute.GetProperty("value").EnumerateObject().Single().Value),
        StringComparer.Ordinal);

    /// <summary>An id of a trace or a span, in hexadecimal digits.</summary>
    public static string Id(this JsonElement parent, string name) => Convert.ToHexStringLower(Convert.FromBase64String(parent.Text(name)));

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.ToString(),
    };
}
