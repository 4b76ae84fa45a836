using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.LoadBalancers;

/// <summary>
/// nginx's stream proxy before a gateway's port, itself behind a balancer that announces clients: it takes their addresses over and announces them
/// in version 1, with the address of its own listener behind them, whatever family that has.
/// </summary>
public sealed class Nginx : IAsyncDisposable
{
    /// <summary>Where its connections to the gateway come from.</summary>
    public const string Address = "127.0.0.98";

    private readonly TemporaryFolder _folder = new();
    private Daemon? _process;

    private Nginx()
    {
    }

    /// <summary>Its port.</summary>
    public int Port { get; private set; }

    /// <summary>Starts one before a <paramref name="port"/> of the gateway.</summary>
    public static async Task<Nginx> StartAsync(int port)
    {
        var proxy = new Nginx();
        try
        {
            await proxy.RunAsync(port);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
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

    private async Task RunAsync(int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = Ports.Next();
            var file = _folder.PathOf("nginx.conf");
            File.WriteAllText(file, Configuration(port));
            _process = await Daemon.StartAsync("nginx", ["-c", file, "-e", "stderr"]);
            await Eventually.TrueAsync("nginx listens", async () => _process.HasExited || await Ports.IsOpenAsync(Port));
            if (!_process.HasExited)
            {
                return;
            }

            await _process.ExitAsync();
            Assert.True(attempt < 3, $"nginx does not start:\n{string.Join('\n', _process.Lines)}");
            await _process.DisposeAsync();
        }
    }

    private string Configuration(int port) => $$"""
        load_module /usr/lib/nginx/modules/ngx_stream_module.so;
        daemon off;
        master_process off;
        pid {{_folder.PathOf("nginx.pid")}};
        error_log stderr;
        events { }
        stream {
          server {
            listen 127.0.0.1:{{Port}} proxy_protocol;
            set_real_ip_from 127.0.0.0/8;
            proxy_bind {{Address}};
            proxy_pass 127.0.0.1:{{port}};
            proxy_protocol on;
          }
        }

        """;
}
