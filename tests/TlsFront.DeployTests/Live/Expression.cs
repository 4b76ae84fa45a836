using System.Text.Json;
using System.Text.RegularExpressions;

namespace TlsFront.DeployTests.Live;

/// <summary>An expression that operators get from us.</summary>
/// <param name="Origin">Where it stands.</param>
/// <param name="Text">PromQL.</param>
internal sealed partial record Expression(string Origin, string Text)
{
    private static readonly string Dashboards = Repository.PathOf("deploy", "grafana");

    /// <summary>The dashboards, by file.</summary>
    public static IEnumerable<string> DashboardFiles => Directory.EnumerateFiles(Dashboards, "*.json").Order(StringComparer.Ordinal);

    /// <summary>
    /// The expressions of all panels, with what Grafana would put in place of its variables: everything chosen, a minute for a rate.
    /// </summary>
    public static IReadOnlyList<Expression> OfDashboards()
    {
        var found = new List<Expression>();
        foreach (var file in DashboardFiles)
        {
            using var dashboard = JsonDocument.Parse(File.ReadAllText(file));
            found.AddRange(
                from panel in dashboard.RootElement.GetProperty("panels").EnumerateArray()
                where panel.TryGetProperty("targets", out _)
                from target in panel.GetProperty("targets").EnumerateArray()
                select new Expression(
                    $"{dashboard.RootElement.GetProperty("title").GetString()}: {panel.GetProperty("title").GetString()}",
                    Variable().Replace(target.GetProperty("expr").GetString()!.Replace("$__rate_interval", "1m", StringComparison.Ordinal), ".*")));
        }

        return found;
    }

    /// <summary>The lists that dashboards offer: <c>label_values(SERIES, LABEL)</c>.</summary>
    public static IReadOnlyList<(string Origin, string Series, string Label)> Lists()
    {
        var found = new List<(string, string, string)>();
        foreach (var file in DashboardFiles)
        {
            using var dashboard = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var variable in dashboard.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray())
            {
                if (variable.GetProperty("type").GetString() == "query")
                {
                    var list = LabelValues().Match(variable.GetProperty("query").GetProperty("query").GetString()!);
                    Assert.True(list.Success, $"{file}: {variable}");
                    found.Add(
                        (
                            $"{dashboard.RootElement.GetProperty("title").GetString()}: ${variable.GetProperty("name").GetString()}",
                            Variable().Replace(list.Groups["series"].Value, ".*"), list.Groups["label"].Value));
                }
            }
        }

        return found;
    }

    /// <summary>README's table of what is worth an alert.</summary>
    public static IReadOnlyList<Expression> OfReadme() =>
    [
        .. File.ReadLines(Repository.PathOf("README.md"))
            .SkipWhile(static line => line != "| expression | when |")
            .Skip(2)
            .TakeWhile(static line => line.StartsWith('|'))
            .Select(
                static line => new Expression("README", TableCode().Match(line).Groups["code"].Value.Replace("\\|", "|", StringComparison.Ordinal))),
    ];

    [GeneratedRegex(@"\$\{?[a-z]+\}?")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^label_values\((?<series>.+), (?<label>[a-z_]+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex("^\\| `(?<code>[^`]+)`")]
    private static partial Regex TableCode();
}
