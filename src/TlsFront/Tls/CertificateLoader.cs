using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TlsFront.Configuration;

namespace TlsFront.Tls;

/// <summary>Reads certificates, chains and keys from PEM files (RFC 7468). What is wrong with them is a value, in words that name file and remedy.</summary>
internal static class CertificateLoader
{
    /// <summary>Larger than any chain; keeps a wrong path, such as a log file, out of memory.</summary>
    private const int MaximumFile = 1024 * 1024;

    /// <summary>Reads what <paramref name="settings"/> names.</summary>
    public static CertificateReading Load(CertificateSettings settings)
    {
        if (!CertificateFiles.TryLocate(settings, out var files, out var problem))
        {
            return new(null, problem);
        }

        if (!TryReadText(files.Chain, out var chain, out problem))
        {
            return new(null, problem);
        }

        char[]? key = null;
        try
        {
            if (files.Key == files.Chain)
            {
                return Parse(files, chain, chain);
            }

            return TryReadText(files.Key, out key, out problem) ? Parse(files, chain, key) : new(null, problem);
        }
        finally
        {
            // Either may hold the private key.
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(chain.AsSpan()));
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(key.AsSpan()));
        }
    }

    private static CertificateReading Parse(CertificateFiles files, ReadOnlySpan<char> chain, ReadOnlySpan<char> key)
    {
        if (!TryParseChain(files.Chain, chain, out var certificates, out var problem) || !CheckKey(files, key, out problem))
        {
            return new(null, problem);
        }

        try
        {
            return new(new LoadedCertificate(WithKey(certificates[0], key), certificates[1..], files.Chain));
        }
        catch (ArgumentException)
        {
            return new(null, $"{files.Key}: the key is not that of the first certificate in {files.Chain}; put the server's certificate first, and use certificate and key of the same renewal");
        }
        catch (CryptographicException exception)
        {
            return new(null, $"{files.Chain}: certificate and key {files.Key} cannot be used: {exception.Message}");
        }
    }

    private static bool TryParseChain(string path, ReadOnlySpan<char> pem, out ImmutableArray<X509Certificate2> certificates, [NotNullWhen(false)] out string? problem)
    {
        var found = ImmutableArray.CreateBuilder<X509Certificate2>();
        certificates = [];
        problem = null;
        var rest = pem;
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label] is "CERTIFICATE")
            {
                var der = new byte[fields.DecodedDataLength];
                if (!Convert.TryFromBase64Chars(rest[fields.Base64Data], der, out var length))
                {
                    problem = $"{path}: certificate {found.Count + 1} is not valid PEM";
                    return false;
                }

                try
                {
                    found.Add(X509CertificateLoader.LoadCertificate(der.AsSpan(0, length)));
                }
                catch (CryptographicException)
                {
                    problem = $"{path}: block {found.Count + 1} is not a certificate";
                    return false;
                }
            }

            rest = rest[fields.Location.End..];
        }

        certificates = found.ToImmutable();
        problem = pem.Count("-----BEGIN CERTIFICATE-----") != certificates.Length ? $"{path}: a certificate in the file is incomplete; write the whole file again"
            : certificates.IsEmpty ? $"{path}: the file holds no PEM certificate; name the file with the full chain"
            : null;
        return problem is null;
    }

    private static bool CheckKey(CertificateFiles files, ReadOnlySpan<char> pem, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        var rest = pem;
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label] is "PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY")
            {
                return true;
            }

            if (rest[fields.Label] is "ENCRYPTED PRIVATE KEY")
            {
                problem = Encrypted(files.Key);
                return false;
            }

            rest = rest[fields.Location.End..];
        }

        // The form older than PKCS #8 marks encryption in a header, and so is no block to PemEncoding.
        problem = pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal) ? Encrypted(files.Key)
            : files.Key == files.Chain ? $"{files.Key}: the file holds no complete private key; name the key's file with key, or name the folder of both"
            : $"{files.Key}: the file holds no complete PEM private key";
        return false;
    }

    private static string Encrypted(string path) => $"{path}: the private key is encrypted with a passphrase; decrypt it (openssl pkey -in ... -out ...) and guard the file by its permissions";

    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    /// <exception cref="CryptographicException">The key is malformed or of another type than the certificate's.</exception>
    private static X509Certificate2 WithKey(X509Certificate2 certificate, ReadOnlySpan<char> key)
    {
        var paired = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), key);
        if (!OperatingSystem.IsWindows())
        {
            return paired;
        }

        // Schannel cannot use a key that exists in memory only.
        using (paired)
        {
            return X509CertificateLoader.LoadPkcs12(paired.Export(X509ContentType.Pkcs12), null);
        }
    }

    private static bool TryReadText(string path, [NotNullWhen(true)] out char[]? text, [NotNullWhen(false)] out string? problem)
    {
        text = null;
        byte[]? bytes = null;
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            if (length > MaximumFile)
            {
                problem = $"{path}: the file is larger than 1 MB and thus no certificate or key";
                return false;
            }

            bytes = new byte[length];
            var read = 0;
            while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is > 0 and var count)
            {
                read += count;
            }

            text = Encoding.Latin1.GetChars(bytes, 0, read);
            problem = null;
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            problem = $"{path}: the file does not exist";
        }
        catch (UnauthorizedAccessException)
        {
            problem = $"{path}: permission denied; let the user {Environment.UserName} read the file and enter its folders";
        }
        catch (IOException exception)
        {
            problem = $"{path}: {exception.Message}";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }

        return false;
    }
}
