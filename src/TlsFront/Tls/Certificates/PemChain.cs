using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TlsFront.Tls.Certificates;

/// <summary>The certificates of a PEM file (RFC 7468), as programs and people leave them.</summary>
internal static class PemChain
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";
    private const string Joined = "----------BEGIN ";

    /// <summary>Reads all certificates of the file at <paramref name="path"/>, in its order, each once.</summary>
    /// <param name="path">The file's path, for problems.</param>
    /// <param name="pem">The file's content.</param>
    /// <param name="certificates">The certificates, the server's first.</param>
    /// <param name="warning">What an operator should know of a file that can be used; null if nothing.</param>
    /// <param name="problem">Why it cannot be used.</param>
    public static bool TryParse(
        string path, ReadOnlySpan<char> pem, out ImmutableArray<X509Certificate2> certificates, out string? warning,
        [NotNullWhen(false)] out string? problem)
    {
        var found = new List<X509Certificate2>();
        var rest = pem;
        (certificates, warning, problem) = ([], null, MissingLineBreak(path, pem));
        var blocks = 0;
        while (problem is null && PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label] is "CERTIFICATE")
            {
                blocks++;
                problem = TryAdd(rest[fields.Base64Data], fields.DecodedDataLength, found, ref warning)
                    ? null : $"{path}: block {blocks} is not a certificate";
            }

            rest = rest[fields.Location.End..];
        }

        certificates = [.. found];
        problem ??= pem.IsEmpty ? $"{path}: the file is empty"
            : pem.Count(Begin) != blocks ? $"{path}: a certificate in the file is incomplete; write the whole file again"
            : blocks > 0 ? null
            : pem.Contains("-----BEGIN PKCS7-----", StringComparison.Ordinal)
                ? $"{path}: the file is PKCS #7; convert it: openssl pkcs7 -print_certs -in {path} -out ..."
            : $"{path}: the file holds no PEM certificate; name the file with the full chain";
        return problem is null;
    }

    /// <summary>What files look like that were put together from others without a newline at their ends; null if this one was not.</summary>
    public static string? MissingLineBreak(string path, ReadOnlySpan<char> pem)
    {
        var index = pem.IndexOf(Joined, StringComparison.Ordinal);
        if (index < 0)
        {
            return null;
        }

        var both = pem[..index].EndsWith("-----END CERTIFICATE", StringComparison.Ordinal)
            && pem[(index + 5)..].StartsWith(Begin, StringComparison.Ordinal);
        return $"{path}: a line break is missing between two {(both ? "certificates" : "blocks")}, line {pem[..index].Count('\n') + 1}: "
            + "write -----BEGIN in a line of its own";
    }

    private static bool TryAdd(ReadOnlySpan<char> base64, int length, List<X509Certificate2> found, ref string? warning)
    {
        var der = new byte[length];
        if (!Convert.TryFromBase64Chars(base64, der, out var written))
        {
            return false;
        }

        try
        {
            var certificate = X509CertificateLoader.LoadCertificate(der.AsSpan(0, written));
            if (!found.Exists(other => other.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)))
            {
                found.Add(certificate);
            }
            else
            {
                warning = $"certificate \"{certificate.Subject}\" stands in it twice and is presented once; remove one of the two";
            }

            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
