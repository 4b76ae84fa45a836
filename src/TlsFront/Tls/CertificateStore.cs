using System.Collections.Frozen;
using System.Collections.Immutable;
using TlsFront.Configuration;

namespace TlsFront.Tls;

/// <summary>
/// The certificates the gateway presents: an immutable snapshot, replaced as a whole when a source changes. A source that turns unusable keeps
/// its last good certificate. Connections read <see cref="Current"/> without a lock.
/// </summary>
internal sealed partial class CertificateStore(TimeProvider time, ILogger<CertificateStore> logger)
{
    private readonly Lock _gate = new();
    private ImmutableArray<CertificateGroup> _groups = [];
    private ImmutableArray<CertificateGroup> _groupsOfRoutes = [];
    private volatile CertificateSnapshot _current = CertificateSnapshot.Empty;

    /// <summary>Sources that could not be taken over, and why; null if there are none.</summary>
    private (IReadOnlyList<CertificateSettings> ForAnyName, IReadOnlyList<CertificateSettings> OfRoutes, IReadOnlyList<string> Problems)? _awaited;

    /// <summary>The certificates as of now. Enumerate <see cref="CertificateSnapshot.All"/> for names, dates, key types and sources.</summary>
    public CertificateSnapshot Current => _current;

    /// <summary>Time by which certificates are valid.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>
    /// Takes <paramref name="settings"/> as the new sources, in the order of preference; the first is the default. Sources that stay keep their
    /// certificate even if their files are broken at the moment. All or nothing: returns what is wrong with new sources, one line each naming path
    /// and remedy, and changes nothing then; <see cref="Refresh"/> tries again until all of them are good.
    /// </summary>
    /// <param name="settings">Sources for any name.</param>
    /// <param name="ofRoutes">Sources that single routes present; some may be among the others.</param>
    public IReadOnlyList<string> UpdateSources(IReadOnlyList<CertificateSettings> settings, IEnumerable<CertificateSettings>? ofRoutes = null)
    {
        lock (_gate)
        {
            IReadOnlyList<CertificateSettings> forAnyName = [.. settings.Distinct()], forRoutes = [.. (ofRoutes ?? []).Distinct()];
            var problems = TakeOver(forAnyName, forRoutes);
            _awaited = problems.Count > 0 ? (forAnyName, forRoutes, problems) : null;
            return problems;
        }
    }

    /// <summary>Looks at every source once and serves from now on what changed. Called once a second by <see cref="TlsFileWatcher"/>.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            TryAwaited();
            var changed = false;
            foreach (var group in _groups.Union(_groupsOfRoutes))
            {
                foreach (var gone in group.Rescan())
                {
                    changed = true;
                    Log.Removed(logger, gone.Settings.Path);
                }

                foreach (var source in group.Sources)
                {
                    changed |= Look(source);
                }
            }

