using YamlDotNet.RepresentationModel;

namespace TlsFront.DeployTests.Helm;

/// <summary>What the chart promises, found in what it renders.</summary>
public sealed class TemplateTests
{
    [Fact]
    public async Task The_service_maps_the_ports_of_RFC_8314_to_ports_that_need_no_capability()
    {
        var rendered = await Chart.RenderAsync("outside-values.yaml");
        var ports = Chart.Single(rendered, "Service", "rel-tlsfront").List("spec", "ports");
        Assert.Equal(
            [("465", "submissions"), ("993", "imaps"), ("995", "pop3s")], ports.Select(static port => (port.Text("port"), port.Text("targetPort"))));
        var container = Container(rendered);
        Assert.Equal(["10465", "10993", "10995", "9090"], container.List("ports").Select(static port => port.Text("containerPort")));
        Assert.Equal(["ALL"], container.List("securityContext", "capabilities", "drop").Select(static name => name.ToString()));
        Assert.Empty(container.List("securityContext", "capabilities", "add"));
        Assert.Equal("true", container.Text("securityContext", "readOnlyRootFilesystem"));
    }

    [Fact]
    public async Task The_clients_address_is_kept_by_default() =>
        Assert.Equal(
            "Local", Chart.Single(await Chart.RenderAsync("outside-values.yaml"), "Service", "rel-tlsfront").Text("spec", "externalTrafficPolicy"));

    [Theory]
    [InlineData("15s", "2m", "165")]
    [InlineData("500ms", "1h30m", "5431")]
    [InlineData("0s", "24h", "86430")]
    public async Task Sessions_get_their_time_before_a_pod_is_killed(string delay, string timeout, string seconds)
    {
        var rendered = await Chart.RenderAsync(
            "outside-values.yaml", "1.32.0", "--set", $"config.drain.delay={delay},config.drain.timeout={timeout}");
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
        Assert.Equal(
            "true",
            Chart.Single(rendered, "Service", "rel-tlsfront").Text("metadata", "annotations", "load-balancer.hetzner.cloud/uses-proxyprotocol"));
        var config = Chart.Single(rendered, "ConfigMap", "rel-tlsfront").Text("data", "tlsfront.yaml")!;
        Assert.Single(Occurrences(config, "10.0.0.0/16"));
        Assert.Single(Occurrences(config, "10.42.0.0/16"));
    }

    [Fact]
    public async Task The_gateway_may_connect_to_its_backends_to_resolvers_lookups_and_the_collector_only()
    {
        var policy = Chart.Single(await Chart.RenderAsync("everything-values.yaml"), "NetworkPolicy");
        Assert.Equal(
            [["10143", "10465", "4190"], ["53", "53"], ["8443"], ["4317"], []],
            policy.List("spec", "egress").Select(static rule => rule.List("ports").Select(static port => port.Text("port"))));
    }

    [Theory]
    [InlineData("https://accounts.internal/auth", "443")]
    [InlineData("http://accounts.internal?of=mail:1", "80")]
    [InlineData("http://[fd00::7]:8080/auth", "8080")]
    [InlineData("HTTPS://accounts.internal:08443/auth", "8443")]
    [InlineData("HTTPS://accounts.internal/auth", "443")]
    [InlineData("https://[fd00::7]/auth", "443")]
    public async Task The_gateway_may_connect_to_the_port_of_the_service_that_it_asks(string url, string port)
    {
        var rendered = await Chart.RenderAsync("outside-values.yaml", "1.32.0", "--set-json", $"config.listeners[1].lookup={{\"url\":\"{url}\"}}");
        var egress = Chart.Single(rendered, "NetworkPolicy").List("spec", "egress");
        Assert.Equal([port], egress[2].List("ports").Select(static entry => entry.Text("port")));
    }

