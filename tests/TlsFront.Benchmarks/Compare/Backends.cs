using TlsFront.Benchmarks.Load.Clients;

namespace TlsFront.Benchmarks.Compare;

/// <summary>The servers behind the proxies: nginx for HTTP (and for the logins of nginx's mail proxy), our own for the rest.</summary>
internal sealed class Backends : IDisposable
{
    /// <summary>Octets of a bulk download.</summary>
    public const int BulkLength = 10 * 1024 * 1024;

    private readonly Dictionary<Route, int> _ports;
    private readonly ChildProcess _nginx;
    private readonly ChildProcess _sinks;

    public Backends(string folder, string cores, int maxSessions)
    {
        var http = FreePorts.Take();
        var imap = FreePorts.Take();
        var smtp = FreePorts.Take();
        _ports = new()
        {
            [Route.Http] = http,
            [Route.HttpRsa] = http,
            [Route.Upload] = FreePorts.Take(),
            [Route.Smtp] = smtp,
            [Route.SmtpHeld] = smtp,
            [Route.Imap] = imap,
            [Route.ImapHeld] = imap,
            [Route.ImapStartTls] = imap,
        };
        File.WriteAllBytes(Path.Combine(folder, "bulk"), new byte[BulkLength]);
        var configuration = Path.Combine(folder, "backend.conf");
        File.WriteAllText(configuration, Configuration(folder, http, maxSessions));
        _nginx = ChildProcess.Start(
            cores, Path.Combine(folder, "backend.log"), "nginx", "-e", Path.Combine(folder, "backend.error.log"), "-p", folder, "-c", configuration);
        _sinks = ChildProcess.Start(cores, Path.Combine(folder, "sinks.log"), [.. LoadGenerator.Command, "serve",
            "--upload", $"{PortOf(Route.Upload)}", "--smtp", $"{PortOf(Route.Smtp)}", "--imap", $"{PortOf(Route.Imap)}"]);
    }

    /// <summary>Where a route leads to.</summary>
    public int PortOf(Route route) => _ports[route];

    /// <summary>Where nginx's mail proxy asks who may log in.</summary>
    public string LoginUrl => $"127.0.0.1:{PortOf(Route.Http)}/login";

    /// <summary>Waits until all of them answer.</summary>
    public void WaitUntilReady()
    {
        foreach (var port in _ports.Values)
        {
            Readiness.Wait(port, [_nginx, _sinks], "a backend");
        }
    }

    public void Dispose()
    {
        _nginx.Dispose();
        _sinks.Dispose();
    }

    private string Configuration(string folder, int http, int maxSessions) => $$"""
        daemon off;
        worker_processes 1;
        worker_rlimit_nofile {{maxSessions + 1000}};
        pid {{folder}}/backend.pid;
        events { worker_connections {{maxSessions + 500}}; }
        http {
            access_log off;
            sendfile on;
            tcp_nopush on;
            keepalive_timeout 1h;
            keepalive_requests 1000000000;
            client_body_temp_path {{folder}}/t1; proxy_temp_path {{folder}}/t2; fastcgi_temp_path {{folder}}/t3; uwsgi_temp_path {{folder}}/t4; scgi_temp_path {{folder}}/t5;
            map $http_auth_protocol $mail_port { smtp {{PortOf(Route.Smtp)}}; imap {{PortOf(Route.Imap)}}; }
            server {
                listen 127.0.0.1:{{http}} backlog=4096;
                location = /small { default_type text/plain; return 200 {{new string('x', HttpRequest.BodyLength)}}; }
                location = /bulk { root {{folder}}; }
                location = /login {
                    add_header Auth-Status OK;
                    add_header Auth-Server 127.0.0.1;
                    add_header Auth-Port $mail_port;
                    return 200;
                }
            }
        }

        """;
}
