using System.Collections.Frozen;
using System.Collections.Immutable;
using TlsFront.Configuration;

namespace TlsFront.Tls.Certificates;

/// <summary>All certificates at one moment, indexed by server name. Immutable.</summary>
internal sealed class CertificateSnapshot
{
    public static readonly CertificateSnapshot Empty = new([]);

    private readonly IReadOnlyDictionary<CertificateSettings, ImmutableArray<LoadedCertificate>> _own;
    private readonly FrozenDictionary<string, ImmutableArray<LoadedCertificate>> _exact;
    private readonly FrozenDictionary<string, ImmutableArray<LoadedCertificate>> _wildcard;
    private readonly ImmutableArray<LoadedCertificate> _default;

    /// <param name="certificates">The certificates for any name in the order they are configured; the first is the default.</param>
    public CertificateSnapshot(ImmutableArray<LoadedCertificate> certificates)
        : this(certificates, ImmutableDictionary<CertificateSettings, ImmutableArray<LoadedCertificate>>.Empty)
    {
    }

    /// <param name="certificates">As above.</param>
    /// <param name="own">Those that single listeners and routes present, by the source that names them.</param>
    public CertificateSnapshot(
        ImmutableArray<LoadedCertificate> certificates, IReadOnlyDictionary<CertificateSettings, ImmutableArray<LoadedCertificate>> own)
    {
        ForAnyName = certificates;
        All = [.. certificates.Union(own.Values.SelectMany(static one => one))];
        _own = own;
        var byName = certificates
            .SelectMany(static certificate => certificate.Names.Distinct().Select(name => (name, certificate)))
            .ToLookup(static pair => pair.name, static pair => pair.certificate);
        _exact = byName.Where(static group => !group.Key.Contains('*', StringComparison.Ordinal))
            .ToFrozenDictionary(static group => group.Key, static group => group.ToImmutableArray());
        // RFC 7817 section 3: a wildcard stands for the whole left-most label and nothing else.
        _wildcard = byName.Where(static group => group.Key.StartsWith("*.", StringComparison.Ordinal) && group.Key.LastIndexOf('*') == 0)
            .ToFrozenDictionary(static group => group.Key[2..], static group => group.ToImmutableArray());
        // The default's variants for the same name, say RSA beside ECDSA, are defaults too.
        _default = certificates is [var first, ..] ? [.. byName[first.Names.FirstOrDefault("")].Prepend(first).Distinct()] : [];
    }

    /// <summary>Every certificate, in the order they are configured, those of single listeners and routes last.</summary>
    public ImmutableArray<LoadedCertificate> All { get; }

    /// <summary>Those that are not for single listeners or routes alone, in the order they are configured.</summary>
    public ImmutableArray<LoadedCertificate> ForAnyName { get; }

    /// <summary>What is chosen from for names that none of these is for.</summary>
    private CertificateSnapshot? Fallback { get; init; }

    /// <summary>
    /// Those that <paramref name="listener"/> chooses from, or its <paramref name="route"/>; empty where the route has its own and none is loaded.
    /// </summary>
    public CertificateSnapshot For(ListenerSettings listener, RouteSettings? route = null) =>
        route is { Certificates.Count: > 0 } ? Of(route.Certificates) : listener.Certificates.Count > 0 ? After(listener.Certificates) : this;

    /// <summary>Those that a route with these <paramref name="sources"/> chooses from.</summary>
    public CertificateSnapshot Of(IEnumerable<CertificateSettings> sources) => new(
        [.. sources.SelectMany(source => _own.GetValueOrDefault(source, [])).DistinctBy(static certificate => certificate.Source)]);

    /// <summary>Those that a listener with these <paramref name="sources"/> chooses from; these come after its own.</summary>
    public CertificateSnapshot After(IReadOnlyCollection<CertificateSettings> sources) => new(Of(sources).ForAnyName) { Fallback = this };

    /// <summary>Whether one of them is for a routed <paramref name="name"/>; for a wildcard it is enough if one is for a name under it.</summary>
    public bool AnyFor(string name) => IsFor(name) || Fallback?.IsFor(name) == true;

    private bool IsFor(string name) =>
        Find(name).Covered
            || (name.StartsWith("*.", StringComparison.Ordinal)
                && _exact.Keys.Any(known => known[(known.IndexOf('.', StringComparison.Ordinal) + 1)..] == name[2..]));

    /// <summary>Finds the certificates for any name that are for <paramref name="serverName"/> (lower case; null if the client named none).</summary>
    public CertificateMatch Find(string? serverName)
    {
        if (serverName is not null)
        {
            var dot = serverName.IndexOf('.', StringComparison.Ordinal);
            var wildcard = dot < 0 ? [] : _wildcard.GetValueOrDefault(serverName[(dot + 1)..], []);
            if (_exact.TryGetValue(serverName, out var exact))
            {
                return new(true, exact, wildcard);
            }

            if (!wildcard.IsEmpty)
            {
                return new(true, wildcard, []);
            }
        }

        return serverName is not null && Fallback?.Find(serverName) is { Covered: true } other ? other : new(false, _default, []);
    }
}
