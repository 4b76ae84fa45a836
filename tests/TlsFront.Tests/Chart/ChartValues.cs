using System.Text.Json.Nodes;
using TlsFront.Tests.Architecture;
using TlsFront.Tests.Configuration.Schema;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace TlsFront.Tests.Chart;

/// <summary>
/// Reads the chart's values.yaml with its comments, from which its README and, with the gateway's own settings, its schema are written.
/// </summary>
internal static class ChartValues
{
    public const string Folder = "helm/tlsfront";

    private const string Text = "# -- ";
    private const string Default = "# @default -- ";
    private const string Schema = "# @schema ";
    private const string Continued = "#   ";

    /// <summary>The whole file, as one group without a name.</summary>
    public static ChartValue Read()
    {
        var text = File.ReadAllText(RepositoryRoot.PathOf($"{Folder}/values.yaml")).ReplaceLineEndings("\n");
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        // Helm reads YAML 1.1.
        var values = (JsonObject)YamlValue.Read(text, version11: true)!;
        return new("", "", values, Members((YamlMappingNode)stream.Documents[0].RootNode, values, "", text.Split('\n')));
    }

    private static ChartValue[] Members(YamlMappingNode map, JsonObject values, string prefix, string[] lines) =>
    [
        .. from entry in map.Children
           let key = ((YamlScalarNode)entry.Key).Value!
           let comment = CommentAbove((int)entry.Key.Start.Line - 1, lines)
           select Describe(new(key, prefix + key, values[key], []), comment, entry.Value, lines),
    ];

    private static ChartValue Describe(ChartValue value, IEnumerable<string> comment, YamlNode node, string[] lines)
    {
        var (text, words, schema) = ("", "", "");
        foreach (var line in comment)
        {
            if (line.StartsWith(Text, StringComparison.Ordinal))
            {
                text = line[Text.Length..];
            }
            else if (line.StartsWith(Default, StringComparison.Ordinal))
            {
                words = line[Default.Length..];
            }
            else if (line.StartsWith(Schema, StringComparison.Ordinal))
            {
                schema = line[Schema.Length..];
            }
            else if (line.StartsWith(Continued, StringComparison.Ordinal))
            {
                schema += $" {line[Continued.Length..]}";
            }
            else
            {
                text += $" {line.TrimStart('#', ' ')}";
            }
        }

        var described = value with
        {
            Text = text.Trim(),
            DefaultText = words,
            Schema = schema.Length > 0 ? (JsonObject)YamlValue.Read(schema, version11: false)! : [],
        };
        var isGroup = node is YamlMappingNode { Style: MappingStyle.Block } && !described.Schema.ContainsKey("additionalProperties");
        return isGroup ? described with { Members = Members((YamlMappingNode)node, (JsonObject)value.Default!, $"{value.Path}.", lines) } : described;
    }

    private static IEnumerable<string> CommentAbove(int line, string[] lines)
    {
        var first = line;
        while (first > 0 && lines[first - 1].TrimStart().StartsWith('#'))
        {
            first--;
        }

        return lines[first..line].Select(static text => text.Trim());
    }
}
