using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Inventory;

/// <summary>Debian's PostgreSQL on a Unix socket in a folder of its own, where a password is asked for.</summary>
public sealed class PostgresServer : IAsyncLifetime, IDisposable
{
    /// <summary>Nothing it keeps need survive the machine.</summary>
    private const string Options = "-c listen_addresses= -c fsync=off -c max_connections=50";

    private readonly TemporaryFolder _folder = new();
    private readonly string _programs = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last() + "/bin";
    private int _databases;

    /// <summary>File with the password of its user.</summary>
    public string PasswordFile => _folder.PathOf("password");

    private string Data => Path.Combine(_folder.Path, "data");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(PasswordFile, "s3cret-of-postgres\n");
        (await Command.RunAsync("chown", ["-R", "postgres", _folder.Path])).Succeeded();
        await RunAsync("initdb", "-D", Data, "-U", "gateway", "-A", "scram-sha-256", $"--pwfile={PasswordFile}", "--no-sync", "-E", "UTF8");
        await StartAsync();
    }

    public Task DisposeAsync() => StopAsync();

    public void Dispose() => _folder.Dispose();

    /// <summary>Starts it; returns once it serves.</summary>
    public Task StartAsync() =>
        RunAsync("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder.Path, "log"), "-o", $"{Options} -k {_folder.Path}", "start");

    /// <summary>Ends it at once, sessions included.</summary>
    public Task StopAsync() => RunAsync("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");

    /// <summary>Makes an empty database; its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"inventory{Interlocked.Increment(ref _databases)}";
        await AsPostgresAsync(
            "env", "PGPASSWORD=s3cret-of-postgres", $"{_programs}/createdb", "-h", _folder.Path, "-U", "gateway", name);
        return ConnectionTo(name);
    }

    /// <summary>The connection string of a database.</summary>
    public string ConnectionTo(string database) => $"Host={_folder.Path};Database={database};Username=gateway";

    private Task RunAsync(string program, params string[] arguments) => AsPostgresAsync([$"{_programs}/{program}", .. arguments]);

    /// <summary>It refuses to run as root.</summary>
    private static async Task AsPostgresAsync(params string[] command) =>
        (await Command.RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", .. command])).Succeeded();
}
