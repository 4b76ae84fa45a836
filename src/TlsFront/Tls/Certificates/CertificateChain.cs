using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace TlsFront.Tls.Certificates;

/// <summary>How the certificates of one file hang together (RFC 5280 section 6.1): by the names and key identifiers of issuer and subject.</summary>
internal static class CertificateChain
{
    /// <summary>Whether it names itself as its issuer, as roots do.</summary>
    public static bool IsSelfIssued(X509Certificate2 certificate) => SameName(certificate.IssuerName, certificate.SubjectName);

    /// <summary>The issuers of <paramref name="leaf"/> among <paramref name="others"/>, one after the other, as far as they are there.</summary>
    public static ImmutableArray<X509Certificate2> Follow(X509Certificate2 leaf, ImmutableArray<X509Certificate2> others)
    {
        var path = ImmutableArray.CreateBuilder<X509Certificate2>();
        var last = leaf;
        // Each at most once: two that issued each other end it too.
        while (!IsSelfIssued(last) && others.FirstOrDefault(other => !path.Contains(other) && Issued(other, last)) is { } issuer)
        {
            path.Add(issuer);
            last = issuer;
        }

        return path.ToImmutable();
    }

    /// <summary>
    /// The distinguished name of an issuer that the file lacks; null if nothing indicates one. A chain may end below a root, which clients have; so
    /// one is missing if it ends at the leaf, or if the file goes on with what does not belong to it.
    /// A second certificate for a name in it is a cross-sign.
    /// </summary>
    public static string? MissingIssuer(X509Certificate2 leaf, ImmutableArray<X509Certificate2> others)
    {
        var path = Follow(leaf, others);
        var last = path.IsEmpty ? leaf : path[^1];
        if (IsSelfIssued(last))
        {
            return null;
        }

        return path.IsEmpty || others.Any(other => !path.Any(known => SameName(known.SubjectName, other.SubjectName))) ? last.Issuer : null;
    }

    private static bool Issued(X509Certificate2 issuer, X509Certificate2 certificate) =>
        SameName(issuer.SubjectName, certificate.IssuerName)
        && (certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is not { } wanted
            || issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes is not { } key
            || wanted.Span.SequenceEqual(key.Span));

    private static bool SameName(X500DistinguishedName one, X500DistinguishedName other) => one.RawData.AsSpan().SequenceEqual(other.RawData);
}
