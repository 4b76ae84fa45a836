using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TlsFront.Configuration;

namespace TlsFront.Tls.Certificates;

/// <summary>
/// Reads certificates, chains and keys from PEM files (RFC 7468) and PKCS #12.
/// What is wrong with them is a value, in words that name file and remedy.
/// </summary>
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

        char[]? password = null;
        string? warning = null;
        byte[]? chain = null;
        byte[]? key = null;
        try
        {
            if ((settings.PasswordFile is { } file && !SecretFile.TryReadPassword(file, out password, out warning, out problem))
                || !TryRead(files.Chain, out chain, out problem)
                || (files.Key != files.Chain && !TryRead(files.Key, out key, out problem)))
            {
                return new(null, problem);
            }

            if (DerFile.IsPkcs12(chain))
            {
                return settings.Key is null
                    ? Pkcs12File.Parse(files.Chain, chain, password).Warn(warning)
                    : new(
                        null,
                        $"{files.Chain}: the file is PKCS #12 and holds its own key; "
                        + $"remove the key {settings.Key}, or name the certificate's PEM file in path");
            }

            if ((DerFile.Problem(files.Chain, chain) ?? DerFile.Problem(files.Key, key)) is { } binary)
            {
                return new(null, binary);
            }

            var reading = ParsePem(files, chain, key ?? chain, password, out var isEncrypted);
            return reading.Warn(warning).Warn(settings is not { PasswordFile: { } unneeded, SharesPassword: false } || isEncrypted ? null
                : $"{files.Key}: the private key is not encrypted, so that the password in {unneeded} protects nothing; "
                    + "remove passwordFile, or encrypt the key (openssl pkcs8 -topk8 -in ... -out ...)");
        }
        finally
        {
            // Either may hold the private key.
            CryptographicOperations.ZeroMemory(chain);
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(password.AsSpan()));
        }
    }

    private static CertificateReading ParsePem(CertificateFiles files, byte[] chain, byte[] key, ReadOnlySpan<char> password, out bool isEncrypted)
    {
        var chainText = Text(chain);
        var keyText = key == chain ? chainText : Text(key);
        try
        {
            return ParsePem(files, chainText, keyText, password, out isEncrypted);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(chainText.AsSpan()));
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(keyText.AsSpan()));
        }
    }

    /// <summary>PEM is ASCII; editors on Windows put a byte order mark before it.</summary>
    private static char[] Text(ReadOnlySpan<byte> content)
    {
        content = content.StartsWith("\uFEFF"u8) ? content[3..] : content;
        var text = new char[content.Length];
        Encoding.Latin1.GetChars(content, text);
        return text;
    }

    private static CertificateReading ParsePem(
        CertificateFiles files, ReadOnlySpan<char> chain, ReadOnlySpan<char> key, ReadOnlySpan<char> password, out bool isEncrypted)
    {
        isEncrypted = false;
        if (!PemChain.TryParse(files.Chain, chain, out var certificates, out var warning, out var problem)
            || !CheckKey(files, key, !password.IsEmpty, out isEncrypted, out problem))
        {
            return new(null, problem);
        }

        X509Certificate2 leaf;
        try
        {
            leaf = WithKey(certificates[0], key, isEncrypted ? password : default);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            return new(null, KeyMismatch.Describe(files, certificates, key, isEncrypted ? password : default));
        }

        try
        {
            return new CertificateReading(new LoadedCertificate(leaf, certificates[1..], files.Chain)).Warn(warning);
        }
        catch (CryptographicException exception)
        {
            return new(null, $"{files.Chain}: the certificate cannot be used: {exception.Message}");
        }
    }

    private static bool CheckKey(
        CertificateFiles files, ReadOnlySpan<char> pem, bool hasPassword, out bool isEncrypted, [NotNullWhen(false)] out string? problem)
    {
        (isEncrypted, problem) = (false, PemChain.MissingLineBreak(files.Key, pem));
        if (problem is not null)
        {
            return false;
        }

        var rest = pem;
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label] is "PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY")
            {
                return true;
            }

            if (rest[fields.Label] is "ENCRYPTED PRIVATE KEY")
            {
                isEncrypted = true;
                problem = hasPassword
                    ? null
                    : $"{files.Key}: the private key is encrypted with a passphrase; name the file that holds it with passwordFile";
                return hasPassword;
            }

            rest = rest[fields.Location.End..];
        }

        // The form older than PKCS #8 marks encryption in a header, and so is no block to PemEncoding.
        problem = pem.IsEmpty ? $"{files.Key}: the file is empty"
            : pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal)
            ? $"{files.Key}: the private key is encrypted with a passphrase in a form older than PKCS #8; convert it (openssl pkcs8 -topk8 -in ... "
                + "-out ...) and name the passphrase's file with passwordFile"
            : files.Key == files.Chain
            ? $"{files.Key}: the file holds no complete private key; name the key's file with key, or name the folder of both"
            : $"{files.Key}: the file holds no complete PEM private key";
        return false;
    }

    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    /// <exception cref="CryptographicException">The key is malformed or of another type than the certificate's.</exception>
    private static X509Certificate2 WithKey(X509Certificate2 certificate, ReadOnlySpan<char> key, ReadOnlySpan<char> password)
    {
        var pem = certificate.ExportCertificatePem();
        var paired = password.IsEmpty ? X509Certificate2.CreateFromPem(pem, key) : X509Certificate2.CreateFromEncryptedPem(pem, key, password);
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

    private static bool TryRead(string path, [NotNullWhen(true)] out byte[]? content, [NotNullWhen(false)] out string? problem)
    {
        content = null;
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            if (length > MaximumFile)
            {
                problem = $"{path}: the file is larger than 1 MB and thus no certificate or key";
                return false;
            }

            // Zeros in place of what a shrinking file lost make no certificate.
            content = new byte[length];
            var read = 0;
            while (read < content.Length && RandomAccess.Read(file, content.AsSpan(read), read) is > 0 and var count)
            {
                read += count;
            }

            problem = null;
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            problem = new FileInfo(path).LinkTarget is { } target
                ? $"{path}: the symbolic link leads to {target}, which does not exist" : $"{path}: the file does not exist";
        }
        catch (UnauthorizedAccessException)
        {
            problem = $"{path}: permission denied; let the user {Environment.UserName} read the file and enter its folders";
        }
        catch (IOException exception)
        {
            problem = $"{path}: {exception.Message}";
        }

        return false;
    }
}
