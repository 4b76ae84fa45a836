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
    private ImmutableArray<CertificateSource> _sources = [];
    private volatile CertificateSnapshot _current = CertificateSnapshot.Empty;

    /// <summary>The certificates as of now. Enumerate <see cref="CertificateSnapshot.All"/> for names, dates, key types and sources.</summary>
    public CertificateSnapshot Current => _current;

    /// <summary>Time by which certificates are valid.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>
    /// Takes <paramref name="settings"/> as the new sources, in the order of preference; the first is the default. Sources that stay keep their
    /// certificate even if their files are broken at the moment. All or nothing: returns what is wrong with new sources, one line each naming path
    /// and remedy, and changes nothing then.
    /// </summary>
    public IReadOnlyList<string> UpdateSources(IReadOnlyList<CertificateSettings> settings)
    {
        lock (_gate)
        {
            var known = _sources.ToDictionary(static source => source.Settings);
            var sources = settings.Distinct().Select(setting => known.GetValueOrDefault(setting) ?? new CertificateSource(setting)).ToImmutableArray();
            var added = sources.Where(static source => source.Certificate is null).ToList();
            var problems = added.Where(static source => source.Load() == CertificateChange.Unusable).Select(static source => source.Problem!).ToList();
            if (sources.IsEmpty)
            {
                problems.Add("no certificate is configured; name at least one folder or PEM file");
            }

            if (problems.Count > 0)
            {
                return problems;
            }

            added.ForEach(Report);
            Publish(sources);
            return [];
        }
    }

    /// <summary>Looks at every source once and serves from now on what changed. Called once a second by <see cref="TlsFileWatcher"/>.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            var replaced = false;
            foreach (var source in _sources)
            {
                switch (source.Look())
                {
                    case CertificateChange.Replaced:
                        replaced = true;
                        Report(source);
                        break;
                    case CertificateChange.Unusable:
                        Log.KeptLastGood(logger, source.Problem!, source.Certificate!.NotAfter);
                        break;
                }
            }

            if (replaced)
            {
                Publish(_sources);
            }
        }
    }

    private void Publish(ImmutableArray<CertificateSource> sources)
    {
        _sources = sources;
        _current = new CertificateSnapshot([.. sources.Select(static source => source.Certificate!)]);
    }

    private void Report(CertificateSource source)
    {
        var certificate = source.Certificate!;
        Log.Loaded(logger, certificate.Source, string.Join(", ", certificate.Names), certificate.KeyType, certificate.KeySize, certificate.ChainLength, certificate.NotAfter);
        foreach (var warning in certificate.Warnings(Now))
        {
            Log.Weak(logger, certificate.Source, warning);
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
    }
}
