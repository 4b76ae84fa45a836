using System.Globalization;
using System.Net;
using TlsFront.Configuration;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;

namespace TlsFront.Listeners.SelfCheck;

/// <summary>
/// Compares what a listener presents with what is in the file. Both are taken from where they are: the one from a handshake, the other from disk.
/// What the gateway has in memory decides only what to ask for, because a renewal that was not taken over is exactly what is to be found.
/// </summary>
/// <param name="handshake">Connects to the listeners.</param>
/// <param name="sources">What the settings name.</param>
internal sealed class CertificateCheck(SelfHandshake handshake, IEnumerable<CertificateSettings> sources)
{
    private readonly Dictionary<string, CertificateSettings> _files = sources
        .SelectMany(static source => CertificateDirectory.Expand(source))
        .Select(static source => (Source: source, Found: CertificateFiles.TryLocate(source, out var files, out _), files.Chain))
        .Where(static entry => entry.Found)
        .DistinctBy(static entry => entry.Chain)
        .ToDictionary(static entry => entry.Chain, static entry => entry.Source);

    private readonly Dictionary<string, CertificateReading> _readings = [];

    /// <summary>Checks one certificate on one listener; null if it was no time for it.</summary>
    public async Task<CertificateVerdict?> RunAsync(EndPoint bound, TlsPolicy policy, LoadedCertificate certificate, CancellationToken stop)
    {
        if (bound is not IPEndPoint address)
        {
            return new(null, $"{bound} is no address of the Internet protocol");
        }

        if (CheckingClient.For(certificate, policy) is not { } client)
        {
            // Unless it has just been replaced.
            return policy.Certificates.Contains(certificate)
                ? new(null, "no client that can be made up here gets it: others come before it for all of its names")
                : null;
        }

        var reading = Read(certificate.Source);
        var (chain, failure) = await handshake.RunAsync(address, client, stop);
        return chain is not null ? Compare(client, chain, reading)
            : failure is not null ? new(false, failure)
            : null;
    }

    private static CertificateVerdict Compare(CheckingClient client, PresentedChain chain, CertificateReading reading)
    {
        var who = client.ServerName is { } name ? $"clients that ask for {name}" : "clients that ask for no name";
        if (reading.Certificate is not { } file)
        {
            return new(false, $"{reading.Problem}; {who} get one valid until {Date(chain.NotAfter)}", chain.NotAfter);
        }

        if (!chain.Is(file))
        {
            return new(
                false, $"{who} get another one, valid until {Date(chain.NotAfter)}; the file's is valid until {Date(file.NotAfter)}", chain.NotAfter);
        }

        return chain.Missing(file) is { } issuer
            ? new(false, $"{who} get it without the certificate of \"{issuer}\", which the file has", chain.NotAfter)
            : new(true, null, chain.NotAfter);
    }

    /// <summary>What is in the file now, read once for all listeners.</summary>
    private CertificateReading Read(string path)
    {
        if (!_readings.TryGetValue(path, out var reading))
        {
            reading = _files.TryGetValue(path, out var source)
                ? CertificateLoader.Load(source)
                : new(null, $"{path}: the file is gone, or the settings do not name it any more");
            _readings.Add(path, reading);
        }

        return reading;
    }

    private static string Date(DateTimeOffset time) => time.ToString("u", CultureInfo.InvariantCulture);
}
