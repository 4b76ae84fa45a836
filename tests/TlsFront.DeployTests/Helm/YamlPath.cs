using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace TlsFront.DeployTests.Helm;

/// <summary>Reads rendered objects by path: names of fields, numbers of entries.</summary>
internal static class YamlPath
{
    public static YamlNode? Find(this YamlNode node, params IEnumerable<string> path)
    {
        YamlNode? found = node;
        foreach (var step in path)
        {
            found = found switch
            {
                YamlMappingNode map => map.Children.TryGetValue(new YamlScalarNode(step), out var value) ? value : null,
                YamlSequenceNode list => list.Children.ElementAtOrDefault(int.Parse(step, CultureInfo.InvariantCulture)),
                _ => null,
            };
        }

        return found;
    }

    public static string? Text(this YamlNode node, params IEnumerable<string> path) => (node.Find(path) as YamlScalarNode)?.Value;

    public static IReadOnlyList<YamlNode> List(this YamlNode node, params IEnumerable<string> path) =>
        node.Find(path) is YamlSequenceNode list ? [.. list.Children] : [];
}
