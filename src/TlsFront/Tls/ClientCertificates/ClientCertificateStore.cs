using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;

namespace TlsFront.Tls.ClientCertificates;

/// <summary>
/// The authorities and revocation lists by which clients' certificates are judged. A file that changes counts for handshakes from then on.
/// </summary>
internal sealed partial class ClientCertificateStore : ISettingsFiles, IDisposable
{
    private readonly WatchedFiles<X509Certificate2Collection> _authorities;
    private readonly WatchedFiles<RevocationLists> _revocations;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IDisposable[] _subscriptions;

    public ClientCertificateStore(SettingsStore settings, TimeProvider time, ILogger<ClientCertificateStore> logger)
    {
        _time = time;
        _logger = logger;
        _authorities = new(AuthorityFile.Read, file => Report(file.Path, file.Problems));
        _revocations = new(RevocationLists.Read, file => Report(file.Path, file.Problems));
        foreach (var change in (PreparedChange[])[PrepareAuthorities(settings.Current), PrepareRevocations(settings.Current)])
        {
            foreach (var problem in change.Problems)
            {
                Log.Kept(logger, problem);
            }

            change.Commit();
        }

        _subscriptions =
        [
            settings.Subscribe("authorities of clients", (_, now) => PrepareAuthorities(now)),
            settings.Subscribe("revocation lists", (_, now) => PrepareRevocations(now)),
        ];
    }

    public IEnumerable<FileState> Files => _authorities.States.Concat(_revocations.States);

    /// <summary>By which clients are judged under <paramref name="settings"/>; null if they are asked for no certificate.</summary>
    public ClientCertificatePolicy? Find(ClientCertificateSettings settings) => settings.Authorities is { } authorities
        ? new(settings, _authorities.Get(authorities), settings.RevocationLists is { } lists ? _revocations.Get(lists) : null, _time)
        : null;

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

    private void Report(string path, IReadOnlyList<Problem> problems)
    {
        if (problems.Count == 0)
        {
            Log.Read(_logger, path);
        }
        else
        {
            Log.Kept(_logger, problems[0].Subject);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            530, LogLevel.Information, "Authorities or revocation lists of clients read again from {Path}", EventName = "ClientAuthoritiesRead")]
        public static partial void Read(ILogger logger, string path);

        [LoggerMessage(
            531, LogLevel.Error,
            "Authorities or revocation lists of clients not read, keeping the previous ones until the file is fixed: {Problem}",
            EventName = "ClientAuthoritiesKept")]
        public static partial void Kept(ILogger logger, string problem);
    }
}
