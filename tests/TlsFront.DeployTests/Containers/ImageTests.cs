using System.Text.Json;
using TlsFront.SystemTests;
using TlsFront.SystemTests.Processes;

namespace TlsFront.DeployTests.Containers;

/// <summary>
/// The image as Kubernetes runs it: a user without a name, a read-only root, no capability; Postfix and Dovecot beside it, and clients.
/// </summary>
[Collection(PodmanCollection.Name)]
public sealed class ImageTests(Podman podman)
{
    private const string Image = "localhost/tlsfront:test";

    /// <summary>Octets of the layers above the base.</summary>
    private const long Most = 60_000_000;

    [Fact]
    public async Task It_is_small_names_what_is_in_it_serves_read_only_without_a_capability_and_drains()
    {
        await BuildAsync();
        await ImageIsAsPromisedAsync();
        await StartServersAsync();
        await podman.StartAsync(
            "gateway", "--network", "container:servers", "--volume", $"{podman.Folder.Folder("image")}:/etc/tlsfront:ro", "--read-only",
            "--read-only-tmpfs=false",
            "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--memory", "256m", "--pids-limit", "100", Image);
        await Eventually.TrueAsync(
            "tlsfront health says yes", async () => (await podman.RunAsync("exec", "gateway", "/usr/bin/tlsfront", "health")).ExitCode == 0,
            Podman.Patience);

        var status = await podman.StatusAsync("gateway");
        Assert.Equal("10001 10001 10001 10001", status["Uid"]);
        Assert.Equal("10001 10001 10001 10001", status["Gid"]);
        Assert.All((string[])["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"], set => Assert.Equal("0000000000000000", status[set]));
        Assert.Equal("1", status["NoNewPrivs"]);
        Assert.NotEqual(0, (await podman.RunAsync("exec", "--user", "0", "gateway", "touch", "/tmp/file")).ExitCode);

        var mail = (await podman.ShellAsync("servers", "/scripts/mail_client.sh /mail/certificates/mail.crt 10465 10993 10995")).Succeeded().Output;
        Assert.Equal(3, mail.Split("Subject: to myself").Length);
        Assert.Equal(3, mail.Split("by mail.example.com with ESMTPSA").Length);
        Assert.Equal(3, mail.Split("tls TLS_AES_256_GCM_SHA384").Length);

        await DrainAsync();
    }

    [Fact]
    public async Task The_SDK_alone_makes_one_that_runs_alike()
    {
        const string image = "docker.io/library/tlsfront:latest";
        var port = Ports.Next();
        var (settings, archive) = (podman.Folder.PathOf("registry.yml"), podman.Folder.PathOf("image.tar"));
        await File.WriteAllTextAsync(settings, $$"""
            version: 0.1
            storage: { filesystem: { rootdirectory: {{podman.Folder.Folder("registry")}} } }
            http: { addr: "127.0.0.1:{{port}}" }
            """);
        await using var registry = await Daemon.StartAsync("docker-registry", ["serve", settings]);
        await Eventually.TrueAsync("the registry listens", () => Ports.IsOpenAsync(port));
        (await podman.RunAsync("push", "--quiet", "--tls-verify=false", Podman.Base, $"localhost:{port}/base:1")).Succeeded();
        (await Command.RunAsync(
            "dotnet",
            [
                "publish", Repository.PathOf("src", "TlsFront"), "--configuration", "Release", "--use-current-runtime", "-t:PublishContainer",
                $"-p:ContainerBaseImage=localhost:{port}/base:1", $"-p:ContainerArchiveOutputPath={archive}"
            ],
            within: 2 * Podman.Patience)).Succeeded();
        (await podman.RunAsync("load", "--quiet", "--input", archive)).Succeeded();

        Assert.InRange(await podman.SizeAsync(image) - await podman.SizeAsync(Podman.Base), 1, Most);
        Assert.Equal(
            "10001:10001 [/usr/bin/tlsfront] [run --config /etc/tlsfront/tlsfront.yaml]",
            await podman.InspectAsync(image, "{{.Config.User}} {{.Config.Entrypoint}} {{.Config.Cmd}}"));
        (await podman.RunAsync("run", "--rm", "--network", "none", "--read-only", "--cap-drop", "ALL", image, "--version")).Succeeded();
    }

    private async Task BuildAsync() => (await podman.WithSettingsAsync(
        Repository.PathOf("deploy", "container", "build.sh"),
        "--binary", Podman.Binary, "--isolation", "chroot", "--build-arg", $"BASE={Podman.Base}", "--tag", Image)).Succeeded();

