namespace TlsFront.Benchmarks.Compare.Proxies;

/// <summary>A product under test.</summary>
internal abstract class Proxy
{
    private int _starts;

    /// <summary>Heading of its column.</summary>
    public abstract string Name { get; }

    /// <summary>What exactly it is.</summary>
    public abstract string Version { get; }

    /// <summary>Whether it puts a <c>Received</c> field on top of messages.</summary>
    public virtual bool InsertsReceived => false;

    /// <summary>Whether it can serve <paramref name="route"/>.</summary>
    public virtual bool Serves(Route route) => true;

    /// <summary>Starts a process of its own for the routes it serves, ready when this returns.</summary>
    /// <param name="lab">What is around it.</param>
    /// <param name="cores">Where it runs.</param>
    /// <param name="routes">The routes that are needed.</param>
    public RunningProxy Start(Lab lab, Cores cores, params IEnumerable<Route> routes)
    {
        var ports = routes.Where(Serves).ToDictionary(route => route, _ => FreePorts.Take());
        var folder = Directory.CreateDirectory(Path.Combine(lab.Folder, $"{Slug(Name)}-{++_starts}")).FullName;
        var children = Commands(lab, cores, folder, ports)
            .Select((command, index) => ChildProcess.Start(cores.Proxy, Path.Combine(folder, $"{index}.log"), command))
            .ToList();
        var running = new RunningProxy(this, lab, cores, ports, children);
        try
        {
            foreach (var port in ports.Values)
            {
                Readiness.Wait(port, children, Name);
            }

            return running;
        }
        catch
        {
            running.Dispose();
            throw;
        }
    }

    /// <summary>Writes its configuration into <paramref name="folder"/>; the processes to start, in the foreground.</summary>
    protected abstract IEnumerable<string[]> Commands(Lab lab, Cores cores, string folder, IReadOnlyDictionary<Route, int> ports);

    /// <summary>The line of a program's version output that names the version.</summary>
    protected static string VersionOf(params string[] command) =>
        ChildProcess.Run(TimeSpan.FromSeconds(10), new Dictionary<string, string>(), command)
            .Split('\n')
            .FirstOrDefault(line => line.Any(char.IsAsciiDigit))?.Trim()
            ?? "?";

    /// <summary>Writes a file into <paramref name="folder"/>; its path.</summary>
    protected static string Write(string folder, string name, string content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static string Slug(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
