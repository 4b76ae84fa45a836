using System.Collections.Immutable;
using TlsFront.Configuration;
using TlsFront.Tls.Certificates;

namespace TlsFront.Cli;

/// <summary>The certificates that settings name, read from their files as they are now, each once.</summary>
internal sealed class ConfiguredCertificates
{
    private readonly Dictionary<CertificateSettings, CertificateReading> _read = [];

    /// <summary>Reads those of settings that may have mistakes elsewhere.</summary>
    public ConfiguredCertificates(SettingsResult result)
    {
        var forAnyName = result.Certificates.Select(static source => source.Value).ToList();
        var own = result.OwnCertificates.Select(static source => source.Value).Distinct().ToList();
        Readings = [.. forAnyName.Concat(own).SelectMany(static entry => CertificateDirectory.Expand(entry)).Distinct().Select(Read)];
        Snapshot = new(
            [.. forAnyName.SelectMany(Of).Select(static reading => reading.Certificate).OfType<LoadedCertificate>().Distinct()],
            own.ToDictionary(
                static entry => entry,
                entry => Of(entry).Select(static reading => reading.Certificate).OfType<LoadedCertificate>().ToImmutableArray()));
    }

    /// <summary>What was read of each source, those for any name first.</summary>
    public IReadOnlyList<CertificateReading> Readings { get; }

    /// <summary>Those that can be used, as the gateway would choose from them.</summary>
    public CertificateSnapshot Snapshot { get; }

    /// <summary>What was read of an entry of <c>certificates</c>: several where it is a folder of many.</summary>
    public IEnumerable<CertificateReading> Of(CertificateSettings entry) => CertificateDirectory.Expand(entry).Select(Read);

    private CertificateReading Read(CertificateSettings source)
    {
        if (!_read.TryGetValue(source, out var reading))
        {
            _read.Add(source, reading = CertificateLoader.Load(source));
        }

        return reading;
    }
}
