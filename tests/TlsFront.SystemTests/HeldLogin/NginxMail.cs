using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.HeldLogin;

/// <summary>nginx's mail proxy for IMAP with TLS, which asks a service where users belong.</summary>
public sealed class NginxMail : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private Daemon? _process;

    private NginxMail()
    {
    }

    /// <summary>Its port.</summary>
    public int Port { get; private set; }

    /// <summary>Starts one.</summary>
    /// <param name="service">Port of the service.</param>
    /// <param name="certificate">The folder of its certificate, certbot's names.</param>
    public static async Task<NginxMail> StartAsync(int service, string certificate)
    {
        var proxy = new NginxMail();
        for (var attempt = 1; ; attempt++)
        {
            proxy.Port = Ports.Next();
            var file = proxy._folder.PathOf("nginx.conf");
            File.WriteAllText(file, proxy.Configuration(service, certificate));
            var process = await Daemon.StartAsync("nginx", ["-c", file, "-e", "stderr"]);
            await Eventually.TrueAsync("nginx listens", async () => process.HasExited || await Ports.IsOpenAsync(proxy.Port));
            if (!process.HasExited)
            {
                proxy._process = process;
                return proxy;
            }

            await process.DisposeAsync();
            Assert.True(attempt < 3, $"nginx does not start:\n{string.Join('\n', process.Lines)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private string Configuration(int service, string certificate) => $$"""
        load_module /usr/lib/nginx/modules/ngx_mail_module.so;
        daemon off;
        master_process off;
        pid {{_folder.PathOf("nginx.pid")}};
        error_log stderr;
        events { }
        mail {
          server_name mail.example.test;
          auth_http 127.0.0.1:{{service}}/auth;
          proxy_pass_error_message on;
          server {
            listen 127.0.0.1:{{Port}} ssl;
            protocol imap;
            imap_auth plain login;
            ssl_protocols TLSv1.3;
            ssl_certificate {{certificate}}/fullchain.pem;
            ssl_certificate_key {{certificate}}/privkey.pem;
          }
        }

        """;
}
