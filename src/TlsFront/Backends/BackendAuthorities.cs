using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;

namespace TlsFront.Backends;

/// <summary>
/// The authorities that backends' certificates may be of, by the file that holds them. A file that changes is read again, and counts for connections
/// made from then on; one that turns unusable leaves its last good authorities in use.
/// </summary>
internal sealed partial class BackendAuthorities(ILogger<BackendAuthorities> logger) : ISettingsFiles
{
    private readonly Lock _gate = new();
    private volatile IReadOnlyDictionary<string, WatchedFile<X509Certificate2Collection>> _files =
        new Dictionary<string, WatchedFile<X509Certificate2Collection>>(
        );

    public IEnumerable<FileState> Files => _files.Values.Select(static file => file.State);

    /// <summary>The authorities in the file at <paramref name="path"/>. The same object as long as the file is the same.</summary>
    /// <exception cref="AuthenticationException">They cannot be read.</exception>
    public X509Certificate2Collection In(string path)
    {
        // Settings that are no longer in force may have another file: connections keep the settings they were accepted with.
        var file = _files.GetValueOrDefault(path) ?? Load(path);
        return file.Content ?? throw new AuthenticationException(file.Problems[0].Subject);
    }

    /// <summary>Reads the files that are new.</summary>
    public PreparedChange Prepare(IReadOnlyList<BackendSettings> backends)
    {
        var known = _files;
        var files = backends.Select(static backend => backend.Tls)
            .Where(static tls => tls is { Mode: BackendTlsMode.Implicit, Verify: true })
            .Select(static tls => tls.Authorities)
            .OfType<string>()
            .Distinct().ToDictionary(static path => path, path => known.GetValueOrDefault(path) ?? Load(path));
        return new(() => _files = files)
        {
            Problems = [.. from file in files.Values where file.Content is null from problem in file.Problems select problem.Subject],
        };
    }

    public void Refresh()
    {
        lock (_gate)
        {
            foreach (var file in _files.Values.Where(static file => file.Check()))
            {
                if (file.Problems.Count == 0)
                {
                    Log.Read(logger, file.Path);
                }
                else
                {
                    Log.Kept(logger, file.Problems[0].Subject);
                }
            }
        }
    }

    private static WatchedFile<X509Certificate2Collection> Load(string path)
    {
        var file = new WatchedFile<X509Certificate2Collection>(path, Read);
        file.Load();
        return file;
    }

    private static (X509Certificate2Collection? Content, IReadOnlyList<Problem> Problems) Read(string path) =>
        AuthorityFile.TryRead(path, out var authorities, out var problem)
            ? (authorities, [])
            : (null, [new Problem(Severity.Error, new Origin(path), "", null, problem.Message, problem.Remedy)]);

    private static partial class Log
    {
        [LoggerMessage(250, LogLevel.Information, "Authorities of backends read again from {Path}", EventName = "AuthoritiesRead")]
        public static partial void Read(ILogger logger, string path);

        [LoggerMessage(
            251, LogLevel.Error, "Authorities of backends not read again, keeping the previous ones until the file is fixed: {Problem}",
            EventName = "AuthoritiesKept")]
        public static partial void Kept(ILogger logger, string problem);
    }
}
