using System.Globalization;
using TlsFront.SystemTests.Processes;

namespace TlsFront.DeployTests.Containers;

/// <summary>
/// The package on a Debian with systemd, by the commands of README: from the binary to a served 993, then renewed, upgraded and purged.
/// </summary>
[Collection(PodmanCollection.Name)]
public sealed class DebianPackageTests(Podman podman)
{
    private const string Machine = "machine";

    /// <summary>Where README's commands are given: in a working tree.</summary>
    private const string Tree = "/root/tlsfront";

    [Fact]
    public async Task Five_commands_lead_from_a_binary_to_a_served_993_and_a_purge_leaves_nothing()
    {
        await StartMachineAsync();
        await RunReadmeAsync();
        await ServedAsync();
        await LeastPrivilegeAsync();
        await RenewedAsync();
        await ReloadedAsync();
        await SocketActivatedAsync();
        await UpgradedAsync();
        await PurgedAsync();
    }

    private async Task StartMachineAsync()
    {
        await podman.StartAsync(
            Machine, "--privileged", "--network", "none", "--systemd=always", "--volume",
            $"{Repository.PathOf("tests", "TlsFront.DeployTests", "Scripts")}:/scripts:ro",
            "--entrypoint", """["/bin/sh","-c","mount --make-rshared / ; exec /sbin/init"]""", Podman.Base);
        await podman.EventuallyAsync("systemd is up", Machine, "[[ $(systemctl is-system-running) =~ ^(running|degraded)$ ]]");
        await ShellAsync($"mkdir -p {Tree} /opt/tlsfront; echo '127.0.0.1 mail.example.com' >>/etc/hosts");
        foreach (var name in (string[])["deploy", "README.md", "Directory.Build.props"])
        {
            (await podman.RunAsync("cp", Repository.PathOf(name), $"{Machine}:{Tree}/")).Succeeded();
        }

        (await podman.RunAsync("cp", Podman.Binary, $"{Machine}:/opt/tlsfront/tlsfront")).Succeeded();

        // Another authority than certbot's own, and nobody to answer its questions: a machine without the Internet. The command stays README's.
        await ShellAsync("""
            mkdir -p /etc/letsencrypt
            printf '%s\n' 'server = https://localhost:14000/dir' 'no-verify-ssl = true' 'agree-tos = true' 'register-unsafely-without-email = true' 'non-interactive = true' >/etc/letsencrypt/cli.ini
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout /root/pebble.key -out /root/pebble.pem
            cat >/root/pebble.json <<END
            { "pebble": { "listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000", "certificate": "/root/pebble.pem", "privateKey": "/root/pebble.key",
                "httpPort": 80, "tlsPort": 443, "certificateValidityPeriod": 7776000 } }
            END
            systemd-run --quiet --unit pebble --setenv PEBBLE_VA_NOSLEEP=1 --setenv PEBBLE_WFE_NONCEREJECT=0 pebble -config /root/pebble.json
            """);
        await podman.EventuallyAsync(
            "the authority is up", Machine,
            "curl -sSk https://localhost:15000/roots/0 >/root/authority.pem && curl -sSk https://localhost:14000/dir");
    }

    private async Task RunReadmeAsync()
    {
        var commands = ReadmeCommands.Below("### Debian and Ubuntu, systemd");
        Assert.Equal(5, commands.Count);
        Assert.StartsWith("systemctl start", commands[^1], StringComparison.Ordinal);
        foreach (var command in commands)
        {
            if (command == commands[^1])
            {
                // Installed it is enabled, and did not start as long as there was no certificate.
                // The servers behind get the lines that the package brings.
                Assert.Equal("enabled\n", (await ShellAsync("systemctl is-enabled tlsfront")).Output);
                await ShellAsync("/scripts/mail_servers.sh /usr/share/doc/tlsfront/examples && systemctl restart dovecot postfix");
            }

            Assert.NotEqual(0, (await podman.ShellAsync(Machine, "systemctl is-active tlsfront")).ExitCode);
            await ShellAsync($"cd {Tree}\n{command}");
        }
    }

    /// <summary>Mail goes in and out, to a client that trusts the authority alone.</summary>
    private async Task ServedAsync()
    {
        await podman.EventuallyAsync("Postfix and Dovecot listen", Machine, "for port in 10465 10143 10110; do : </dev/tcp/127.0.0.1/$port; done");
        var mail = (await ShellAsync("/scripts/mail_client.sh /root/authority.pem 465 993 995")).Output;
        Assert.Equal(3, mail.Split("Subject: to myself").Length);
        Assert.Contains("connections", (await ShellAsync("systemctl show -p StatusText --value tlsfront")).Output, StringComparison.Ordinal);
    }

    private async Task LeastPrivilegeAsync()
    {
        var state = (await ShellAsync("""
            pid=$(systemctl show -p MainPID --value tlsfront)
            ps -o user= -p $pid
            grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/$pid/status
            grep 'core file' /proc/$pid/limits
            find /var/lib/tlsfront -type f
            """)).Output;
        Assert.Equal(["tlsfront", "CapEff: 0000000000000400", "NoNewPrivs: 1", "Seccomp: 2", "Max core file size 0 0 bytes"], Lines(state));
        Assert.Equal(
            ["750 root tlsfront", "640 root tlsfront", "640 root tlsfront"],
            Lines((await ShellAsync("cd /etc/tlsfront/certificates; stat -c '%a %U %G' . mail.example.com/*.pem")).Output));
    }

