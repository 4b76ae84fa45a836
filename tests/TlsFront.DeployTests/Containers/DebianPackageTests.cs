using TlsFront.SystemTests;
using TlsFront.SystemTests.Processes;

namespace TlsFront.DeployTests.Containers;

/// <summary>The package on a Debian with systemd: installed, configured, served from, upgraded, purged.</summary>
[Collection(PodmanCollection.Name)]
public sealed class DebianPackageTests(Podman podman)
{
    [Fact]
    public async Task From_the_package_to_a_served_993()
    {
        var package = (await Command.RunAsync(Repository.PathOf("deploy", "debian", "build.sh"), [Podman.Binary, podman.Folder.Path])).Succeeded().Output.Trim();
        await podman.StartAsync(
            "systemd", "--privileged", "--network", "none", "--systemd=always", "--entrypoint", """["/bin/sh","-c","mount --make-rshared / ; exec /sbin/init"]""", Podman.Base);
        (await podman.RunAsync("cp", package, "systemd:/tlsfront.deb")).Succeeded();
        await Eventually.TrueAsync("systemd is up", async () => (await podman.ShellAsync("systemd", "systemctl is-system-running")).Text is "running\n" or "degraded\n");

        // Installed without a certificate it is enabled and waits.
        var installed = (await podman.ShellAsync("systemd", "dpkg -i /tlsfront.deb; systemctl is-enabled tlsfront; systemctl is-active tlsfront || true")).Succeeded();
        Assert.EndsWith("enabled\ninactive\n", installed.Output, StringComparison.Ordinal);

        (await podman.ShellAsync("systemd", """
            printf '\nprotocols = imap pop3\n!include /usr/share/doc/tlsfront/examples/dovecot/tlsfront-2.3.conf\nservice imap-login {\n inet_listener imaps {\n port = 0\n }\n}\nservice pop3-login {\n inet_listener pop3s {\n port = 0\n }\n}\n' > /etc/dovecot/local.conf
            systemctl restart dovecot
            mkdir -p /letsencrypt/mail
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj /CN=mail.example.com -addext subjectAltName=DNS:mail.example.com -keyout /letsencrypt/mail/privkey.pem -out /letsencrypt/mail/fullchain.pem 2>/dev/null
            RENEWED_LINEAGE=/letsencrypt/mail /usr/share/tlsfront/certbot-deploy-hook
            tlsfront check-config
            systemctl start tlsfront
            """)).Succeeded();
        var greeting = (await podman.ShellAsync("systemd", "curl -sv --cacert /letsencrypt/mail/fullchain.pem --resolve mail.example.com:993:127.0.0.1 imaps://mail.example.com/ --max-time 20 -X CAPABILITY 2>&1")).Succeeded();
        Assert.Contains("Dovecot (Debian) ready", greeting.Text, StringComparison.Ordinal);

        // Least privilege as the unit states it, and nothing written.
        var state = (await podman.ShellAsync("systemd", """
            pid=$(systemctl show -p MainPID --value tlsfront)
            ps -o user= -p $pid
            grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/$pid/status
            grep 'core file' /proc/$pid/limits
            find /var/lib/tlsfront -type f
            """)).Succeeded().Output;
        Assert.Equal(["tlsfront", "CapEff: 0000000000000400", "NoNewPrivs: 1", "Seccomp: 2", "Max core file size 0 0 bytes"], Lines(state));

        // A renewed certificate is served without a restart; a reload and an upgrade leave it running with the operator's configuration.
        (await podman.ShellAsync("systemd", "sed -i 's/^hostname: .*/hostname: other.example.com/' /etc/tlsfront/tlsfront.yaml; systemctl reload tlsfront; dpkg -i /tlsfront.deb; systemctl is-active tlsfront; grep -q other.example.com /etc/tlsfront/tlsfront.yaml")).Succeeded();

        (await podman.ShellAsync("systemd", "dpkg --purge tlsfront; test ! -e /etc/tlsfront; test ! -e /var/lib/tlsfront; ! systemctl is-active tlsfront")).Succeeded();
    }

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => string.Join(' ', line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)));
}
