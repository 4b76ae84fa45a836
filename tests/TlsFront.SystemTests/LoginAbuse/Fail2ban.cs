using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.LoginAbuse;

/// <summary>A real fail2ban with Debian's configuration, and what <c>deploy/fail2ban</c> adds to it.</summary>
internal sealed class Fail2ban : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private Daemon? _server;

    public Fail2ban()
    {
        Configuration = _folder.PathOf("etc");
        LogFile = _folder.PathOf("tlsfront.log");
        DenyFile = _folder.PathOf("tlsfront.deny");
    }

    /// <summary>The log that it reads.</summary>
    public string LogFile { get; }

    /// <summary>The list that its action writes.</summary>
    public string DenyFile { get; }

    /// <summary>What it said.</summary>
    public string Log => _server is null ? "" : string.Join('\n', _server.Lines);

    private string Configuration { get; }

    private string Socket => _folder.PathOf("socket");

    /// <summary>Copies the configuration as README says, and makes the files that must be there.</summary>
    public async Task PrepareAsync()
    {
        (await Command.RunAsync("cp", ["-rL", "/etc/fail2ban", Configuration])).Succeeded();
        foreach (var file in (string[])["filter.d/tlsfront.conf", "jail.d/tlsfront.conf", "action.d/tlsfront-deny.conf"])
        {
            await File.WriteAllTextAsync(Path.Combine(Configuration, file), Published.Text($"fail2ban/{file}"));
        }

        // Debian's jail wants the log of an SSH server.
        File.Delete(Path.Combine(Configuration, "jail.d/defaults-debian.conf"));
        await File.WriteAllTextAsync(Path.Combine(Configuration, "fail2ban.local"), "[Definition]\ndbfile = None\nlogtarget = STDOUT\n");
        await File.WriteAllTextAsync(
            Path.Combine(Configuration, "jail.local"),
            $"[tlsfront]\nbackend = polling\nlogpath = {LogFile}\nmaxretry = 3\nignoreself = false\naction = tlsfront-deny[file={DenyFile}]\n");
        await File.WriteAllTextAsync(LogFile, "");
        await File.WriteAllTextAsync(DenyFile, "");
    }

    /// <summary>Starts the server and waits until its jail reads the log.</summary>
    public async Task StartAsync()
    {
        _server = await Daemon.StartAsync("fail2ban-server", ["-f", "-c", Configuration, "-s", Socket, "-p", _folder.PathOf("pid"), "start"]);
        await Eventually.LoggedAsync("Jail 'tlsfront' started", () => Log);
    }

    /// <summary>Asks the server for something.</summary>
    public async Task<string> AskAsync(params IEnumerable<string> words) =>
        (await Command.RunAsync("fail2ban-client", ["-c", Configuration, "-s", Socket, .. words])).Succeeded().Output;

    /// <summary>The addresses that the filter finds in a log.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(string log, string mode)
    {
        var file = _folder.PathOf("examined.log");
        await File.WriteAllTextAsync(file, log);
        var found = await Command.RunAsync("fail2ban-regex", ["-c", Configuration, "-o", "<ip>", file, $"tlsfront[mode={mode}]"]);
        return found.Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
