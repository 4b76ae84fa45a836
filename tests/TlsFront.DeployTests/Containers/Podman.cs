using TlsFront.SystemTests;
using TlsFront.SystemTests.Processes;

namespace TlsFront.DeployTests.Containers;

/// <summary>podman with a store of its own, a Debian made of packages, and the gateway's binary: once for all tests, gone with them.</summary>
public sealed class Podman : IAsyncLifetime, IDisposable
{
    /// <summary>Debian with systemd, Postfix, Dovecot and what a test wants to look with.</summary>
    public const string Base = "localhost/debian-mail:12";

    private const string Packages =
        "systemd,systemd-sysv,dbus,iproute2,procps,ca-certificates,libssl3,adduser,init-system-helpers,dovecot-imapd,dovecot-pop3d,postfix,openssl,curl";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _containers = [];

    /// <summary>Where tests may put files for <c>podman cp</c> and volumes.</summary>
    public TemporaryFolder Folder => _folder;

    /// <summary>The Native AOT binary, which is what packages and images hold.</summary>
    public static string Binary => Environment.GetEnvironmentVariable("TLSFRONT_BINARY")
        ?? throw new InvalidOperationException("TLSFRONT_BINARY must name the published binary: dotnet publish src/TlsFront -c Release -r linux-x64 -o FOLDER");

    public async Task InitializeAsync()
    {
        // The hard limit of a sandbox may be below podman's default, and raising it needs a capability; crun does not know mixed control groups.
        await File.WriteAllTextAsync(_folder.PathOf("containers.conf"), """
            [containers]
            default_ulimits = ["nofile=20000:20000", "nproc=20000:20000"]
            [engine]
            runtime = "runc"
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            """);
        await File.WriteAllTextAsync(_folder.PathOf("storage.conf"), $"""
            [storage]
            driver = "overlay"
            graphroot = "{_folder.Folder("graph")}"
            runroot = "{_folder.Folder("run")}"
            """);
        var archive = _folder.PathOf("base.tar");
        var sources = File.Exists("/etc/apt/sources.list.d/debian.sources") ? "/etc/apt/sources.list.d/debian.sources" : "/etc/apt/sources.list";
        (await Command.RunAsync("mmdebstrap", ["--quiet", "--variant=minbase", $"--include={Packages}", "bookworm", archive, sources], within: TimeSpan.FromMinutes(10))).Succeeded();
        (await RunAsync("import", "--change", "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "--change", "STOPSIGNAL SIGRTMIN+3", archive, Base)).Succeeded();
        File.Delete(archive);
    }

    public async Task DisposeAsync()
    {
        if (_containers.Count > 0)
        {
            await RunAsync(["rm", "--force", "--time", "1", .. _containers]);
        }

        await RunAsync("pod", "rm", "--all", "--force");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs podman.</summary>
    public Task<Command> RunAsync(params IEnumerable<string> arguments) => WithSettingsAsync("podman", arguments);

    /// <summary>Runs a command that itself runs podman.</summary>
    public Task<Command> WithSettingsAsync(string command, params IEnumerable<string> arguments) => Command.RunAsync(
        "env",
        [$"CONTAINERS_CONF={_folder.PathOf("containers.conf")}", $"CONTAINERS_STORAGE_CONF={_folder.PathOf("storage.conf")}", command, .. arguments],
        within: TimeSpan.FromMinutes(5));

    /// <summary>Starts a container that runs until the tests end.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">What follows <c>podman run --detach --name NAME</c>.</param>
    public async Task StartAsync(string name, params IEnumerable<string> arguments)
    {
        _containers.Add(name);
        (await RunAsync(["run", "--detach", "--name", name, .. arguments])).Succeeded();
    }

    /// <summary>Runs shell lines in a container.</summary>
    public Task<Command> ShellAsync(string container, string lines) => RunAsync("exec", container, "sh", "-euc", lines);
}
