using TlsFront.SystemTests.Certificates;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Backends;

/// <summary>A private Postfix: own configuration, queue and log in one folder, nothing of the machine's own is touched.</summary>
/// <remarks>
/// It delivers <c>userN@example.test</c> into Maildirs and everything else into nothing, which it logs as <c>relay=none</c> by <c>discard</c>.
/// </remarks>
public sealed class Postfix : IAsyncDisposable
{
    /// <summary>The name in the certificate of <see cref="SecurePort"/>.</summary>
    public const string InternalName = "smtp.internal";

    /// <summary>The domain it delivers for.</summary>
    public const string Domain = "example.test";

    private const string Services = """
        pickup    unix  n       -       n       60      1       pickup
        cleanup   unix  n       -       n       -       0       cleanup
        qmgr      unix  n       -       n       300     1       qmgr
        rewrite   unix  -       -       n       -       -       trivial-rewrite
        bounce    unix  -       -       n       -       0       bounce
        defer     unix  -       -       n       -       0       bounce
        trace     unix  -       -       n       -       0       bounce
        tlsmgr    unix  -       -       n       1000?   1       tlsmgr
        proxymap  unix  -       -       n       -       -       proxymap
        error     unix  -       -       n       -       -       error
        retry     unix  -       -       n       -       -       error
        discard   unix  -       -       n       -       -       discard
        virtual   unix  -       n       n       -       -       virtual
        anvil     unix  -       -       n       -       1       anvil
        postlog   unix-dgram n  -       n       -       1       postlogd
        """;

    private readonly string _log;
    private readonly string _program;
    private readonly string[] _arguments;
    private Daemon _master;

    private Postfix(string log, string program, string[] arguments, Daemon master, int submission, int openRelay, int secure, int slow)
    {
        _log = log;
        (_program, _arguments) = (program, arguments);
        _master = master;
        SubmissionPort = submission;
        OpenRelayPort = openRelay;
        SecurePort = secure;
        SlowPort = slow;
        AuthorityFile = Path.Combine(Path.GetDirectoryName(log)!, "etc", "authority.pem");
    }

    /// <summary>As in <c>deploy/postfix</c>: expects a PROXY header (either version), offers AUTH, relays for those who logged in.</summary>
    public int SubmissionPort { get; }

    /// <summary>As <see cref="SubmissionPort"/>, with TLS behind the header.</summary>
    public int SecurePort { get; }

    /// <summary>As <see cref="SubmissionPort"/>, but it greets after two seconds.</summary>
    public int SlowPort { get; }

    /// <summary>Who issued its certificate.</summary>
    public string AuthorityFile { get; }

    /// <summary>
    /// No PROXY header; relays for 127.0.0.0/8 as a legacy server does that trusts its own network. Takes XCLIENT from
    /// <see cref="MailBackends.TrustedAddress"/>.
    /// </summary>
    public int OpenRelayPort { get; }

    /// <summary>What it logged so far.</summary>
    public string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    /// <summary>Starts one.</summary>
    /// <param name="folder">Where it lives; made when it is not there.</param>
    /// <param name="mail">Where Maildirs are, <c>MAIL/USER/Maildir</c>.</param>
    /// <param name="authentication">Dovecot's SASL socket.</param>
    /// <param name="users">Names that have a mailbox.</param>
    /// <param name="services">More of master.cf.</param>
    public static async Task<Postfix> StartAsync(string folder, string mail, string authentication, IEnumerable<string> users, string services = "")
    {
        for (var attempt = 1; ; attempt++)
        {
            var (submission, openRelay, secure, slow) = (Ports.Next(), Ports.Next(), Ports.Next(), Ports.Next());
            var log = Write(folder, mail, authentication, users, submission, openRelay, secure, slow, services);
            var configuration = Path.Combine(folder, "etc");
            (await Command.RunAsync("postfix", ["-c", configuration, "check"])).Succeeded();
            var directory = (await Command.RunAsync("postconf", ["-c", configuration, "-h", "daemon_directory"])).Succeeded().Output.Trim();
            var program = Path.Combine(directory, "master");
            string[] arguments = ["-c", configuration, "-s"];
            var master = await Daemon.StartAsync(program, arguments);
            await Eventually.TrueAsync("Postfix listens", async () => master.HasExited || await Ports.IsOpenAsync(openRelay));
            var postfix = new Postfix(log, program, arguments, master, submission, openRelay, secure, slow);
            if (!master.HasExited)
            {
                return postfix;
            }

            await master.DisposeAsync();
            Assert.True(attempt < 3, $"Postfix does not start:\n{postfix.Log}");
        }
    }

