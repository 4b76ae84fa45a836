namespace TlsFront.Benchmarks.Compare.Proxies;

/// <summary>nginx: its mail proxy for SMTP and IMAP, which logs in at the backend itself, and its stream proxy for the rest.</summary>
internal sealed class Nginx : Proxy
{
    private static readonly string[] Modules = ["ngx_stream_module", "ngx_mail_module"];

    /// <inheritdoc/>
    public override string Name => "nginx";

    /// <inheritdoc/>
    public override string Version => VersionOf("nginx", "-v");

    /// <inheritdoc/>
    protected override IEnumerable<string[]> Commands(Lab lab, Cores cores, string folder, IReadOnlyDictionary<Route, int> ports)
    {
        var streams = ports.Where(port => !IsMail(port.Key)).Select(port =>
            $"server {{ {Listen(port, cores)} {Tls(lab.CertificateOf(port.Key))} proxy_pass 127.0.0.1:{lab.Backends.PortOf(port.Key)}; "
            + $"proxy_timeout 1h; }}");
        var mails = ports.Where(port => IsMail(port.Key)).Select(port =>
            $"server {{ {Listen(port, cores)} {Tls(lab.CertificateOf(port.Key))} {Mail(port.Key)} }}");
        var configuration = Write(folder, "nginx.conf", $$"""
            daemon off;
            worker_processes {{cores.Workers}};
            worker_rlimit_nofile {{(2 * lab.MaxSessions) + 1000}};
            pid {{folder}}/nginx.pid;
            {{string.Join('\n', Modules.Select(LoadModule))}}
            events { worker_connections {{(2 * lab.MaxSessions) + 500}}; }
            stream {
                {{string.Join("\n    ", streams)}}
            }
            mail {
                server_name front.bench.test;
                auth_http {{lab.Backends.LoginUrl}};
                {{string.Join("\n    ", mails)}}
            }

            """);
        yield return ["nginx", "-e", Path.Combine(folder, "error.log"), "-p", folder, "-c", configuration];
    }

    // Debian builds them as modules, others into the program.
    private static string LoadModule(string name) =>
        File.Exists($"/usr/lib/nginx/modules/{name}.so") ? $"load_module /usr/lib/nginx/modules/{name}.so;" : "";

    private static bool IsMail(Route route) => route is Route.Smtp or Route.SmtpHeld or Route.Imap or Route.ImapHeld or Route.ImapStartTls;

    private static string Listen(KeyValuePair<Route, int> port, Cores cores) =>
        $"listen 127.0.0.1:{port.Value}{(port.Key == Route.ImapStartTls ? "" : " ssl")} backlog=4096{(cores.Workers > 1 ? " reuseport" : "")};"
        + (port.Key == Route.ImapStartTls ? " starttls on;" : "");

    private static string Tls(Certificate certificate) =>
        $"ssl_certificate {certificate.ChainFile}; ssl_certificate_key {certificate.KeyFile}; ssl_protocols TLSv1.2 TLSv1.3;";

    private static string Mail(Route route) => route is Route.Smtp or Route.SmtpHeld
        ? "protocol smtp; smtp_auth plain; proxy_smtp_auth on; xclient off; timeout 1h; proxy_timeout 1h;"
        : "protocol imap; timeout 1h; proxy_timeout 1h;";
}