            if (changed)
            {
                Publish(_groups, _groupsOfRoutes);
            }
        }
    }

    private List<string> TakeOver(IReadOnlyList<CertificateSettings> forAnyName, IReadOnlyList<CertificateSettings> ofRoutes)
    {
        var known = _groups.Union(_groupsOfRoutes).ToDictionary(static group => group.Settings);
        var groups = forAnyName.Select(Group).ToImmutableArray();
        var groupsOfRoutes = ofRoutes.Select(Group).ToImmutableArray();
        var added = groups.Union(groupsOfRoutes).Except(_groups).Except(_groupsOfRoutes).SelectMany(static group => group.Sources).ToList();
        var problems = added.Where(static source => source.Load() == CertificateChange.Unusable).Select(static source => source.Problem!).ToList();
        if (groups.IsEmpty)
        {
            problems.Add("no certificate is configured; name at least one folder or file");
        }

        if (problems.Count == 0)
        {
            added.ForEach(Report);
            Publish(groups, groupsOfRoutes);
        }

        return problems;

        CertificateGroup Group(CertificateSettings setting)
        {
            if (!known.TryGetValue(setting, out var group))
            {
                known.Add(setting, group = new CertificateGroup(setting));
            }

            return group;
        }
    }

    /// <summary>The reload that named them is over; nobody but this one would ask for them again.</summary>
    private void TryAwaited()
    {
        if (_awaited is not { } awaited)
        {
            return;
        }

        var problems = TakeOver(awaited.ForAnyName, awaited.OfRoutes);
        foreach (var problem in problems.Except(awaited.Problems))
        {
            Log.NotUsed(logger, problem);
        }

        _awaited = problems.Count > 0 ? awaited with { Problems = problems } : null;
    }

    private bool Look(CertificateSource source)
    {
        var change = source.Look();
        if (change == CertificateChange.Replaced)
        {
            Report(source);
        }
        else
        {
            if (change == CertificateChange.Unusable && source.Certificate is { } last)
            {
                Log.KeptLastGood(logger, source.Problem!, last.NotAfter);
            }
            else if (change == CertificateChange.Unusable)
            {
                Log.NotUsed(logger, source.Problem!);
            }

            TellInvalidity(source);
        }

        return change == CertificateChange.Replaced;
    }

    private void Publish(ImmutableArray<CertificateGroup> groups, ImmutableArray<CertificateGroup> groupsOfRoutes)
    {
        (_groups, _groupsOfRoutes) = (groups, groupsOfRoutes);
        // A folder of many may hold what is also named by itself.
        _current = new CertificateSnapshot(
            [.. groups.SelectMany(static group => group.Certificates).DistinctBy(static certificate => certificate.Source)],
            groupsOfRoutes.ToFrozenDictionary(static group => group.Settings, static group => group.Certificates.ToImmutableArray()));
    }

    private void Report(CertificateSource source)
    {
        var certificate = source.Certificate!;
        Log.Loaded(logger, certificate.Source, string.Join(", ", certificate.Names), certificate.KeyType, certificate.KeySize, certificate.ChainLength, certificate.NotAfter);
        foreach (var warning in certificate.Flaws())
        {
            Log.Weak(logger, certificate.Source, warning);
        }

        if (source.Warning is not null)
        {
            Log.Weak(logger, certificate.Source, source.Warning);
        }

        TellInvalidity(source);
    }

    private void TellInvalidity(CertificateSource source)
    {
        if (source.TellInvalidity(Now) is { } words)
        {
            Log.Invalid(logger, source.Certificate!.Source, words);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(500, LogLevel.Information, "Certificate {Path} loaded: {Names}; {KeyType} {KeySize} bits, {ChainLength} certificates, valid until {NotAfter:u}", EventName = "CertificateLoaded")]
        public static partial void Loaded(ILogger logger, string path, string names, CertificateKeyType keyType, int keySize, int chainLength, DateTimeOffset notAfter);

        [LoggerMessage(501, LogLevel.Warning, "Certificate {Path}: {Warning}", EventName = "CertificateWeak")]
        public static partial void Weak(ILogger logger, string path, string warning);

        [LoggerMessage(502, LogLevel.Error, "Certificate not renewed, the last good one is served and valid until {NotAfter:u}: {Problem}", EventName = "CertificateUnusable")]
        public static partial void KeptLastGood(ILogger logger, string problem, DateTimeOffset notAfter);

        [LoggerMessage(504, LogLevel.Error, "Certificate {Path}: {Invalidity}", EventName = "CertificateInvalid")]
        public static partial void Invalid(ILogger logger, string path, string invalidity);

        [LoggerMessage(505, LogLevel.Error, "New certificate not used: {Problem}", EventName = "CertificateNotUsed")]
        public static partial void NotUsed(ILogger logger, string problem);

        [LoggerMessage(506, LogLevel.Information, "Certificate {Path} is gone from its folder and no longer served", EventName = "CertificateRemoved")]
        public static partial void Removed(ILogger logger, string path);
    }
}