    /// <summary>certbot renews, its hook runs, and the gateway serves the new certificate without a restart.</summary>
    private async Task RenewedAsync()
    {
        var (before, process) = (await SerialAsync(), await ProcessAsync());
        await ShellAsync("certbot renew --force-renewal --no-random-sleep-on-renew");
        await podman.EventuallyAsync("the renewed certificate is served", Machine, $"{Serial} | grep -v '{before}'");
        Assert.Equal(process, await ProcessAsync());
    }

    private async Task ReloadedAsync()
    {
        await ShellAsync("echo 'limits: { connectionsPerClient: 50 } # the operator' >>/etc/tlsfront/tlsfront.yaml; systemctl reload tlsfront");
        await podman.EventuallyAsync(
            "the reload is counted", Machine,
            "curl -sS http://127.0.0.1:9090/metrics | grep -E '^tlsfront_config_reloads_total[{].*accepted.*[}] [1-9]'");
    }

    /// <summary>
    /// By README's commands systemd holds the ports from here on, through the upgrade and until the purge. A client that comes while the gateway is
    /// stopped waits in the kernel and is served by the process that its connection starts.
    /// </summary>
    private async Task SocketActivatedAsync()
    {
        var process = await ProcessAsync();
        foreach (var command in ReadmeCommands.Below("Socket activation is there for who wants it:"))
        {
            await ShellAsync(command);
        }

        Assert.NotEqual(process, await ProcessAsync());
        Assert.Equal("active\nactive\n", (await ShellAsync("systemctl is-active tlsfront.socket tlsfront")).Output);
        await ShellAsync("systemctl stop tlsfront.service; ! systemctl is-active tlsfront");
        Assert.NotEmpty(await SerialAsync());
        Assert.Equal("active\n", (await ShellAsync("systemctl is-active tlsfront")).Output);
    }

    /// <summary>
    /// A later version, whose own configuration file differs: the operator's stays, and what runs is the new one. A session that was open goes on
    /// there.
    /// </summary>
    private async Task UpgradedAsync()
    {
        var process = await ProcessAsync();
        await ShellAsync("systemd-run --quiet --unit session /scripts/open_session.sh /root/authority.pem /run/session");
        await podman.EventuallyAsync("the session is logged in", Machine, "grep '^a OK' /run/session/answers");
        await ShellAsync($"""
            cd {Tree}
            sed -i 's:<Version>.*</Version>:<Version>99.0.0</Version>:' Directory.Build.props
            echo '# Of the later version.' >>deploy/debian/tlsfront.yaml
            later=$(deploy/debian/build.sh /opt/tlsfront/tlsfront .)
            DEBIAN_FRONTEND=noninteractive apt-get -y -o Dpkg::Options::=--force-confold install "$later"
            systemctl is-active tlsfront
            grep '# the operator' /etc/tlsfront/tlsfront.yaml
            grep '# Of the later version' /etc/tlsfront/tlsfront.yaml.dpkg-dist
            """);
        Assert.NotEqual(process, await ProcessAsync());
        Assert.NotEmpty(await SerialAsync());
        await ShellAsync($"journalctl --unit tlsfront | grep 'Took over from the running gateway, with 1 of its sessions'; touch /run/session/go");
        await podman.EventuallyAsync("the session ended by itself", Machine, "grep '^c OK' /run/session/answers");
        await podman.EventuallyAsync("the old process ended", Machine, $"[[ ! -e /proc/{process} ]]");
        Assert.Equal("active\n", (await ShellAsync("systemctl is-active tlsfront")).Output);
    }

    private async Task PurgedAsync()
    {
        await ShellAsync("apt-get -y purge tlsfront");
        Assert.NotEqual(0, (await podman.ShellAsync(Machine, "systemctl is-active tlsfront")).ExitCode);
        Assert.NotEqual(0, (await podman.ShellAsync(Machine, ": </dev/tcp/127.0.0.1/993")).ExitCode);

        // certbot's own files are certbot's, the journal is systemd's, and logs of apt and dpkg stay as they do for every package.
        Assert.Equal("", (await ShellAsync($"find / -xdev -iname '*tlsfront*' -not -path '{Tree}*' -not -path '/opt/*'")).Output);
    }

    private const string Serial =
        "openssl s_client -connect 127.0.0.1:993 -servername mail.example.com -CAfile /root/authority.pem -verify_return_error </dev/null "
        + "2>/dev/null | openssl x509 -noout -serial";

    private async Task<string> SerialAsync() => (await ShellAsync(Serial)).Output.Trim();

    private async Task<int> ProcessAsync() =>
        int.Parse((await ShellAsync("systemctl show -p MainPID --value tlsfront")).Output, CultureInfo.InvariantCulture);

    private async Task<Command> ShellAsync(string lines) => (await podman.ShellAsync(Machine, lines)).Succeeded();

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
            static line => string.Join(' ', line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)));
}