    /// <summary>Ends it as a crash would.</summary>
    public async Task KillAsync()
    {
        _master.Signal(UnixSignal.Kill);
        await _master.ExitAsync();
        await Eventually.TrueAsync("Postfix is gone", async () => !await Ports.IsOpenAsync(SubmissionPort));
    }

    /// <summary>Starts it again after <see cref="KillAsync"/>, on the same ports.</summary>
    public async Task StartAgainAsync()
    {
        await _master.DisposeAsync();
        _master = await Daemon.StartAsync(_program, _arguments);
        await Eventually.TrueAsync("Postfix listens again", async () => await Ports.IsOpenAsync(OpenRelayPort));
    }

    /// <summary>Hangs it, its workers included: the kernel goes on accepting connections for it.</summary>
    public void Stop() => _master.SignalGroup(UnixSignal.Stop);

    /// <summary>Ends that.</summary>
    public void Continue() => _master.SignalGroup(UnixSignal.Continue);

    public ValueTask DisposeAsync() => _master.DisposeAsync();

    private static string Write(
        string folder, string mail, string authentication, IEnumerable<string> users, int submission, int openRelay, int secure, int slow,
        string services)
    {
        var etc = Directory.CreateDirectory(Path.Combine(folder, "etc")).FullName;
        var queue = Directory.CreateDirectory(Path.Combine(folder, "queue")).FullName;
        var data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        var log = Path.Combine(folder, "mail.log");
        Ownership.Give(data, "postfix");
        using var authority = new TestAuthority();
        var certificate = authority.Issue(KeyKind.Rsa, InternalName);
        File.WriteAllText(Path.Combine(etc, "authority.pem"), authority.Pem);
        File.WriteAllText(Path.Combine(etc, "smtp.pem"), certificate.Key + certificate.Chain);
        File.WriteAllLines(Path.Combine(etc, "mailboxes"), users.Select(user => $"{user}@{Domain} {user}/Maildir/"));
        File.WriteAllText(Path.Combine(etc, "main.cf"), $"""
            compatibility_level = 3.6
            queue_directory = {queue}
            data_directory = {data}
            maillog_file = {log}
            maillog_file_prefixes = {folder}
            myhostname = postfix.{Domain}
            smtpd_banner = $myhostname ESMTP {Path.GetFileName(folder)}
            mydestination =
            mynetworks = 203.0.113.0/24
            inet_interfaces = loopback-only
            inet_protocols = ipv4
            alias_maps =
            alias_database =
            local_recipient_maps =
            virtual_mailbox_domains = {Domain}
            virtual_mailbox_base = {mail}
            virtual_mailbox_maps = texthash:{etc}/mailboxes
            virtual_mailbox_limit = 0
            virtual_uid_maps = static:{Ownership.MailUser}
            virtual_gid_maps = static:{Ownership.MailUser}
            default_transport = discard
            message_size_limit = 30000000
            smtputf8_enable = yes
            smtpd_sasl_type = dovecot
            smtpd_sasl_path = {authentication}
            smtpd_relay_restrictions = permit_sasl_authenticated, reject
            local_header_rewrite_clients =
            smtpd_client_connection_count_limit = 0
            smtpd_client_connection_rate_limit = 0
            default_process_limit = 300
            """ + "\n");
        File.WriteAllText(Path.Combine(etc, "master.cf"), $"""
            {Published.Text("postfix/master.cf", (10465, submission))}
            127.0.0.1:{secure} inet n - n - - smtpd
              -o smtpd_upstream_proxy_protocol=haproxy
              -o smtpd_sasl_auth_enable=yes
              -o smtpd_tls_wrappermode=yes
              -o smtpd_tls_chain_files={etc}/smtp.pem
              -o smtpd_tls_loglevel=1
            127.0.0.1:{slow} inet n - n - - smtpd
              -o smtpd_upstream_proxy_protocol=haproxy
              -o smtpd_sasl_auth_enable=yes
              -o smtpd_delay_reject=no
              -o smtpd_client_restrictions=sleep,2,permit
            127.0.0.1:{openRelay} inet n - n - - smtpd
              -o smtpd_sasl_auth_enable=yes
              -o mynetworks=127.0.0.0/8
              -o smtpd_authorized_xclient_hosts={MailBackends.TrustedAddress}
              -o smtpd_relay_restrictions=permit_mynetworks,permit_sasl_authenticated,reject

            """ + services + Services + "\n");
        return log;
    }
}
