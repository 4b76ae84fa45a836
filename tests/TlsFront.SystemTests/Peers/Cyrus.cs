using System.Globalization;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Peers;

/// <summary>Cyrus 3.6, which knows no PROXY protocol yet: in clear with logins allowed as over TLS (<c>-p</c>), and over TLS.</summary>
public sealed class Cyrus : IAsyncDisposable
{
    /// <summary>cyrus in the root.</summary>
    private const int User = 7004;

    private const string Configuration = "/srv/cyrus/imapd.conf";

    private readonly Daemon _master;

    private Cyrus(Daemon master, int first) => (_master, ImapPort) = (master, first);

    /// <summary>IMAP in clear.</summary>
    public int ImapPort { get; }

    /// <summary>POP3 in clear.</summary>
    public int Pop3Port => ImapPort + 1;

    /// <summary>IMAP over TLS.</summary>
    public int ImapsPort => ImapPort + 2;

    /// <summary>POP3 over TLS.</summary>
    public int Pop3sPort => ImapPort + 3;

    public static async Task<Cyrus> StartAsync(DebianRoot root, int userCount)
    {
        var first = Ports.NextBase(0, 1, 2, 3);
        var master = await StartAsync(
            root,
            first,
            [
                Published.Text("cyrus/cyrus.conf", (10143, first), (10110, first + 1)),
                $"imaps cmd=\"imapd -s\" listen=\"127.0.0.1:{first + 2}\"",
                $"pop3s cmd=\"pop3d -s\" listen=\"127.0.0.1:{first + 3}\"",
            ],
            [],
            userCount);
        return new Cyrus(master, first);
    }

    /// <summary>Starts one with these services, lines of cyrus.conf, and options of imapd.conf; one of them is on <paramref name="port"/>.</summary>
    public static async Task<Daemon> StartAsync(
        DebianRoot root, int port, IEnumerable<string> services, IEnumerable<string> options, int userCount = 0)
    {
        root.Write(Configuration, $"""
            configdirectory: /srv/cyrus/lib
            partition-default: /srv/cyrus/spool
            servername: cyrus.{DebianRoot.Domain}
            autocreate_quota: 0
            sasl_pwcheck_method: auxprop
            sasl_auxprop_plugin: sasldb
            sasl_sasldb_path: /srv/cyrus/sasldb2
            sasl_mech_list: PLAIN
            tls_server_cert: {DebianRoot.CertificateInside}
            tls_server_key: /srv/cyrus/server.key
            {string.Join('\n', options)}

            """);
        // Its own imapd.conf is not where the services look for it.
        root.Write("/srv/cyrus/cyrus.conf", $$"""
            START {
              recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -C {{Configuration}} -r"
            }
            SERVICES {
            {{string.Join('\n', services).Replace("cmd=\"imapd", $"cmd=\"imapd -C {Configuration}", StringComparison.Ordinal).Replace("cmd=\"pop3d", $"cmd=\"pop3d -C {Configuration}", StringComparison.Ordinal)}}
            }
            EVENTS {
            }

            """);
        root.Write("/srv/cyrus/server.key", File.ReadAllText(root.PathOf(DebianRoot.KeyInside)));
        foreach (
            var folder in (string[])
            [
                "", "/spool", "/lib", "/lib/socket", "/lib/proc", "/lib/db", "/lib/user", "/lib/log", "/lib/msg", "/lib/quota", "/lib/lock"
            ])
        {
            root.Folder("/srv/cyrus" + folder, User);
        }

        for (var number = 1; number <= userCount; number++)
        {
            (await root.RunAsync(
                "/usr/sbin/saslpasswd2",
                [
                    "-p", "-c", "-f", "/srv/cyrus/sasldb2", "-u", $"cyrus.{DebianRoot.Domain}",
                    string.Create(CultureInfo.InvariantCulture, $"user{number}"),
                ],
                DebianRoot.Password))
                .Succeeded();
        }

        if (userCount > 0)
        {
            Ownership.Give(root.PathOf("/srv/cyrus/sasldb2"), User);
        }

        return await root.StartAsync(
            port, "/usr/lib/cyrus/bin/master", "-D", "-C", Configuration, "-M", "/srv/cyrus/cyrus.conf", "-p", "/srv/cyrus/master.pid");
    }

    public ValueTask DisposeAsync() => _master.DisposeAsync();
}
