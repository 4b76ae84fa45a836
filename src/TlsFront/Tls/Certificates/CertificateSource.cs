using TlsFront.Configuration;

namespace TlsFront.Tls.Certificates;

/// <summary>
/// One configured source and the last good certificate it gave. Files are replaced while it reads: by rename, by swapped links, or written in
/// place, certificate and key one after the other.
/// </summary>
internal sealed class CertificateSource(CertificateSettings settings)
{
    private CertificateStamp _settled;
    private CertificateStamp _seen;
    private DateTimeOffset? _invalidReported;

    public CertificateSettings Settings { get; } = settings;

    /// <summary>The last good certificate; null until the first.</summary>
    public LoadedCertificate? Certificate { get; private set; }

    /// <summary>What was wrong at the last check that settled; null if nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>What an operator should know of the files of <see cref="Certificate"/>; null if nothing.</summary>
    public string? Warning { get; private set; }

    /// <summary>Its files as they were last read, under the name of the one with the certificate.</summary>
    public FileState State => new(_settled.Path, _settled, Problem);

    /// <summary>Reads the source and settles on what is found, without waiting for it to come to rest: for the start.</summary>
    public CertificateChange Load()
    {
        var stamp = CertificateStamp.Of(Settings);
        return Settle(stamp, CertificateLoader.Load(Settings));
    }

    /// <summary>
    /// Checks whether the files changed. A matching pair with a chain is taken at once. Anything else may be half a renewal: it is judged only when
    /// two checks find the same, and then once.
    /// </summary>
    public CertificateChange Check()
    {
        var stamp = CertificateStamp.Of(Settings);
        if (stamp == _settled)
        {
            return CertificateChange.None;
        }

        var atRest = stamp == _seen;
        _seen = stamp;
        var reading = CertificateLoader.Load(Settings);
        return atRest || reading.Certificate is { HasChain: true } ? Settle(stamp, reading) : CertificateChange.None;
    }

    /// <summary>Why clients refuse the certificate now, once a day; otherwise null.</summary>
    public string? InvalidityToReport(DateTimeOffset now)
    {
        if (Certificate?.Invalidity(now) is not { } words || now - _invalidReported < TimeSpan.FromDays(1))
        {
            return null;
        }

        _invalidReported = now;
        return words;
    }

    private CertificateChange Settle(CertificateStamp stamp, CertificateReading reading)
    {
        // If the files changed after the stamp was taken, the next check sees another one and reads again.
        _settled = stamp;
        Problem = reading.Problem;
        if (reading.Certificate is null)
        {
            return CertificateChange.Unusable;
        }

        Certificate = reading.Certificate;
        Warning = reading.Warning;
        _invalidReported = null;
        return CertificateChange.Replaced;
    }
}
