using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;

namespace TlsFront.Tls.ClientCertificates;

/// <summary>
/// The authorities and revocation lists by which clients' certificates are judged. A file that changes counts for handshakes from then on.
/// </summary>
internal sealed class ClientCertificateStore : ISettingsFiles, IDisposable
{
    private readonly WatchedFiles<X509Certificate2Collection> _authorities;
    private readonly WatchedFiles<RevocationLists> _revocations;
    private readonly SettingsStore _settings;
    private readonly TimeProvider _time;
    private readonly IDisposable[] _subscriptions;

    public ClientCertificateStore(SettingsStore settings, TimeProvider time, ILogger<ClientCertificateStore> logger)
    {
        _settings = settings;
        _time = time;
        _authorities = new("Authorities of clients", ReadAuthorities, logger);
        _revocations = new("Revocation lists of clients", RevocationLists.Read, logger);
        PreparedChange[] changes = [PrepareAuthorities(settings.Current), PrepareRevocations(settings.Current)];
        Problems = [.. changes.SelectMany(static change => change.Problems)];
        Array.ForEach(changes, static change => change.Commit());
        _subscriptions =
        [
            settings.Subscribe("authorities of clients", (_, now) => PrepareAuthorities(now)),
            settings.Subscribe("revocation lists", (_, now) => PrepareRevocations(now)),
        ];
    }

    /// <summary>Why files could not be read at the start, one line each; empty if all could.</summary>
    public IReadOnlyList<string> Problems { get; }

    public IEnumerable<FileState> Files => _authorities.States.Concat(_revocations.States);

    /// <summary>The time by which certificates are judged.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>By which clients are judged under <paramref name="settings"/>; null if they are asked for no certificate.</summary>
    public ClientCertificatePolicy? Find(ClientCertificateSettings settings) => settings.AreRequested ? new(settings, this) : null;

    /// <summary>What a file of authorities holds now; null if it never was good.</summary>
    public X509Certificate2Collection? AuthoritiesIn(string path) => _authorities.Get(path).Content;

    /// <summary>What a file of revocation lists holds now; null if it never was good.</summary>
    public RevocationLists? RevocationsIn(string path) => _revocations.Get(path).Content;

    /// <summary>
    /// Reads a file of authorities. Each must be a root: of one below it, a chain would be followed to who signed it, and every sibling let in.
    /// </summary>
    public static (X509Certificate2Collection? Content, IReadOnlyList<Problem> Problems) ReadAuthorities(string path)
    {
        const int Most = 64;
        var (content, problems) = AuthorityFile.Read(path);
        var message = content is null ? null
            : content.Count > Most ? $"{path} holds more than {Most} authorities"
            : content.FirstOrDefault(static one => !one.SubjectName.RawData.AsSpan().SequenceEqual(one.IssuerName.RawData)) is { } lower
                ? $"{path} holds {lower.Subject}, which is no root: {lower.Issuer} signed it"
            : null;
        return message is null
            ? (content, problems)
            : (null, [new(Severity.Error, new Origin(path), "", null, message, "name the root authorities of the users' certificates alone")]);
    }

    /// <summary>From when on a file of revocation lists has none for some certificates; without files of which no list ever ends.</summary>
    public IEnumerable<(string Path, DateTimeOffset End)> RevocationEnds =>
        from clients in _settings.Current.ClientCertificates
        where clients.RevocationLists is not null
        let authorities = AuthoritiesIn(clients.Authorities!)
        let end = authorities is null ? null : RevocationsIn(clients.RevocationLists!)?.EndFor(authorities, Now)
        where end is not null
        group end.Value by clients.RevocationLists! into ofFile
        select (ofFile.Key, ofFile.Min());

    public void Refresh()
    {
        _authorities.Refresh();
        _revocations.Refresh();
    }

    public void Dispose() => Array.ForEach(_subscriptions, static subscription => subscription.Dispose());

    private PreparedChange PrepareAuthorities(GatewaySettings settings) =>
        _authorities.Prepare(settings.ClientCertificates.Select(static clients => clients.Authorities).OfType<string>());

    private PreparedChange PrepareRevocations(GatewaySettings settings) =>
        _revocations.Prepare(settings.ClientCertificates.Select(static clients => clients.RevocationLists).OfType<string>());
}
