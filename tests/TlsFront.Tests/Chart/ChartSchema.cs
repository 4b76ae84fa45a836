using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using TlsFront.Configuration.Schema;

namespace TlsFront.Tests.Chart;

/// <summary>
/// The chart's values.schema.json (draft-07, closed): types from the defaults and comments of values.yaml,
/// and for <c>config</c> what the gateway itself takes.
/// </summary>
internal static class ChartSchema
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    public static string Write(ChartValue values)
    {
        var schema = Describe(values);
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(1, "title", "Values of the TlsFront chart");
        ((JsonObject)schema["properties"]!)["global"] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Helm's own: the values that a chart shares with those it contains.",
        };
        return schema.ToJsonString(Readable) + "\n";
    }

    private static JsonObject Describe(ChartValue value)
    {
        var schema = value switch
        {
            { Path: "config" } => Configuration(),
            { Members.Count: > 0 } => Group(value),
            { Default: null } => [],
            _ => new JsonObject { ["type"] = TypeOf(value.Default) },
        };
        foreach (var (key, given) in value.Schema)
        {
            schema[key] = given?.DeepClone();
        }

        if (value.Text.Length > 0)
        {
            schema["description"] = value.Text;
        }

        return schema;
    }

    private static JsonObject Group(ChartValue group) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(group.Members.Select(static member => KeyValuePair.Create(member.Key, (JsonNode?)Describe(member)))),
    };

    private static string TypeOf(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "integer",
        _ => "boolean",
    };

    /// <summary>
    /// tlsfront.yaml, where the chart adds certificates and where its templates ask for host name and backends in more words than a schema has: with
    /// these empty, as they are by default, <c>helm install</c> has to get as far as that.
    /// </summary>
    private static JsonObject Configuration()
    {
        var schema = SettingsJsonSchema.Configuration(allowsNull: true);
        var properties = (JsonObject)schema["properties"]!;
        schema["required"] = new JsonArray(ListenerSchema.Section.Key);
        properties[SettingsSchema.HostName.Key]!["pattern"] = $"^$|{properties[SettingsSchema.HostName.Key]!["pattern"]}";
        ((JsonObject)properties[BackendSchema.Section.Key]!).Remove("minItems");
        properties[CertificateSchema.Section.Key]!["type"] = new JsonArray("array", "null");
        return schema;
    }
}
