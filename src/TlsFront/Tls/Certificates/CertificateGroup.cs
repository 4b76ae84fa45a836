using System.Collections.Immutable;
using TlsFront.Configuration;

namespace TlsFront.Tls.Certificates;

/// <summary>What one entry of <c>certificates</c> stands for: one source, or those a folder of many has now.</summary>
internal sealed class CertificateGroup
{
    private readonly bool _isMany;
    private ImmutableArray<CertificateSettings> _seen = [];

    public CertificateGroup(CertificateSettings settings)
    {
        Settings = settings;
        var found = CertificateDirectory.Expand(settings);
        _isMany = found is not [var only] || only != settings;
        Sources = [.. found.Select(static source => new CertificateSource(source))];
    }

    public CertificateSettings Settings { get; }

    public ImmutableArray<CertificateSource> Sources { get; private set; }

    /// <summary>The certificates of its sources, as far as they have one.</summary>
    public IEnumerable<LoadedCertificate> Certificates => Sources.Select(static source => source.Certificate).OfType<LoadedCertificate>();

    /// <summary>Why it cannot be taken over; empty if it can. A folder of many can with one that is usable: the others must not suffer.</summary>
    public IEnumerable<string> Problems => _isMany && Certificates.Any() ? [] : Sources.Select(static source => source.Problem).OfType<string>();

    /// <summary>
    /// Checks whether a folder of many has other sources than before, which is believed when two checks find the same. A folder that is empty or
    /// gone keeps all it had: more likely it is not mounted than meant.
    /// </summary>
    /// <returns>Sources that went; new ones still have to be read.</returns>
    public ImmutableArray<CertificateSource> Rescan()
    {
        if (!_isMany)
        {
            return [];
        }

        var found = CertificateDirectory.Expand(Settings);
        var atRest = found.SequenceEqual(_seen);
        _seen = found;
        if (!atRest || found.Contains(Settings) || found.SequenceEqual(Sources.Select(static source => source.Settings)))
        {
            return [];
        }

        var known = Sources.ToDictionary(static source => source.Settings);
        ImmutableArray<CertificateSource> next = [.. found.Select(settings => known.GetValueOrDefault(settings) ?? new CertificateSource(settings))];
        var gone = Sources.Except(next).ToImmutableArray();
        if (next.Any(static source => source.Certificate is not null))
        {
            Sources = next;
            return gone;
        }

        // Nothing that is left was ever usable: what went stays until something is.
        Sources = [.. next, .. gone];
        return [];
    }
}
