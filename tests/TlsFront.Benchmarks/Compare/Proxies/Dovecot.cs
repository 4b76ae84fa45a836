namespace TlsFront.Benchmarks.Compare.Proxies;

/// <summary>Dovecot's own login proxy for IMAP, with login processes that stay (its "high-performance mode").</summary>
internal sealed class Dovecot : Proxy
{
    /// <inheritdoc/>
    public override string Name => "Dovecot";

    /// <inheritdoc/>
    public override string Version => $"Dovecot {VersionOf("dovecot", "--version")}";

    /// <inheritdoc/>
    public override bool Serves(Route route) => route is Route.Imap or Route.ImapHeld or Route.ImapStartTls;

    /// <inheritdoc/>
    protected override IEnumerable<string[]> Commands(Lab lab, Cores cores, string folder, IReadOnlyDictionary<Route, int> ports)
    {
        if (ports.Count == 0)
        {
            yield break;
        }

        var certificate = lab.CertificateOf(ports.Keys.First());
        var listeners = ports.Select((port, index) => $$"""
              inet_listener bench{{index}} {
                address = 127.0.0.1
                port = {{port.Value}}
                ssl = {{(port.Key == Route.ImapStartTls ? "no" : "yes")}}
              }
            """);
        var sessions = (2 * lab.MaxSessions) + 1000;
        var configuration = Write(folder, "dovecot.conf", $$"""
            base_dir = {{folder}}/run
            state_dir = {{folder}}
            log_path = {{folder}}/dovecot.log
            protocols = imap
            ssl = yes
            ssl_min_protocol = TLSv1.2
            ssl_cert = <{{certificate.ChainFile}}
            ssl_key = <{{certificate.KeyFile}}
            auth_mechanisms = plain login
            auth_verbose = no
            default_client_limit = {{sessions}}
            passdb {
              driver = static
              args = nopassword=y proxy=y host=127.0.0.1 port={{lab.Backends.PortOf(Route.Imap)}}
            }
            service imap-login {
              service_count = 0
              process_min_avail = {{cores.Workers}}
              process_limit = {{cores.Workers}}
              client_limit = {{sessions}}
              vsz_limit = 0
              inet_listener imap {
                port = 0
              }
              inet_listener imaps {
                port = 0
              }
            {{string.Join('\n', listeners)}}
            }
            service anvil {
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }

            """);
        yield return ["dovecot", "-F", "-c", configuration];
    }
}
