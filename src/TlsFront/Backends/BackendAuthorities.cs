using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;

namespace TlsFront.Backends;

/// <summary>
/// The authorities that backends' certificates may be of, by the file that holds them. A file that changes counts for connections made from then on.
/// </summary>
internal sealed class BackendAuthorities(ILogger<BackendAuthorities> logger) : ISettingsFiles
{
    private readonly WatchedFiles<X509Certificate2Collection> _files = new("Authorities of backends", AuthorityFile.Read, logger);

    public IEnumerable<FileState> Files => _files.States;

    /// <summary>The authorities in the file at <paramref name="path"/>. The same object as long as the file is the same.</summary>
    /// <exception cref="AuthenticationException">They cannot be read.</exception>
    public X509Certificate2Collection In(string path) =>
        _files.Get(path) is var file && file.Content is { } authorities ? authorities : throw new AuthenticationException(file.Problems[0].Subject);

    /// <summary>Reads the files that are new.</summary>
    public PreparedChange Prepare(IReadOnlyList<BackendSettings> backends) => _files.Prepare(
        backends.Select(static backend => backend.Tls)
            .Where(static tls => tls is { Mode: BackendTlsMode.Implicit, Verify: true })
            .Select(static tls => tls.Authorities)
            .OfType<string>());

    public void Refresh() => _files.Refresh();
}
