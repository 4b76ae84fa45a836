using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TlsFront.Tls.Certificates;

/// <summary>Why a private key and a certificate do not go together, which the platform tells in words of its own for each form of PEM.</summary>
internal static class KeyMismatch
{
    /// <summary>What is wrong and what to do.</summary>
    /// <param name="files">Where both came from.</param>
    /// <param name="certificates">The certificates; the key should be the first one's.</param>
    /// <param name="key">The key in PEM.</param>
    /// <param name="password">Its password; empty for one that is not encrypted.</param>
    public static string Describe(
        CertificateFiles files, ImmutableArray<X509Certificate2> certificates, ReadOnlySpan<char> key, ReadOnlySpan<char> password)
    {
        using var found = (AsymmetricAlgorithm?)Import(RSA.Create(), key, password) ?? Import(ECDsa.Create(), key, password);
        if (found is null)
        {
            return password.IsEmpty
                ? $"{files.Key}: the private key cannot be used: it is neither RSA nor ECDSA, the types mail clients verify, or it is damaged"
                : $"{files.Key}: the password in passwordFile does not open the key, or the key is neither RSA nor ECDSA";
        }

        var owned = found.ExportSubjectPublicKeyInfo();
        var place = certificates.ToList().FindIndex(certificate => certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(owned));
        return place > 0
            ? $"{files.Chain}: the key {files.Key} is that of certificate {place + 1} in the file; put the server's certificate first"
            : $"{files.Key} ({Words(found)}) is not the key of {files.Chain} ({Words(certificates[0])}); use certificate and key of the same renewal";
    }

    private static T? Import<T>(T algorithm, ReadOnlySpan<char> pem, ReadOnlySpan<char> password)
        where T : AsymmetricAlgorithm
    {
        try
        {
            if (password.IsEmpty)
            {
                algorithm.ImportFromPem(pem);
            }
            else
            {
                algorithm.ImportFromEncryptedPem(pem, password);
            }

            return algorithm;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            algorithm.Dispose();
            return null;
        }
    }

    private static string Words(X509Certificate2 certificate)
    {
        using var key = (AsymmetricAlgorithm?)certificate.GetRSAPublicKey() ?? certificate.GetECDsaPublicKey();
        return key is null ? certificate.PublicKey.Oid.FriendlyName ?? "another type" : Words(key);
    }

    private static string Words(AsymmetricAlgorithm key) => key is RSA ? $"RSA {key.KeySize}" : $"ECDSA P-{key.KeySize}";
}
