using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Peers.Patients;

/// <summary>An Exim of its own, whose main section has the options of <c>deploy/exim</c> but for those given; PORT is its port there.</summary>
internal sealed class EximPatient(string name, string finding, IEnumerable<string> options, params IEnumerable<string> settings)
    : Patient(name, "smtp", Ports.Next(), finding, ["kind: exim", .. settings])
{
    private readonly Dictionary<string, string> _options = options
        .Prepend("tls_advertise_hosts =").Prepend("hosts_proxy = 127.0.0.0/8")
        .GroupBy(Key).ToDictionary(static group => group.Key, static group => group.Last());

    /// <summary>Starts it as it is configured now.</summary>
    public Task<Daemon> StartAsync(DebianRoot root)
    {
        root.Folder("/srv/exim", Exim.User);
        root.Folder("/srv/exim/spool", Exim.User);
        root.Folder("/srv/exim/log", Exim.User);
        root.Write(EximCertificate, File.ReadAllText(root.PathOf(DebianRoot.CertificateInside)));
        root.Write(EximKey, File.ReadAllText(root.PathOf(DebianRoot.KeyInside)));
        root.Write($"/etc/exim4/{Name}.conf", $$$"""
            primary_hostname = exim.{{{DebianRoot.Domain}}}
            spool_directory = /srv/exim/spool
            log_file_path = /srv/exim/log/%slog
            pid_file_path = /srv/exim/{{{Name}}}.pid
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = {{{Port}}}
            keep_environment =
            acl_smtp_rcpt = recipient
            {{{string.Join('\n', _options.Values).Replace("PORT", $"{Port}", StringComparison.Ordinal)}}}

            begin acl
            recipient:
              accept authenticated = *
              deny message = relay not permitted

            begin authenticators
            plain:
              driver = plaintext
              public_name = PLAIN
              server_prompts = :
              server_condition = false
              server_set_id = $auth2

            """);
        return root.StartAsync(Port, "/usr/sbin/exim4", "-C", $"/etc/exim4/{Name}.conf", "-bdf");
    }

    /// <summary>Its certificate and key, readable by it.</summary>
    public static string EximCertificate => "/srv/exim/server.pem";

    /// <inheritdoc cref="EximCertificate"/>
    public static string EximKey => "/srv/exim/server.key";

    protected override void Write(string where, IReadOnlyList<string> lines)
    {
        Assert.StartsWith("Exim's main configuration", where[where.IndexOf("Exim", StringComparison.Ordinal)..], StringComparison.Ordinal);
        foreach (var line in lines)
        {
            _options[Key(line)] = line.Replace("FILE", Key(line) == "tls_privatekey" ? EximKey : EximCertificate, StringComparison.Ordinal);
        }
    }

    private static string Key(string option) => option.Split('=')[0].Trim();
}
