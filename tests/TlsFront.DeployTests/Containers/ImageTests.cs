using System.Globalization;
using TlsFront.SystemTests;

namespace TlsFront.DeployTests.Containers;

/// <summary>The image as Kubernetes runs it: another user, a read-only root, no capability; Postfix and Dovecot beside it, and a client.</summary>
[Collection(PodmanCollection.Name)]
public sealed class ImageTests(Podman podman)
{
    private const string Image = "localhost/tlsfront:test";

    /// <summary>Octets of the layers above the base.</summary>
    private const long Most = 60_000_000;

    [Fact]
    public async Task It_serves_read_only_without_a_capability_and_drains()
    {
        (await podman.WithSettingsAsync(
            Repository.PathOf("deploy", "container", "build.sh"), "--binary", Podman.Binary, "--isolation", "chroot", "--build-arg", $"BASE={Podman.Base}", "--tag", Image)).Succeeded();

        Assert.InRange(await SizeAsync(Image) - await SizeAsync(Podman.Base), 1, Most);
        var labels = (await podman.RunAsync("inspect", "--format", "{{json .Config.Labels}} {{.Config.User}} {{json .Config.Entrypoint}}", Image)).Succeeded().Output;
        Assert.Contains("\"org.opencontainers.image.title\":\"TlsFront\"", labels, StringComparison.Ordinal);
        Assert.Contains("10001:10001 [\"/usr/bin/tlsfront\"]", labels, StringComparison.Ordinal);

        var folder = podman.Folder.Folder("image");
        Directory.CreateDirectory(Path.Combine(folder, "certificates"));
        File.Copy(Repository.PathOf("deploy", "postfix", "master.cf"), Path.Combine(folder, "master.cf"));
        File.Copy(Repository.PathOf("deploy", "dovecot", "tlsfront-2.3.conf"), Path.Combine(folder, "tlsfront.conf"));
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
            drain: { delay: 0s, timeout: 10s }
            """);
        (await podman.RunAsync("pod", "create", "--name", "mail", "--network", "none")).Succeeded();
        await podman.StartAsync("servers", "--pod", "mail", "--volume", $"{folder}:/mail", "--entrypoint", """["/bin/sh","-c"]""", Podman.Base, Servers);
        await Eventually.TrueAsync("the servers are up", async () => (await podman.ShellAsync("servers", "test -e /mail/ready")).ExitCode == 0);
        await podman.StartAsync(
            "gateway", "--pod", "mail", "--volume", $"{folder}:/etc/tlsfront:ro", "--read-only", "--read-only-tmpfs=false", "--user", "10001:10001", "--cap-drop", "ALL",
            "--security-opt", "no-new-privileges", "--memory", "256m", "--pids-limit", "100", Image);
        await Eventually.TrueAsync("the gateway is ready", async () => (await podman.RunAsync("exec", "gateway", "/usr/bin/tlsfront", "health")).ExitCode == 0);

        var session = await podman.ShellAsync("servers", """
            curl="curl -sS --max-time 20 --cacert /mail/certificates/mail.crt --user alice:secret"
            printf 'From: alice@example.com\r\nTo: alice@example.com\r\nSubject: image\r\n\r\nhello\r\n' |
                $curl --resolve mail.example.com:10465:127.0.0.1 --url smtps://mail.example.com:10465 --mail-from alice@example.com --mail-rcpt alice@example.com --upload-file -
            for i in $(seq 100); do test -n "$(ls /home/alice/Maildir/new 2>/dev/null)" && break; sleep 0.1; done
            $curl --resolve mail.example.com:10993:127.0.0.1 'imaps://mail.example.com:10993/INBOX;MAILINDEX=1'
            $curl --resolve mail.example.com:10995:127.0.0.1 pop3s://mail.example.com:10995/1
            """);
        session.Succeeded();
        Assert.Equal(2, session.Output.Split("Subject: image").Length - 1);
        Assert.Contains("by mail.example.com with ESMTPSA tls TLS_AES_256_GCM_SHA384", session.Output.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);

        (await podman.RunAsync("stop", "--time", "20", "gateway")).Succeeded();
        Assert.Equal("0\n", (await podman.RunAsync("inspect", "--format", "{{.State.ExitCode}}", "gateway")).Output);
    }

    /// <summary>Postfix and Dovecot with the lines that deploy/ has for them, and one user.</summary>
    private const string Servers = """
        set -e
        useradd --create-home --password "$(openssl passwd -6 secret)" alice
        cat > /etc/dovecot/local.conf <<EOF
        protocols = imap pop3
        mail_location = maildir:~/Maildir
        log_path = /dev/stderr
        auth_username_format = %n
        !include /mail/tlsfront.conf
        service imap-login {
          inet_listener imaps {
            port = 0
          }
        }
        service pop3-login {
          inet_listener pop3s {
            port = 0
          }
        }
        service auth {
          unix_listener /var/spool/postfix/private/auth {
            mode = 0666
          }
        }
        EOF
        dovecot
        sed 's/10465/10466/' /mail/master.cf >> /etc/postfix/master.cf
        postconf -e maillog_file=/var/log/mail.log inet_protocols=ipv4 mydestination=example.com,localhost home_mailbox=Maildir/ smtpd_sasl_type=dovecot smtpd_sasl_path=private/auth
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=mail.example.com -addext subjectAltName=DNS:mail.example.com -keyout /mail/certificates/mail.key -out /mail/certificates/mail.crt
        chown -R 10001 /mail/certificates
        postfix start
        touch /mail/ready
        exec sleep infinity
        """;

    private async Task<long> SizeAsync(string image) =>
        long.Parse((await podman.RunAsync("image", "inspect", "--format", "{{.Size}}", image)).Succeeded().Output, CultureInfo.InvariantCulture);
}
