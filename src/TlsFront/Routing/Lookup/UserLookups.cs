using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;

namespace TlsFront.Routing.Lookup;

/// <summary>
/// Whom to ask about users, by listener. A file of authorities or headers that changes is read again, and counts from the next request on; one that
/// turns unusable leaves its last good content in use.
/// </summary>
internal sealed partial class UserLookups : ISettingsFiles, IDisposable
{
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;
    private readonly Lock _gate = new();
    private readonly ILogger _logger;
    private readonly WatchedFiles<X509Certificate2Collection> _authorities;
    private readonly WatchedFiles<IReadOnlyList<KeyValuePair<string, string>>> _headers;
    private GatewaySettings _inForce;
    private volatile FrozenDictionary<string, LookupClient> _clients = FrozenDictionary<string, LookupClient>.Empty;

    public UserLookups(SettingsStore settings, TimeProvider time, ILogger<UserLookups> logger)
    {
        (_time, _logger, _inForce) = (time, logger, settings.Current);
        _authorities = new("Authorities of lookups", AuthorityFile.Read, logger);
        _headers = new("Headers of lookups", ReadHeaders, logger);
        var change = Prepare(settings.Current);
        Problems = change.Problems;
        change.Commit();
        _subscription = settings.Subscribe("lookups", (_, now) => Prepare(now));
    }

    /// <summary>Why files could not be read at the start, one line each; empty if all could.</summary>
    public IReadOnlyList<string> Problems { get; }

    public IEnumerable<FileState> Files => _authorities.States.Concat(_headers.States);

    /// <summary>Whom to ask about users of a listener; null for nobody.</summary>
    public LookupClient? Find(string listener) => _clients.GetValueOrDefault(listener);

    public void Refresh()
    {
        // Both, whatever the first one says.
        if (_authorities.Refresh() | _headers.Refresh())
        {
            lock (_gate)
            {
                Publish();
            }
        }
    }

    public void Dispose() => _subscription.Dispose();

    private static string? AuthoritiesOf(LookupSettings? lookup) => lookup?.Url?.Scheme == Uri.UriSchemeHttps ? lookup.Authorities : null;

    private PreparedChange Prepare(GatewaySettings now)
    {
        var authorities = _authorities.Prepare(now.Listeners.Select(static listener => AuthoritiesOf(listener.Lookup)).OfType<string>());
        var headers = _headers.Prepare(now.Listeners.Select(static listener => listener.Lookup?.HeadersFile).OfType<string>());
        return new(() => TakeOver(now, authorities, headers)) { Problems = [.. authorities.Problems, .. headers.Problems] };
    }

    private void TakeOver(GatewaySettings now, PreparedChange authorities, PreparedChange headers)
    {
        lock (_gate)
        {
            authorities.Commit();
            headers.Commit();
            _inForce = now;
            Publish();
        }
    }

    private void Publish() => _clients = _inForce.Listeners
        .Where(static listener => listener.Lookup is not null)
        .ToFrozenDictionary(static listener => listener.Name, listener => CreateOrKeep(listener.Name, listener.Lookup!));

    /// <summary>One that has nothing else to ask keeps its connections, and what it remembers.</summary>
    private LookupClient CreateOrKeep(string listener, LookupSettings lookup)
    {
        var authorities = AuthoritiesOf(lookup) is { } path ? _authorities.Get(path).Content : null;
        var headers = lookup.HeadersFile is { } file ? _headers.Get(file).Content ?? [] : [];
        // Which backends may be answered is for those who look at the answer.
        lookup = lookup with { Backends = [] };
        return _clients.GetValueOrDefault(listener) is { } known && known.Settings == lookup
            && ReferenceEquals(known.Authorities, authorities) && known.Headers.SequenceEqual(headers)
            ? known
            : new(lookup, authorities, headers, _time);
    }

    private (IReadOnlyList<KeyValuePair<string, string>>? Content, IReadOnlyList<Problem> Problems) ReadHeaders(string path)
    {
        var (content, problems, warning) = HeaderFile.Read(path);
        if (warning is not null)
        {
            Log.Open(_logger, warning);
        }

        return (content, problems);
    }

    private static partial class Log
    {
        [LoggerMessage(345, LogLevel.Warning, "Headers of lookups: {Warning}", EventName = "LookupHeadersOpen")]
        public static partial void Open(ILogger logger, string warning);
    }
}
