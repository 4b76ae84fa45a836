using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TlsFront.Tls.Certificates;

/// <summary>Reads a certificate with key and chain from PKCS #12 (RFC 7292), the form of <c>.pfx</c> and <c>.p12</c> files.</summary>
internal static class Pkcs12File
{
    /// <summary>HRESULT of ERROR_INVALID_PASSWORD, which .NET sets on every system.</summary>
    private const int WrongPassword = unchecked((int)0x80070056);

    /// <param name="path">The file's path, for problems.</param>
    /// <param name="content">The file's content.</param>
    /// <param name="password">Its password; empty if none is configured.</param>
    public static CertificateReading Parse(string path, ReadOnlySpan<byte> content, ReadOnlySpan<char> password)
    {
        try
        {
            var all = X509CertificateLoader.LoadPkcs12Collection(content, password, X509KeyStorageFlags.Exportable);
            var leaves = all.Where(static certificate => certificate.HasPrivateKey).ToList();
            if (leaves.Count != 1)
            {
                return new(
                    null,
                    $"{path}: the file holds {leaves.Count} certificates with their private keys and must hold one; "
                    + "export it anew (openssl pkcs12 -export -inkey ... -in ...)");
            }

            return new(new LoadedCertificate(leaves[0], Chain(leaves[0], [.. all.Where(certificate => !certificate.HasPrivateKey)]), path));
        }
        catch (CryptographicException exception) when (exception.HResult == WrongPassword)
        {
            return new(null, password.IsEmpty
                ? $"{path}: the file is protected by a password; name the file that holds it with passwordFile"
                : $"{path}: the password in passwordFile does not open the file");
        }
        catch (CryptographicException exception)
        {
            return new(null, $"{path}: the file cannot be used: {exception.Message}");
        }
    }

    /// <summary>Issuer after issuer, which the format does not promise, and without the root, which clients have.</summary>
    private static ImmutableArray<X509Certificate2> Chain(X509Certificate2 leaf, ImmutableArray<X509Certificate2> others) =>
        [.. CertificateChain.Follow(leaf, others).Where(static certificate => !CertificateChain.IsSelfIssued(certificate))];
}