    [Fact]
    public async Task User_maps_are_mounted_as_a_folder_and_a_changed_one_replaces_no_pod()
    {
        var before = await Chart.RenderAsync("everything-values.yaml");
        var mount = Container(before).List("volumeMounts").Single(static mount => mount.Text("name") == "user-maps");
        Assert.Equal(("/etc/tlsfront/user-maps", "true", null), (mount.Text("mountPath"), mount.Text("readOnly"), mount.Text("subPath")));
        Assert.Equal("rel-tlsfront-user-maps", VolumeOf(before).Text("configMap", "name"));
        Assert.EndsWith(":10143\n", MapOf(before), StringComparison.Ordinal);

        // Without the newline at its end, by which the gateway knows that a map is whole.
        var after = await Chart.RenderAsync(
            "everything-values.yaml", "1.32.0", "--set", "userMaps.files.readers\\.map=alice@example.com dovecot-new");
        Assert.Equal("alice@example.com dovecot-new\n", MapOf(after));
        Assert.Equal(TemplateOf(before), TemplateOf(after));

        var others = await Chart.RenderAsync(
            "everything-values.yaml", "1.32.0", "--set", "userMaps.files=null,userMaps.existingConfigMap=maps");
        Assert.Equal("maps", VolumeOf(others).Text("configMap", "name"));
        Assert.DoesNotContain("rel-tlsfront-user-maps", others, StringComparison.Ordinal);

        static string MapOf(string rendered) => Chart.Single(rendered, "ConfigMap", "rel-tlsfront-user-maps").Text("data", "readers.map")!;

        static YamlNode VolumeOf(string rendered) => Pod(rendered).List("volumes").Single(static volume => volume.Text("name") == "user-maps");

        static YamlNode TemplateOf(string rendered) => Chart.Single(rendered, "Deployment").Find("spec", "template")!;
    }

    [Theory]
    [InlineData("config.hostname=", "config.hostname is required")]
    [InlineData("config.hostname=null", "config.hostname is required")]
    [InlineData("config.backends=null", "config.backends is required")]
    [InlineData("certificates=null", "certificates is required")]
    [InlineData("service.proxyProtocol.preset=aws", "trustedNetworks is required")]
    [InlineData("service.ports.imap=993", "there is no listener imap")]
    [InlineData("hostPorts.imap=993", "hostPorts: there is no listener imap")]
    [InlineData("gatewayApi.enabled=true,gatewayApi.listener=imap", "gatewayApi.listener: there is no listener imap")]
    [InlineData("service.ports.imaps=465", "both get port 465")]
    [InlineData("userMaps.files.a=b c,userMaps.existingConfigMap=maps", "files or existingConfigMap")]
    [InlineData("config.listeners[1].userMap=/etc/tlsfront/user-maps/a.map", "userMaps.files has no a.map")]
    public async Task What_cannot_work_is_refused_in_words(string setting, string text)
    {
        var rendered = await Chart.TryRenderAsync("outside-values.yaml", "1.32.0", "--set", setting);
        Assert.NotEqual(0, rendered.ExitCode);
        Assert.Contains(text, rendered.Error, StringComparison.Ordinal);
    }

    /// <summary>The first thing that goes wrong with values. Helm itself takes what it does not know.</summary>
    [Theory]
    [InlineData("config.hostnmae=mail.example.com", "hostnmae")]
    [InlineData("config.listeners[0].adress=*:10465", "adress")]
    [InlineData("config.backends[0].kind=dovcot", "config.backends.0.kind")]
    [InlineData("config.drain.delay=fifteen", "config.drain.delay")]
    [InlineData("config.limits.conections=5", "conections")]
    [InlineData("service.tpye=ClusterIP", "tpye")]
    [InlineData("service.type=Loadbalancer", "service.type")]
    [InlineData("metrics.serviceMonitor.enable=true", "enable")]
    [InlineData("certificates[0].existingSecert=mail-tls", "existingSecert")]
    [InlineData("userMaps.files.a/b=c d", "a/b")]
    [InlineData("userMaps.file.a=b c", "file")]
    [InlineData("replicaCount=two", "replicaCount")]
    [InlineData("replicas=3", "replicas")]
    public async Task A_mistake_in_the_values_is_named_before_anything_is_rendered(string setting, string name)
    {
        var lint = await Chart.HelmAsync("lint", Chart.Folder, "--strict", "--values", Chart.PathOfValues("outside-values.yaml"), "--set", setting);
        Assert.NotEqual(0, lint.ExitCode);
        Assert.Contains(name, lint.Text, StringComparison.Ordinal);
        Assert.Contains("don't meet the specifications of the schema", lint.Text, StringComparison.Ordinal);
    }