    private async Task ImageIsAsPromisedAsync()
    {
        Assert.InRange(await podman.SizeAsync(Image) - await podman.SizeAsync(Podman.Base), 1, Most);
        Assert.Equal(
            "10001:10001 [/usr/bin/tlsfront] [run --config /etc/tlsfront/tlsfront.yaml]",
            await podman.InspectAsync(Image, "{{.Config.User}} {{.Config.Entrypoint}} {{.Config.Cmd}}"));
        var version = (await podman.RunAsync("run", "--rm", "--network", "none", Image, "--version")).Succeeded().Output;

        using var labels = JsonDocument.Parse(await podman.InspectAsync(Image, "{{json .Config.Labels}}"));
        string Label(string name) => labels.RootElement.GetProperty("org.opencontainers.image." + name).GetString()!;
        Assert.Equal("TlsFront", Label("title"));
        Assert.NotEmpty(Label("description"));
        Assert.Contains(Label("version"), version, StringComparison.Ordinal);
        Assert.Matches("^([0-9a-f]{40}|unknown)$", Label("revision"));

        var read = await podman.RunAsync(
            "run", "--rm", "--network", "none", "--entrypoint", "/bin/cat", Image, "/usr/share/doc/tlsfront/sbom.cdx.json");
        using var sbom = JsonDocument.Parse(read.Succeeded().Output.TrimStart('ï', '»', '¿'));
        Assert.Equal("CycloneDX", sbom.RootElement.GetProperty("bomFormat").GetString());
        var subject = sbom.RootElement.GetProperty("metadata").GetProperty("component");
        Assert.Equal(("tlsfront", Label("version")), (subject.GetProperty("name").GetString(), subject.GetProperty("version").GetString()));
        var parts = sbom.RootElement.GetProperty("components")
            .EnumerateArray()
            .ToDictionary(static part => part.GetProperty("name").GetString()!, StringComparer.Ordinal);
        Assert.All(
            (string[])["YamlDotNet", "Yarp.ReverseProxy", "OpenTelemetry"],
            name => Assert.StartsWith($"pkg:nuget/{name}@", parts[name].GetProperty("purl").GetString(), StringComparison.Ordinal));
    }

    private async Task StartServersAsync()
    {
        var folder = podman.Folder.Folder("image");
        podman.Folder.Folder("image", "certificates");
        await File.WriteAllTextAsync(Path.Combine(folder, "tlsfront.yaml"), """
            hostname: mail.example.com
            certificates: [{ path: certificates }]
            listeners:
              - { name: submissions, address: "*:10465", protocol: smtp, backend: postfix }
              - { name: imaps, address: "*:10993", protocol: imap, backend: dovecot-imap }
              - { name: pop3s, address: "*:10995", protocol: pop3, backend: dovecot-pop3 }
            backends:
              - { name: postfix, kind: postfix, destinations: ["127.0.0.1:10466"] }
              - { name: dovecot-imap, kind: dovecot, destinations: ["127.0.0.1:10143"] }
              - { name: dovecot-pop3, kind: dovecot, destinations: ["127.0.0.1:10110"] }
            drain: { delay: 0s, timeout: 20s }
            """);
        await podman.StartAsync(
            "servers", "--network", "none", "--cap-add", "SYS_CHROOT", "--volume", $"{folder}:/mail", "--volume",
            $"{Repository.PathOf("deploy")}:/examples:ro",
            "--volume", $"{Repository.PathOf("tests", "TlsFront.DeployTests", "Scripts")}:/scripts:ro", Podman.Base, "sleep", "infinity");
        (await podman.ShellAsync("servers", """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=mail.example.com -addext subjectAltName=DNS:mail.example.com \
                -keyout /mail/certificates/mail.key -out /mail/certificates/mail.crt
            chown -R 10001 /mail/certificates
            /scripts/mail_servers.sh /examples 10466
            dovecot
            postfix start
            """)).Succeeded();
        await podman.EventuallyAsync("Postfix and Dovecot listen", "servers", "for port in 10466 10143 10110; do : </dev/tcp/127.0.0.1/$port; done");
    }

    /// <summary>Sessions that have not logged in are told so, those that have end in order, and so does the gateway.</summary>
    private async Task DrainAsync()
    {
        Task<Command>[] clients =
        [
            ClientAsync(10993, ""),
            ClientAsync(10465, @"EHLO client.example\r\n"),
            ClientAsync(10993, @"a LOGIN alice secret\r\nb IDLE\r\n"),
        ];
        await podman.EventuallyAsync("three sessions", "servers", """
            page=$(curl -sS http://127.0.0.1:9090/metrics)
            grep -qE '^tlsfront_backend_active_sessions[{].*dovecot-imap.*[}] 2( |$)' <<<"$page"
            grep -qE '^tlsfront_backend_active_sessions[{].*postfix.*[}] 1( |$)' <<<"$page"
            grep -qE '^tlsfront_logins_total[{].*imaps.*accepted.*[}] 2( |$)' <<<"$page"
            """);
        (await podman.RunAsync("stop", "--time", "60", "gateway")).Succeeded();
        Assert.Equal("0", await podman.InspectAsync("gateway", "{{.State.ExitCode}}"));
        var said = (await Task.WhenAll(clients)).Select(static client => client.Output).ToArray();
        Assert.Contains("* BYE", said[0], StringComparison.Ordinal);
        Assert.Contains("\n421 ", said[1], StringComparison.Ordinal);
        Assert.Contains("+ idling", said[2], StringComparison.Ordinal);
    }

    private Task<Command> ClientAsync(int port, string commands) =>
        podman.ShellAsync(
            "servers",
            $"printf '{commands}' | openssl s_client -quiet -verify_quiet -CAfile /mail/certificates/mail.crt -connect 127.0.0.1:{port} || true");
}
