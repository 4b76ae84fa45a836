using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>The JSON schema (draft-07) of the file, made of the definitions of its settings: for editors, and for whatever embeds the file.</summary>
internal static class SettingsJsonSchema
{
    private const string Description =
        "The configuration of TlsFront. Keys and words are written as they stand here; the gateway takes them in any case. "
        + "What no schema can say is checked by `tlsfront check-config`: ranges of durations and sizes, names that must be unique or known, "
        + "addresses that must not overlap or lead back to the gateway, networks with bits beyond their prefix, files that must exist, "
        + "and settings that have no meaning beside others.";

    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        NewLine = "\n",
        // Nothing of it ends up in HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema of the whole file, as it is published.</summary>
    public static string Write()
    {
        var schema = Configuration(allowsNull: false);
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(1, "title", "tlsfront.yaml");
        schema["description"] = Description;
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, Readable))
        {
            schema.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(text.WrittenSpan) + "\n";
    }

    /// <summary>The closed object of the configuration, without the head of a document.</summary>
    /// <param name="allowsNull">Whether null may stand for the default, which in the file itself is a mistake:
    /// values of Helm charts take settings back that way.</param>
    public static JsonObject Configuration(bool allowsNull) => Describe(SettingsSchema.Root, allowsNull);

    private static JsonObject Describe(SettingsSection section, bool allowsNull)
    {
        var properties = new JsonObject();
        foreach (var setting in section.Settings)
        {
            var schema = setting.ToJsonSchema();
            properties[setting.Key] = allowsNull && !setting.IsRequired ? WithNull(schema) : schema;
        }

        foreach (var inner in section.Sections)
        {
            var schema = inner.IsList ? List(inner, allowsNull) : Describe(inner, allowsNull);
            // A group under which nothing is written is an empty one; a list is not.
            properties[inner.Key] = !IsRequired(inner) && (allowsNull || !inner.IsList) ? WithNull(schema) : schema;
        }

        var group = new JsonObject { ["type"] = "object", ["additionalProperties"] = false };
        if (section.Text.Length > 0)
        {
            group["description"] = section.Text;
        }

        var required = section.Settings.Where(setting => setting.IsRequired).Select(setting => setting.Key)
            .Concat(section.Sections.Where(IsRequired).Select(inner => inner.Key));
        if (required.Select(key => (JsonNode)key).ToArray() is { Length: > 0 } keys)
        {
            group["required"] = new JsonArray(keys);
        }

        group["properties"] = properties;
        return group;
    }

    private static JsonObject List(SettingsSection section, bool allowsNull)
    {
        var items = Describe(section, allowsNull);
        items.Remove("description");
        return new() { ["type"] = "array", ["description"] = section.Text, ["minItems"] = 1, ["items"] = items };
    }

    /// <summary>A group is there or not, as far as its settings have defaults.</summary>
    private static bool IsRequired(SettingsSection section) =>
        section.IsRequired || (!section.IsList && (section.Settings.Any(setting => setting.IsRequired) || section.Sections.Any(IsRequired)));

    private static JsonObject WithNull(JsonObject schema)
    {
        switch (schema["type"])
        {
            case JsonArray types:
                types.Add((JsonNode)"null");
                break;
            case JsonValue type:
                schema["type"] = new JsonArray(type.DeepClone(), "null");
                break;
        }

        if (schema["enum"] is JsonArray words)
        {
            words.Add(null);
        }

        return schema;
    }
}
