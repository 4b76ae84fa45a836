using System.Collections.Frozen;
using System.Collections.Immutable;
using TlsFront.Configuration;

namespace TlsFront.Tls.Certificates;

/// <summary>
/// The certificates the gateway presents: an immutable snapshot, replaced as a whole when a source changes. A source that turns unusable keeps
/// its last good certificate. Connections read <see cref="Current"/> without a lock.
/// </summary>
internal sealed partial class CertificateStore(TimeProvider time, ILogger<CertificateStore> logger) : ISettingsFiles
{
    private readonly Lock _gate = new();
    private ImmutableArray<CertificateGroup> _groups = [];
    private ImmutableArray<CertificateGroup> _ownGroups = [];
    private volatile CertificateSnapshot _current = CertificateSnapshot.Empty;

    /// <summary>The certificates as of now. Enumerate <see cref="CertificateSnapshot.All"/> for names, dates, key types and sources.</summary>
    public CertificateSnapshot Current => _current;

    public IEnumerable<FileState> Files
    {
        get
        {
            lock (_gate)
            {
                return [.. _groups.Union(_ownGroups).SelectMany(static group => group.Sources).Select(static source => source.State)];
            }
        }
    }

    /// <summary>Time by which certificates are valid.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>
    /// Takes <paramref name="settings"/> as the new sources, as <see cref="Prepare"/> describes it. All or nothing: returns what is wrong with new
    /// sources, one line each naming path and remedy, and changes nothing then.
    /// </summary>
    public IReadOnlyList<string> UpdateSources(IReadOnlyList<CertificateSettings> settings, IEnumerable<CertificateSettings>? own = null)
    {
        var prepared = Prepare(settings, own);
        if (prepared.Problems.Count == 0)
        {
            prepared.Commit();
        }

        return prepared.Problems;
    }

    /// <summary>
    /// Reads new sources, in the order of preference; the first is the default. Sources that stay keep their certificate even if their files are
    /// broken at the moment. In a folder of many one good source is enough: the others are logged.
    /// </summary>
    /// <param name="settings">Sources for any name.</param>
    /// <param name="own">Sources that single listeners and routes present; some may be among the others.</param>
    public PreparedChange Prepare(IReadOnlyList<CertificateSettings> settings, IEnumerable<CertificateSettings>? own = null)
    {
        lock (_gate)
        {
            var known = _groups.Union(_ownGroups).ToDictionary(static group => group.Settings);
            var groups = settings.Distinct().Select(Group).ToImmutableArray();
            var ownGroups = (own ?? []).Distinct().Select(Group).ToImmutableArray();
            var added = groups.Union(ownGroups).Except(_groups).Except(_ownGroups).ToList();
            var sources = added.SelectMany(static group => group.Sources).ToList();
            sources.ForEach(static source => source.Load());
            var problems = added.SelectMany(static group => group.Problems).ToList();
            if (groups.IsEmpty)
            {
                problems.Add("no certificate is configured; name at least one folder or file");
            }

            return new(() => TakeOver(groups, ownGroups, sources)) { Problems = problems };

            CertificateGroup Group(CertificateSettings setting)
            {
                if (!known.TryGetValue(setting, out var group))
                {
                    known.Add(setting, group = new CertificateGroup(setting));
                }

                return group;
            }
        }
    }

    /// <summary>Checks every source once and serves from now on what changed. A matching pair with a chain needs no second check.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            var changed = false;
            foreach (var group in _groups.Union(_ownGroups))
            {
                foreach (var gone in group.Rescan())
                {
                    changed = true;
                    Log.Removed(logger, gone.Settings.Path);
                }

                foreach (var source in group.Sources)
                {
                    changed |= Check(source);
                }
            }

            if (changed)
            {
                Publish(_groups, _ownGroups);
            }
        }
    }

    private void TakeOver(ImmutableArray<CertificateGroup> groups, ImmutableArray<CertificateGroup> ownGroups, List<CertificateSource> added)
    {
        lock (_gate)
        {
            added.ForEach(Report);
            Publish(groups, ownGroups);
        }
    }

    private bool Check(CertificateSource source)
    {
        var change = source.Check();
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
                Report(source);
            }

            ReportInvalidity(source);
        }

        return change == CertificateChange.Replaced;
    }

    private void Publish(ImmutableArray<CertificateGroup> groups, ImmutableArray<CertificateGroup> ownGroups)
    {
        (_groups, _ownGroups) = (groups, ownGroups);
        // A folder of many may hold what is also named by itself.
        _current = new CertificateSnapshot(
            [.. groups.SelectMany(static group => group.Certificates).DistinctBy(static certificate => certificate.Source)],
            ownGroups.ToFrozenDictionary(static group => group.Settings, static group => group.Certificates.ToImmutableArray()));
    }

    private void Report(CertificateSource source)
    {
        if (source.Certificate is not { } certificate)
        {
            Log.NotUsed(logger, source.Problem!);
            return;
        }

        Log.Loaded(
            logger, certificate.Source, string.Join(", ", certificate.Names), certificate.KeyType, certificate.KeySize, certificate.ChainLength,
            certificate.NotAfter);
        foreach (var warning in certificate.Flaws())
        {
            Log.Weak(logger, certificate.Source, warning);
        }

        if (source.Warning is not null)
        {
            Log.Weak(logger, certificate.Source, source.Warning);
        }

        ReportInvalidity(source);
    }

    private void ReportInvalidity(CertificateSource source)
    {
        if (source.InvalidityToReport(Now) is { } words)
        {
            Log.Invalid(logger, source.Certificate!.Source, words);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            500, LogLevel.Information,
            "Certificate {Path} loaded: {Names}; {KeyType} {KeySize} bits, {ChainLength} certificates, valid until {NotAfter:u}",
            EventName = "CertificateLoaded")]
        public static partial void Loaded(
            ILogger logger, string path, string names, CertificateKeyType keyType, int keySize, int chainLength, DateTimeOffset notAfter);

        [LoggerMessage(501, LogLevel.Warning, "Certificate {Path}: {Warning}", EventName = "CertificateWeak")]
        public static partial void Weak(ILogger logger, string path, string warning);

        [LoggerMessage(
            502, LogLevel.Error, "Certificate not renewed, the last good one is served and valid until {NotAfter:u}: {Problem}",
            EventName = "CertificateUnusable")]
        public static partial void KeptLastGood(ILogger logger, string problem, DateTimeOffset notAfter);

        [LoggerMessage(504, LogLevel.Error, "Certificate {Path}: {Invalidity}", EventName = "CertificateInvalid")]
        public static partial void Invalid(ILogger logger, string path, string invalidity);

        [LoggerMessage(505, LogLevel.Error, "Certificate not used: {Problem}", EventName = "CertificateNotUsed")]
        public static partial void NotUsed(ILogger logger, string problem);

        [LoggerMessage(
            506, LogLevel.Information, "Certificate {Path} is gone from its folder and no longer served", EventName = "CertificateRemoved")]
        public static partial void Removed(ILogger logger, string path);
    }
}
