using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;

namespace TlsFront.Routing.Lookup;

/// <summary>
/// Whom to ask about users, by listener. A file of authorities that changes is read again, and counts from the next request on; one that turns
/// unusable leaves its last good authorities in use.
/// </summary>
internal sealed class UserLookups : ISettingsFiles, IDisposable
{
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;
    private readonly Lock _gate = new();
    private readonly WatchedFiles<X509Certificate2Collection> _files;
    private GatewaySettings _inForce;
    private volatile FrozenDictionary<string, LookupClient> _clients = FrozenDictionary<string, LookupClient>.Empty;

    public UserLookups(SettingsStore settings, TimeProvider time, ILogger<UserLookups> logger)
    {
        (_time, _inForce) = (time, settings.Current);
        _files = new("Authorities of lookups", AuthorityFile.Read, logger);
        var change = Prepare(settings.Current);
        Problems = change.Problems;
        change.Commit();
        _subscription = settings.Subscribe("lookups", (_, now) => Prepare(now));
    }

    /// <summary>Why files could not be read at the start, one line each; empty if all could.</summary>
    public IReadOnlyList<string> Problems { get; }

    public IEnumerable<FileState> Files => _files.States;

    /// <summary>Whom to ask about users of a listener; null for nobody.</summary>
    public LookupClient? Find(string listener) => _clients.GetValueOrDefault(listener);

    public void Refresh()
    {
        if (_files.Refresh())
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
        var files = _files.Prepare(now.Listeners.Select(static listener => AuthoritiesOf(listener.Lookup)).OfType<string>());
        return new(() => TakeOver(now, files)) { Problems = files.Problems };
    }

    private void TakeOver(GatewaySettings now, PreparedChange files)
    {
        lock (_gate)
        {
            files.Commit();
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
        var authorities = AuthoritiesOf(lookup) is { } path ? _files.Get(path).Content : null;
        // Which backends may be answered is for those who look at the answer.
        lookup = lookup with { Backends = [] };
        return _clients.GetValueOrDefault(listener) is { } known && known.Settings == lookup && ReferenceEquals(known.Authorities, authorities)
            ? known
            : new(lookup, authorities, _time);
    }
}
