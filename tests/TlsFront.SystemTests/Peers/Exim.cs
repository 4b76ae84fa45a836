using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Peers;

/// <summary>Exim with PROXY headers from the loopback network and AUTH without TLS.</summary>
public sealed class Exim : IAsyncDisposable
{
    /// <summary>Debian-exim in the root.</summary>
    public const int User = 7003;

    /// <summary>A client to which it does not offer CHUNKING.</summary>
    public const string WithoutChunking = "127.0.0.77";

    private readonly Daemon _daemon;
    private readonly string _log;

    private Exim(Daemon daemon, int port, string log) => (_daemon, Port, _log) = (daemon, port, log);

    public int Port { get; }

    /// <summary>What it logged so far.</summary>
    public string Log => File.Exists(_log) ? File.ReadAllText(_log) : string.Join('\n', _daemon.Lines);

    public static async Task<Exim> StartAsync(DebianRoot root, int userCount)
    {
        var port = Ports.Next();
        root.Folder("/srv/exim", User);
        root.Folder("/srv/exim/spool", User);
        root.Folder("/srv/exim/log", User);
        // What a file says of a name may become a path; what a client says may not.
        root.Write("/srv/exim/users", string.Concat(Enumerable.Range(1, userCount).Select(number => $"user{number}: user{number}\n")));
        root.Write("/etc/exim4/tlsfront.conf", Published.Text("exim/tlsfront.conf", (10465, port)));
        // Named with -C on the command line it would cost Exim its privileges, and it could not deliver.
        root.Write("/etc/exim4/exim4.conf", $$$"""
            primary_hostname = exim.{{{DebianRoot.Domain}}}
            spool_directory = /srv/exim/spool
            log_file_path = /srv/exim/log/%slog
            pid_file_path = /srv/exim/exim.pid
            .include /etc/exim4/tlsfront.conf
            keep_environment =
            never_users =
            message_size_limit = 1M
            chunking_advertise_hosts = ! {{{WithoutChunking}}} : *
            acl_smtp_rcpt = recipient

            begin acl
            recipient:
              accept authenticated = *
              deny message = relay not permitted

            begin routers
            local:
              driver = accept
              domains = {{{DebianRoot.Domain}}}
              local_parts = lsearch;/srv/exim/users
              transport = maildir

            begin transports
            maildir:
              driver = appendfile
              directory = /srv/mail/$local_part_data/Maildir
              maildir_format
              user = {{{Ownership.MailUser}}}
              group = {{{Ownership.MailUser}}}

            begin authenticators
            plain:
              driver = plaintext
              public_name = PLAIN
              server_prompts = :
              server_condition = ${if eq{$auth3}{PASSWORD}}
              server_set_id = $auth2

            """.Replace("PASSWORD", DebianRoot.Password, StringComparison.Ordinal));
        return new Exim(await root.StartAsync(port, "/usr/sbin/exim4", "-bdf", "-q1m"), port, root.PathOf("/srv/exim/log/mainlog"));
    }

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();
}
