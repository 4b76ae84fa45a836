using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace TlsFront.Tests.Configuration.Schema;

/// <summary>A YAML text as the JSON value that a validator sees.</summary>
internal static class YamlValue
{
    private static readonly string[] Yes = ["true", "True", "TRUE"];
    private static readonly string[] No = ["false", "False", "FALSE"];

    /// <summary>Reads the first document. Throws <see cref="YamlException"/> where there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="version11">Whether on, off, yes and no are booleans, as in YAML 1.1; editors go by 1.2, Helm by 1.1.</param>
    public static JsonNode? Read(string text, bool version11)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        parser.Consume<DocumentStart>();
        var value = Read(parser, version11);
        parser.Consume<DocumentEnd>();
        return parser.Accept<StreamEnd>(out _) ? value : throw new YamlException("more than one document");
    }

    private static JsonNode? Read(Parser parser, bool version11)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return scalar.Style == ScalarStyle.Plain ? Plain(scalar.Value, version11) : scalar.Value;
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Read(parser, version11));
            }
            return items;
        }

        parser.Consume<MappingStart>();
        var members = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            if (!members.TryAdd(key.Value, Read(parser, version11)))
            {
                throw new YamlException(key.Start, key.End, "a key twice");
            }
        }
        return members;
    }

    private static JsonNode? Plain(string text, bool version11)
    {
        if (text is "" or "~" or "null" or "Null" or "NULL")
        {
            return null;
        }

        if (Yes.Contains(text) || (version11 && text is "on" or "On" or "ON" or "yes" or "Yes" or "y"))
        {
            return true;
        }

        if (No.Contains(text) || (version11 && text is "off" or "Off" or "OFF" or "no" or "No" or "n"))
        {
            return false;
        }

        return Regex.IsMatch(text, @"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : text;
    }
}
