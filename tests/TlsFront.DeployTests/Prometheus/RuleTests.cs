using TlsFront.DeployTests.Helm;
using TlsFront.SystemTests.Processes;
using YamlDotNet.RepresentationModel;

namespace TlsFront.DeployTests.Prometheus;

/// <summary>The alert rules, through Prometheus' own tool.</summary>
public sealed class RuleTests
{
    private static readonly string Folder = Repository.PathOf("deploy", "prometheus");

    [Fact]
    public async Task Rules_are_valid() =>
        (await Command.RunAsync("promtool", ["check", "rules", Path.Combine(Folder, "rules.yaml")])).Succeeded();

    [Fact]
    public async Task Alerts_fire_when_they_should_and_not_before() =>
        (await Command.RunAsync("promtool", ["test", "rules", Path.Combine(Folder, "rules.test.yaml")])).Succeeded();

    [Fact]
    public void Every_alert_is_tested_and_says_what_to_do()
    {
        var tests = File.ReadAllText(Path.Combine(Folder, "rules.test.yaml"));
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(Folder, "rules.yaml"))));
        var rules = stream.Documents[0].RootNode.List("groups").SelectMany(static group => group.List("rules")).ToList();
        Assert.NotEmpty(rules);
        foreach (var rule in rules)
        {
            Assert.Contains(rule.Text("alert")!, tests, StringComparison.Ordinal);
            Assert.InRange(rule.Text("annotations", "runbook")?.Length ?? 0, 80, 1000);
            Assert.Contains(rule.Text("labels", "severity"), (string[])["warning", "critical"]);
        }
    }
}