    /// <summary>Null in values takes a default back; the gateway takes it for a mistake.</summary>
    [Fact]
    public async Task Nulls_are_dropped_and_numbers_stay_as_they_are_written()
    {
        var rendered = await Chart.RenderAsync(
            "outside-values.yaml", "1.32.0", "--set",
            "config.limits.connections=1000000,config.drain.timeout=null,config.log=null,config.tls.minimumVersion=null");
        var config = Chart.Single(rendered, "ConfigMap", "rel-tlsfront").Text("data", "tlsfront.yaml")!;
        Assert.Contains("connections: 1000000\n", config, StringComparison.Ordinal);
        Assert.DoesNotContain("null", config, StringComparison.Ordinal);
        Assert.All((string[])["drain:", "log:", "tls:"], key => Assert.DoesNotContain(key, config, StringComparison.Ordinal));
        Assert.Equal("165", Pod(rendered).Text("terminationGracePeriodSeconds"));
    }

    [Fact]
    public async Task Commands_are_given_through_a_socket_in_the_pod_and_with_the_token_of_a_Secret()
    {
        var rendered = await Chart.RenderAsync("tenants-values.yaml");
        var config = Chart.Single(rendered, "ConfigMap", "rel-tlsfront").Text("data", "tlsfront.yaml")!;
        Assert.Contains("socket: /run/tlsfront/admin.sock", config, StringComparison.Ordinal);
        Assert.Contains("tokenFile: /etc/tlsfront/admin/token", config, StringComparison.Ordinal);
        var volume = Pod(rendered).List("volumes").Single(static volume => volume.Text("name") == "admin-token");
        // Nobody but the gateway's user and group may read it; the gateway takes no other.
        Assert.Equal(("tlsfront-admin", "0440"), (volume.Text("secret", "secretName"), volume.Text("secret", "defaultMode")));
        Assert.Contains(
            Pod(rendered).List("volumes"), static volume => volume.Text("name") == "run" && volume.Text("emptyDir", "medium") == "Memory");
        Assert.Equal(
            "/etc/tlsfront/config/tlsfront.yaml",
            Container(rendered).List("env").Single(static variable => variable.Text("name") == "TLSFRONT_CONFIG").Text("value"));

        var without = await Chart.RenderAsync("tenants-values.yaml", "1.32.0", "--set", "admin.socket=false,admin.token.existingSecret=");
        config = Chart.Single(without, "ConfigMap", "rel-tlsfront").Text("data", "tlsfront.yaml")!;
        Assert.DoesNotContain("socket:", config, StringComparison.Ordinal);
        Assert.DoesNotContain("tokenFile:", config, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_a_route_alone_is_mounted_and_presented_nowhere_else()
    {
        var rendered = await Chart.RenderAsync("tenants-values.yaml");
        Assert.Contains(Container(rendered).List("volumeMounts"), static mount => mount.Text("mountPath") == "/etc/tlsfront/certificates/bank");
        var stream = new YamlStream();
        stream.Load(new StringReader(Chart.Single(rendered, "ConfigMap", "rel-tlsfront").Text("data", "tlsfront.yaml")!));
        var config = stream.Documents[0].RootNode;
        Assert.Equal(
            ["/etc/tlsfront/certificates/mail.example.com", "/etc/tlsfront/certificates/customers"],
            config.List("certificates").Select(static entry => entry.Text("path")));
        Assert.Equal("/etc/tlsfront/certificates/bank", config.Find("listeners", "1", "routes", "1", "certificates", "0")!.Text("path"));
        // Names of Secrets may have dots, names of volumes may not.
        Assert.All(Pod(rendered).List("volumes"), static volume => Assert.DoesNotContain('.', volume.Text("name")!));
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
        Assert.Equal(4, objects.Count(static candidate => candidate.Text("metadata", "labels", "grafana_dashboard") == "1"));
    }

    private static IEnumerable<int> Occurrences(string text, string part)
    {
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + 1, StringComparison.Ordinal))
        {
            yield return at;
        }
    }

    private static YamlNode Pod(string rendered) => Chart.Single(rendered, "Deployment").Find("spec", "template", "spec")!;

    private static YamlNode Container(string rendered) => Pod(rendered).Find("containers", "0")!;
}
