using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.LoadBalancers;

/// <summary>HAProxy in TCP mode before a gateway's ports: it relays TLS unread and announces its clients.</summary>
public sealed class HaProxy : IAsyncDisposable
{
    /// <summary>Where its connections to the gateway come from.</summary>
    public const string Address = "127.0.0.99";

    private readonly TemporaryFolder _folder = new();
    private Daemon? _process;

    private HaProxy()
    {
    }

    /// <summary>Its port for the gateway's 465.</summary>
    public int Smtp { get; private set; }

    /// <summary>Its port for the gateway's 993.</summary>
    public int Imap { get; private set; }

    /// <summary>Starts one.</summary>
    /// <param name="smtp">The gateway's port.</param>
    /// <param name="imap">The gateway's port.</param>
    /// <param name="announcement">How it announces clients: <c>send-proxy</c> and the like.</param>
    public static async Task<HaProxy> StartAsync(int smtp, int imap, string announcement)
    {
        var proxy = new HaProxy();
        try
        {
            await proxy.RunAsync(smtp, imap, announcement);
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

    private async Task RunAsync(int smtp, int imap, string announcement)
    {
        for (var attempt = 1; ; attempt++)
        {
            (Smtp, Imap) = (Ports.Next(), Ports.Next());
            var file = _folder.PathOf("haproxy.cfg");
            File.WriteAllText(file, Configuration(smtp, imap, announcement));
            _process = await Daemon.StartAsync("haproxy", ["-db", "-f", file]);
            await Eventually.TrueAsync(
                "HAProxy listens", async () => _process.HasExited || (await Ports.IsOpenAsync(Smtp) && await Ports.IsOpenAsync(Imap)));
            if (!_process.HasExited)
            {
                return;
            }

            await _process.ExitAsync();
            Assert.True(attempt < 3, $"HAProxy does not start:\n{string.Join('\n', _process.Lines)}");
            await _process.DisposeAsync();
        }
    }

    private string Configuration(int smtp, int imap, string announcement) => $"""
        defaults
          mode tcp
          timeout connect 10s
          timeout client 60s
          timeout server 60s
          unique-id-format lb-%ci-%cp

        listen smtp
          bind 127.0.0.1:{Smtp}
          server gateway 127.0.0.1:{smtp} source {Address} {announcement}

        listen imap
          bind 127.0.0.1:{Imap}
          server gateway 127.0.0.1:{imap} source {Address} {announcement}

        """;
}
