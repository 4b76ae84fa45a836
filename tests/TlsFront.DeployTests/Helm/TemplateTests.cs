namespace TlsFront.DeployTests.Helm;

/// <summary>What the chart promises, found in what it renders.</summary>
public sealed class TemplateTests
{
    [Fact]
    public async Task The_service_maps_the_ports_of_RFC_8314_to_ports_that_need_no_capability()
    {
        var rendered = await Chart.RenderAsync("outside-values.yaml");
        var ports = Chart.Single(rendered, "Service", "rel-tlsfront").List("spec", "ports");
        Assert.Equal([("465", "submissions"), ("993", "imaps"), ("995", "pop3s")], ports.Select(static port => (port.Text("port"), port.Text("targetPort"))));
        var container = Container(rendered);
        Assert.Equal(["10465", "10993", "10995", "9090"], container.List("ports").Select(static port => port.Text("containerPort")));
        Assert.Equal(["ALL"], container.List("securityContext", "capabilities", "drop").Select(static name => name.ToString()));
        Assert.Empty(container.List("securityContext", "capabilities", "add"));
        Assert.Equal("true", container.Text("securityContext", "readOnlyRootFilesystem"));
    }

    [Fact]
    public async Task The_clients_address_is_kept_by_default() =>
        Assert.Equal("Local", Chart.Single(await Chart.RenderAsync("outside-values.yaml"), "Service", "rel-tlsfront").Text("spec", "externalTrafficPolicy"));

    [Theory]
    [InlineData("15s", "2m", "165")]
    [InlineData("500ms", "1h30m", "5431")]
    [InlineData("0s", "24h", "86430")]
    public async Task Sessions_get_their_time_before_a_pod_is_killed(string delay, string timeout, string seconds)
    {
        var rendered = await Chart.RenderAsync("outside-values.yaml", "1.32.0", "--set", $"config.drain.delay={delay},config.drain.timeout={timeout}");
        Assert.Equal(seconds, Pod(rendered).Text("terminationGracePeriodSeconds"));
    }

    [Fact]
    public async Task No_pod_is_taken_away_before_its_successor_is_ready()
    {
        var strategy = Chart.Single(await Chart.RenderAsync("outside-values.yaml"), "Deployment").Find("spec", "strategy", "rollingUpdate")!;
        Assert.Equal(("0", "1"), (strategy.Text("maxUnavailable"), strategy.Text("maxSurge")));
    }

    [Fact]
    public async Task Certificates_are_mounted_as_folders_and_named_in_the_configuration()
    {
        var rendered = await Chart.RenderAsync("everything-values.yaml");
        var mounts = Container(rendered).List("volumeMounts");
        Assert.All(mounts, static mount => Assert.Null(mount.Text("subPath")));
        Assert.Contains(mounts, static mount => mount.Text("mountPath") == "/etc/tlsfront/certificates/mail-tls");
        var config = Chart.Single(rendered, "ConfigMap", "rel-tlsfront").Text("data", "tlsfront.yaml")!;
        Assert.Contains("path: /etc/tlsfront/certificates/mail-tls", config, StringComparison.Ordinal);
        Assert.Contains("path: /etc/tlsfront/certificates/tenant", config, StringComparison.Ordinal);
        Assert.Contains("- /etc/tlsfront/ticket-keys/current", config, StringComparison.Ordinal);
        Assert.Equal("rel-tlsfront-tenant", Chart.Single(rendered, "Certificate").Text("spec", "secretName"));
    }

    [Fact]
    public async Task A_reloadable_change_replaces_no_pod_and_one_that_needs_a_restart_does()
    {
        var before = await ChecksumAsync();
        Assert.Equal(before, await ChecksumAsync("--set", "config.limits.connectionsPerClient=7"));
        Assert.NotEqual(before, await ChecksumAsync("--set", "config.log.format=json"));
        Assert.NotEqual(before, await ChecksumAsync("--set", "config.native.loops=3"));

        static async Task<string> ChecksumAsync(params IEnumerable<string> arguments) =>
            Chart.Single(await Chart.RenderAsync("outside-values.yaml", "1.32.0", arguments), "Deployment")
                .Text("spec", "template", "metadata", "annotations", "tlsfront/restart-checksum")!;
    }

    [Fact]
    public async Task A_load_balancer_preset_sets_its_annotation_and_the_networks_of_listeners_that_say_nothing()
    {
        var rendered = await Chart.RenderAsync("load-balancer-values.yaml");
        Assert.Equal("true", Chart.Single(rendered, "Service", "rel-tlsfront").Text("metadata", "annotations", "load-balancer.hetzner.cloud/uses-proxyprotocol"));
        var config = Chart.Single(rendered, "ConfigMap", "rel-tlsfront").Text("data", "tlsfront.yaml")!;
        Assert.Single(Occurrences(config, "10.0.0.0/16"));
        Assert.Single(Occurrences(config, "10.42.0.0/16"));
    }

    [Fact]
    public async Task The_gateway_may_connect_to_its_backends_to_resolvers_and_to_the_collector_only()
    {
        var policy = Chart.Single(await Chart.RenderAsync("everything-values.yaml"), "NetworkPolicy");
        Assert.Equal(
            [["10143", "10465", "4190"], ["53", "53"], ["4317"], []],
            policy.List("spec", "egress").Select(static rule => rule.List("ports").Select(static port => port.Text("port"))));
    }

    [Theory]
    [InlineData("config.hostname=null", "config.hostname is required")]
    [InlineData("config.backends=null", "config.backends is required")]
    [InlineData("certificates=null", "certificates is required")]
    [InlineData("service.proxyProtocol.preset=aws", "trustedNetworks is required")]
    [InlineData("service.ports.imap=993", "there is no listener imap")]
    [InlineData("service.ports.imaps=465", "both get port 465")]
    public async Task What_cannot_work_is_refused_in_words(string setting, string text)
    {
        var rendered = await Chart.TryRenderAsync("outside-values.yaml", "1.32.0", "--set", setting);
        Assert.NotEqual(0, rendered.ExitCode);
        Assert.Contains(text, rendered.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packaged_chart_brings_dashboards_and_rules()
    {
        using var folder = new SystemTests.TemporaryFolder();
        (await Chart.HelmAsync("package", Chart.Folder, "--destination", folder.Path)).Succeeded();
        var package = Assert.Single(Directory.GetFiles(folder.Path, "*.tgz"));
        var rendered = await Chart.HelmAsync("template", "rel", package, "--values", Chart.PathOfValues("everything-values.yaml"));
        var objects = Chart.Objects(rendered.Succeeded().Output);
        Assert.NotEmpty(objects.Single(static candidate => candidate.Text("kind") == "PrometheusRule").List("spec", "groups"));
        Assert.Equal(3, objects.Count(static candidate => candidate.Text("metadata", "labels", "grafana_dashboard") == "1"));
    }

    private static IEnumerable<int> Occurrences(string text, string part)
    {
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + 1, StringComparison.Ordinal))
        {
            yield return at;
        }
    }

    private static YamlDotNet.RepresentationModel.YamlNode Pod(string rendered) => Chart.Single(rendered, "Deployment").Find("spec", "template", "spec")!;

    private static YamlDotNet.RepresentationModel.YamlNode Container(string rendered) => Pod(rendered).Find("containers", "0")!;
}
