using System.Globalization;
using TlsFront.SystemTests;
using TlsFront.SystemTests.Processes;

namespace TlsFront.DeployTests.Containers;

/// <summary>podman with a store of its own and a Debian made of packages: once for all tests, gone with them.</summary>
public sealed class Podman : IAsyncLifetime, IDisposable
{
    /// <summary>The image of <c>debian_base.sh</c>.</summary>
    public const string Base = "localhost/debian-mail";

    /// <summary>What a loaded machine may take for a step: it only has an effect when something is broken.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Made once for all runs; only root may write there.</summary>
    private const string Cache = "/var/cache/tlsfront-tests/containers";

    private static readonly string Script = Repository.PathOf("tests", "TlsFront.DeployTests", "Scripts", "containers.sh");

    private readonly TemporaryFolder _folder = new();

    /// <summary>Where tests may put files for <c>podman cp</c> and volumes.</summary>
    public TemporaryFolder Folder => _folder;

    /// <summary>The Native AOT binary, which is what packages and images hold.</summary>
    public static string Binary => Environment.GetEnvironmentVariable("TLSFRONT_BINARY")
        ?? throw new InvalidOperationException("TLSFRONT_BINARY must name the published binary: "
            + "dotnet publish src/TlsFront -c Release -r linux-x64 -o FOLDER");

    /// <summary>Named by whoever starts the tests, who then can end containers that a crashed run left behind.</summary>
    private string Store => Environment.GetEnvironmentVariable("TLSFRONT_CONTAINERS") ?? _folder.PathOf("containers");

    public async Task InitializeAsync()
    {
        var make = Repository.PathOf("tests", "TlsFront.DeployTests", "Scripts", "debian_base.sh");
        var archive = (await Command.RunAsync(make, [Cache], within: 2 * Patience)).Succeeded().Output.Trim();
        (await RunAsync(
            "import", "--quiet", "--change", "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "--change", "STOPSIGNAL SIGRTMIN+3", archive, Base))
            .Succeeded();
    }

    public async Task DisposeAsync() => (await Command.RunAsync(Script, [Store, "remove"], within: Patience)).Succeeded();

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs podman.</summary>
    public Task<Command> RunAsync(params IEnumerable<string> arguments) => WithSettingsAsync("podman", arguments);

    /// <summary>Runs a command that itself runs podman.</summary>
    public Task<Command> WithSettingsAsync(string command, params IEnumerable<string> arguments) =>
        Command.RunAsync(Script, [Store, "run", command, .. arguments], within: Patience);

    /// <summary>Starts a container that runs until it is stopped, or the tests end.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">What follows <c>podman run --detach --name NAME</c>.</param>
    public async Task StartAsync(string name, params IEnumerable<string> arguments) =>
        (await RunAsync(["run", "--detach", "--name", name, .. arguments])).Succeeded();

    /// <summary>Runs shell lines in a container; the first that fails ends them.</summary>
    public Task<Command> ShellAsync(string container, string lines) => RunAsync("exec", container, "bash", "-euo", "pipefail", "-c", lines);

    /// <summary>Runs shell lines in a container again and again until they succeed.</summary>
    public async Task EventuallyAsync(string what, string container, string lines)
    {
        Command? last = null;
        try
        {
            await Eventually.TrueAsync(what, async () => (last = await ShellAsync(container, lines)).ExitCode == 0, Patience);
        }
        catch (Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{what}: not within {Patience}. The last try:\n{last?.Text}\n{(await RunAsync("logs", "--tail", "50", container)).Text}");
        }
    }

    /// <summary>What podman knows of a container or an image.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="format">The field, as a Go template.</param>
    public async Task<string> InspectAsync(string name, string format) =>
        (await RunAsync("inspect", "--format", format, name)).Succeeded().Output.Trim();

    /// <summary>Octets of all layers of an image.</summary>
    public async Task<long> SizeAsync(string image) => long.Parse(await InspectAsync(image, "{{.Size}}"), CultureInfo.InvariantCulture);

    /// <summary>Lines of <c>/proc/PID/status</c> of a container's first process, by name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> StatusAsync(string container)
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{await InspectAsync(container, "{{.State.Pid}}")}/status");
        return lines.Select(static line => line.Split(':', 2)).ToDictionary(
            static parts => parts[0], static parts => parts[1].Trim().Replace('\t', ' '), StringComparer.Ordinal);
    }
}
