using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Backends;

/// <summary>
/// A private Dovecot with the IMAP, POP3 and ManageSieve listeners of <c>deploy/dovecot</c>, which expect PROXY headers,
/// and that answers Postfix's SASL questions.
/// </summary>
/// <remarks>Every user exists and has <see cref="Password"/>. Plaintext logins are refused unless the header says that the client used TLS.</remarks>
public sealed class Dovecot : IAsyncDisposable
{
    /// <summary>Everybody's password.</summary>
    public const string Password = "correct-horse";

    /// <summary>Settings of one that believes a gateway which let somebody in without TLS.</summary>
    public const string TakesCleartext = """
        remote 127.0.0.0/8 {
          disable_plaintext_auth = no
        }
        """;

    private readonly string _log;
    private readonly string _configuration;
    private Daemon _master;

    private Dovecot(string folder, Daemon master, int imap, int pop3, int plainImap, int plainPop3)
    {
        _log = Path.Combine(folder, "dovecot.log");
        _configuration = Path.Combine(folder, "dovecot.conf");
        _master = master;
        AuthenticationSocket = SocketIn(folder);
        ImapPort = imap;
        Pop3Port = pop3;
        (PlainImapPort, PlainPop3Port) = (plainImap, plainPop3);
    }

    public int ImapPort { get; }

    public int Pop3Port { get; }

    /// <summary>IMAP without a PROXY header; ID and XCLIENT are taken from <see cref="MailBackends.TrustedAddress"/>.</summary>
    public int PlainImapPort { get; }

    /// <summary>POP3 alike.</summary>
    public int PlainPop3Port { get; }

    /// <summary>ManageSieve, with a PROXY header like the first two.</summary>
    public int SievePort { get; private init; }

    /// <summary>Where Postfix asks.</summary>
    public string AuthenticationSocket { get; }

    /// <summary>What it logged so far.</summary>
    public string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    /// <summary>Starts one.</summary>
    /// <param name="folder">Where it lives; made when it is not there.</param>
    /// <param name="mail">Where Maildirs are, <c>MAIL/USER/Maildir</c>.</param>
    /// <param name="mechanisms">The SASL mechanisms it offers.</param>
    /// <param name="settings">More of dovecot.conf, before the rest.</param>
    public static async Task<Dovecot> StartAsync(string folder, string mail, string mechanisms = "plain login", string settings = "")
    {
        Directory.CreateDirectory(folder);
        for (var attempt = 1; ; attempt++)
        {
            var (imap, pop3, plainImap, plainPop3) = (Ports.Next(), Ports.Next(), Ports.Next(), Ports.Next());
            var sieve = Ports.Next();
            var configuration = Path.Combine(folder, "dovecot.conf");
            File.WriteAllText(configuration, settings + '\n' + Configuration(folder, mail, mechanisms, plainImap, plainPop3));
            File.WriteAllText(Path.Combine(folder, "tlsfront.conf"), Published.Text("dovecot/tlsfront-2.3.conf", (10143, imap), (10110, pop3)));
            File.WriteAllText(Path.Combine(folder, "managesieve.conf"), Published.Text("dovecot/managesieve-2.3.conf", (14190, sieve)));
            var master = await Daemon.StartAsync("dovecot", ["-F", "-c", configuration]);
            await Eventually.TrueAsync("Dovecot listens", async () => master.HasExited || await Ports.IsOpenAsync(imap));
            var dovecot = new Dovecot(folder, master, imap, pop3, plainImap, plainPop3) { SievePort = sieve };
            if (!master.HasExited)
            {
                return dovecot;
            }

            await master.DisposeAsync();
            Assert.True(attempt < 3, $"Dovecot does not start:\n{dovecot.Log}\n{string.Join('\n', master.Lines)}");
        }
    }

    /// <summary>Ends it as a crash would.</summary>
    public async Task KillAsync()
    {
        _master.Signal(UnixSignal.Kill);
        await _master.ExitAsync();
        await Eventually.TrueAsync("Dovecot is gone", async () => !await Ports.IsOpenAsync(ImapPort));
    }

    /// <summary>Starts it again after <see cref="KillAsync"/>, on the same ports.</summary>
    public async Task StartAgainAsync()
    {
        await _master.DisposeAsync();
        _master = await Daemon.StartAsync("dovecot", ["-F", "-c", _configuration]);
        await Eventually.TrueAsync("Dovecot listens again", async () => await Ports.IsOpenAsync(ImapPort));
    }

    /// <summary>Hangs it, its workers included: the kernel goes on accepting connections for it.</summary>
    public void Stop() => _master.SignalGroup(UnixSignal.Stop);

    /// <summary>Ends that.</summary>
    public void Continue() => _master.SignalGroup(UnixSignal.Continue);

    public ValueTask DisposeAsync() => _master.DisposeAsync();

    private static string SocketIn(string folder) => Path.Combine(folder, "run", "auth-postfix");

    private static string Configuration(string folder, string mail, string mechanisms, int plainImap, int plainPop3) => $$"""
        base_dir = {{folder}}/run
        state_dir = {{folder}}
        log_path = {{folder}}/dovecot.log
        protocols = imap pop3 sieve
        listen = 127.0.0.1
        login_greeting = {{Path.GetFileName(folder)}} ready.
        ssl = no
        disable_plaintext_auth = yes
        login_trusted_networks = {{MailBackends.TrustedAddress}}
        auth_mechanisms = {{mechanisms}}
        auth_failure_delay = 0
        first_valid_uid = 1
        mail_location = maildir:~/Maildir
        passdb {
          driver = static
          args = password={{Password}}
        }
        userdb {
          driver = static
          args = uid={{Ownership.MailUser}} gid={{Ownership.MailUser}} home={{mail}}/%n
        }
        protocol imap {
          mail_plugins = zlib imap_zlib
          mail_max_userip_connections = 500
        }
        # Processes that stay: one for each connection would have the processors busy with starting them when a crowd comes back.
        service imap-login {
          process_limit = 300
          service_count = 0
          client_limit = 1000
          inet_listener imap {
            port = {{plainImap}}
          }
          inet_listener imaps {
            port = 0
          }
        }
        service pop3-login {
          process_limit = 300
          inet_listener pop3 {
            port = {{plainPop3}}
          }
          inet_listener pop3s {
            port = 0
          }
        }
        service managesieve-login {
          inet_listener sieve {
            port = 0
          }
        }
        service auth {
          unix_listener auth-postfix {
            mode = 0666
          }
        }
        service anvil {
          unix_listener anvil-auth-penalty {
            mode = 0
          }
        }
        !include tlsfront.conf
        !include managesieve.conf

        """;
}
