using System.Text.Json;
using TlsFront.DeployTests.Live;

namespace TlsFront.DeployTests.Prometheus;

/// <summary>The dashboards as files; what they ask is run elsewhere, against gateways with traffic.</summary>
public sealed class DashboardTests
{
    [Fact]
    public async Task They_are_of_the_types_of_Grafanas_schema()
    {
        Assert.Equal(4, Expression.DashboardFiles.Count());
        (await NodeTools.RunAsync("dashboards.mjs", Expression.DashboardFiles)).Succeeded();
    }

    [Fact]
    public async Task A_dashboard_with_a_mistake_in_a_type_an_enumeration_or_an_option_is_found()
    {
        using var folder = new SystemTests.TemporaryFolder();
        var text = await File.ReadAllTextAsync(Expression.DashboardFiles.First());
        foreach (
            var (right, wrong) in ((string, string)[])
            [
                ("\"graphTooltip\": 1", "\"graphTooltip\": 7"), ("\"editable\": true", "\"editable\": \"yes\""),
                ("\"reduceOptions\"", "\"reduceOption\"")
            ])
        {
            Assert.Contains(right, text, StringComparison.Ordinal);
            var file = folder.PathOf("wrong.json");
            await File.WriteAllTextAsync(file, text.Replace(right, wrong, StringComparison.Ordinal));
            var check = await NodeTools.RunAsync("dashboards.mjs", [file]);
            Assert.True(check.ExitCode == 1 && check.Output.Contains("wrong.check.ts", StringComparison.Ordinal), $"{wrong}: {check.Text}");
        }
    }

    [Fact]
    public void Panels_have_their_place_their_number_and_the_data_source_that_the_reader_chose()
    {
        foreach (var file in Expression.DashboardFiles)
        {
            using var dashboard = JsonDocument.Parse(File.ReadAllText(file));
            var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
            Assert.Equal(panels.Count, panels.Select(static panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
            var places = panels.SelectMany(static panel => Places(panel.GetProperty("gridPos"))).ToList();
            Assert.Equal(places.Count, places.Distinct().Count());
            foreach (
                var target in panels.Where(static panel => panel.TryGetProperty("targets", out _)).SelectMany(
                    static panel => panel.GetProperty("targets").EnumerateArray()))
            {
                Assert.Equal("${datasource}", target.GetProperty("datasource").GetProperty("uid").GetString());
                Assert.NotEmpty(target.GetProperty("refId").GetString()!);
            }
        }
    }

    private static IEnumerable<(int, int)> Places(JsonElement grid)
    {
        int Of(string name) => grid.GetProperty(name).GetInt32();
        return from x in Enumerable.Range(Of("x"), Of("w"))
               from y in Enumerable.Range(Of("y"), Of("h"))
               select (x, y);
    }
}
