using k8s;
using TlsFront.Configuration;
using TlsFront.SystemTests;
using YamlDotNet.RepresentationModel;

namespace TlsFront.DeployTests.Helm;

/// <summary>Every way of deploying the chart, rendered for three versions of Kubernetes and read strictly.</summary>
public sealed class ChartTests
{
    private const string Mounted = "/etc/tlsfront";

    private static readonly string[] Versions = ["1.25.0", "1.29.0", "1.32.0"];

    public static TheoryData<string> Values => [.. Chart.ValuesFiles];

    public static TheoryData<string, string> ValuesAndVersions
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var values in Chart.ValuesFiles)
            {
                foreach (var version in Versions)
                {
                    data.Add(values, version);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Values))]
    public async Task Lint_finds_nothing(string values)
    {
        var lint = await Chart.HelmAsync("lint", Chart.Folder, "--strict", "--values", Chart.PathOfValues(values));
        Assert.True(lint.ExitCode == 0 && !lint.Text.Contains("[WARNING]", StringComparison.Ordinal), lint.Text);
    }

    [Theory, MemberData(nameof(ValuesAndVersions))]
    public async Task Objects_fit_the_schemas_of_Kubernetes_and_of_the_custom_resources(string values, string version)
    {
        var rendered = await Chart.RenderAsync(values, version);
        (await NodeTools.RunAsync("validate.mjs", [], rendered)).Succeeded();
    }

    [Theory, MemberData(nameof(ValuesAndVersions))]
    public async Task Objects_have_no_field_that_Kubernetes_does_not_know(string values, string version)
    {
        var known = Chart.Objects(await Chart.RenderAsync(values, version)).Where(static candidate => !IsCustom(candidate)).ToList();
        Assert.NotEmpty(known);
        foreach (var document in known)
        {
            var text = new StringWriter();
            new YamlStream(new YamlDocument(document)).Save(text, assignAnchors: false);
            Assert.Single(
                KubernetesYaml.LoadAllFromString(text.ToString().Replace("...", "", StringComparison.Ordinal), typeMap: null, strict: true));
        }
    }

    [Theory, MemberData(nameof(Values))]
    public async Task The_gateway_takes_the_configuration(string values)
    {
        var rendered = await Chart.RenderAsync(values);
        using var folder = new TemporaryFolder();
        var pod = Chart.Objects(rendered)
            .Single(static candidate => candidate.Text("kind") is "Deployment" or "DaemonSet")
            .Find("spec", "template", "spec")!;
        foreach (
            var mount in pod.Find("containers", "0")!.List("volumeMounts")
                .Select(static mount => mount.Text("mountPath")!)
                .Where(static path => path.StartsWith(Mounted, StringComparison.Ordinal)))
        {
            folder.Folder(mount[Mounted.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries));
        }

        foreach (var key in (string[])["current", "previous"])
        {
            await File.WriteAllBytesAsync(folder.PathOf("ticket-keys", key), new byte[80]);
        }

        foreach (var token in (string[])["token", "secret"])
        {
            await File.WriteAllTextAsync(folder.PathOf("admin", token), new string('a', 64));
            File.SetUnixFileMode(folder.PathOf("admin", token), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        }

        foreach (var maps in Chart.Objects(rendered).Where(static candidate => candidate.Text("metadata", "name") == "rel-tlsfront-user-maps"))
        {
            foreach (var (name, text) in (YamlMappingNode)maps.Find("data")!)
            {
                await File.WriteAllTextAsync(folder.PathOf("user-maps", name.ToString()), text.ToString());
            }
        }

        var path = folder.PathOf("tlsfront.yaml");
        var config = Chart.Single(rendered, "ConfigMap", "rel-tlsfront").Text("data", "tlsfront.yaml")!;
        await File.WriteAllTextAsync(
            path, config.Replace(Mounted, folder.Path, StringComparison.Ordinal).Replace("/run/tlsfront", folder.Path, StringComparison.Ordinal));
        var result = new SettingsLoader(path, [], []).Load();
        Assert.NotNull(result.Settings);
        // In a pod the admin endpoint has to be reachable; who may is the NetworkPolicy's business.
        Assert.All(result.Problems, static problem => Assert.Contains("admin.address", problem.ToString(), StringComparison.Ordinal));
    }

    private static bool IsCustom(YamlMappingNode candidate) =>
        candidate.Text("apiVersion") is { } version && (version.StartsWith("cert-manager.io/", StringComparison.Ordinal)
            || version.StartsWith("monitoring.coreos.com/", StringComparison.Ordinal)
            || version.StartsWith("gateway.networking.k8s.io/", StringComparison.Ordinal));
}
