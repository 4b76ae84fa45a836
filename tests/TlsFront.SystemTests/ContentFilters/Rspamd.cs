using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.ContentFilters;

/// <summary>Debian's rspamd with its own rules, as a milter and for rspamc, with what <c>deploy/rspamd</c> says to set.</summary>
public sealed class Rspamd : IAsyncDisposable
{
    /// <summary>It compiles its expressions first, which takes seconds on an idle processor.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();
    private Daemon? _process;
    private int _scanner;

    private Rspamd()
    {
    }

    /// <summary>Port on 127.0.0.1 for Postfix's <c>smtpd_milters</c>.</summary>
    public int Milter { get; private set; }

    private string LogFile => _folder.PathOf("rspamd.log");

    /// <summary>Starts one.</summary>
    public static async Task<Rspamd> StartAsync()
    {
        var filter = new Rspamd();
        try
        {
            await filter.RunAsync();
            return filter;
        }
        catch
        {
            await filter.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it logged of a message that came by the milter, with the symbols of all its rules.</summary>
    public Task<string> VerdictAsync(string messageId) => Eventually.GetAsync($"rspamd's verdict on {messageId}", () =>
        File.ReadAllLines(LogFile).FirstOrDefault(line =>
            line.Contains("rspamd_task_write_log", StringComparison.Ordinal) && line.Contains($"id: <{messageId}>", StringComparison.Ordinal)));

    /// <summary>The symbols of a message that comes from a file.</summary>
    public async Task<string> ScanAsync(string message, params IEnumerable<string> arguments) =>
        (await Command.RunAsync("rspamc", ["-h", $"127.0.0.1:{_scanner}", .. arguments], message)).Succeeded().Output;

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task RunAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            (Milter, _scanner) = (Ports.Next(), Ports.Next());
            Configure();
            _process = await Daemon.StartAsync("rspamd", [
                "-f", "-u", "_rspamd", "-g", "_rspamd", "-c", "/etc/rspamd/rspamd.conf",
                .. ((string[])["LOCAL_CONFDIR", "DBDIR", "RUNDIR", "LOGDIR"]).Select(variable => $"--var={variable}={_folder.Path}")]);
            await Eventually.TrueAsync(
                "rspamd listens",
                async () => _process.HasExited || (await Ports.IsOpenAsync(Milter) && await Ports.IsOpenAsync(_scanner)),
                Patience);
            if (!_process.HasExited)
            {
                return;
            }

            await _process.ExitAsync();
            Assert.True(attempt < 3, $"rspamd does not start:\n{string.Join('\n', _process.Lines)}\n{File.ReadAllText(LogFile)}");
            await _process.DisposeAsync();
        }
    }

    /// <summary>Its own files, with other ports and folders, nobody to ask by DNS, and no list of all domains to compile.</summary>
    private void Configure()
    {
        Ownership.Give(_folder.Path, "_rspamd");
        Write("domains", "com\nnet\norg\ntest\n");
        Write("local.d/options.inc", $$"""
            url_tld = "{{_folder.PathOf("domains")}}";
            dns { nameserver = ["127.0.0.1:1"]; timeout = 0.1s; retransmits = 1; }
            """);
        Write("local.d/logging.inc", $"""
            type = "file";
            filename = "{LogFile}";
            level = "info";
            """);
        Write("local.d/worker-proxy.inc", $$"""
            bind_socket = "127.0.0.1:{{Milter}}";
            count = 1;
            milter = yes;
            timeout = 20s;
            upstream "local" { default = yes; self_scan = yes; }
            """);
        Write("local.d/worker-normal.inc", $"""
            bind_socket = "127.0.0.1:{_scanner}";
            count = 1;
            """);
        Write("local.d/worker-controller.inc", "enabled = false;");
        Write("local.d/settings.conf", Published.Text("rspamd/settings.conf"));
    }

    private void Write(string file, string text) => File.WriteAllText(_folder.PathOf(file.Split('/')), text + "\n");
}
