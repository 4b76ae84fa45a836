using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Tls.Certificates;

namespace TlsFront.Listeners.SelfCheck;

/// <summary>What a listener presented in a handshake.</summary>
/// <param name="Leaf">The certificate, as DER.</param>
/// <param name="NotAfter">End of its validity.</param>
/// <param name="Issuers">What came with it, as DER.</param>
internal sealed record PresentedChain(ReadOnlyMemory<byte> Leaf, DateTimeOffset NotAfter, ImmutableArray<ReadOnlyMemory<byte>> Issuers)
{
    public static PresentedChain Of(X509Certificate2 leaf, X509Certificate2Collection others) =>
        new(leaf.RawData, leaf.NotAfter.ToUniversalTime(), [.. others.Select(static other => (ReadOnlyMemory<byte>)other.RawData)]);

    /// <summary>Whether it is <paramref name="certificate"/> that was presented.</summary>
    public bool Is(LoadedCertificate certificate) => Leaf.Span.SequenceEqual(certificate.Leaf.RawDataMemory.Span);

    /// <summary>
    /// The first issuer that the file of <paramref name="certificate"/> has and that did not come; null if all came. A root need not.
    /// </summary>
    public string? Missing(LoadedCertificate certificate)
    {
        foreach (var issuer in CertificateChain.Follow(certificate.Leaf, certificate.Intermediates))
        {
            if (!CertificateChain.IsSelfIssued(issuer) && !Issuers.Any(came => came.Span.SequenceEqual(issuer.RawDataMemory.Span)))
            {
                return issuer.Subject;
            }
        }

        return null;
    }
}
