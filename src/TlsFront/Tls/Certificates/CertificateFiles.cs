using System.Diagnostics.CodeAnalysis;
using TlsFront.Configuration;

namespace TlsFront.Tls.Certificates;

/// <summary>The two files of a certificate source; the same path twice when one file holds both.</summary>
/// <param name="Chain">PEM file with the certificate first, then its issuers.</param>
/// <param name="Key">PEM file with the private key.</param>
internal readonly record struct CertificateFiles(string Chain, string Key)
{
    /// <summary>
    /// Names in folders: certbot's, a Kubernetes TLS secret's, certbot's without the chain, which is warned of, those of mailcow, Mailu and Traefik's
    /// dumpers, and those of traefik-certs-dumper --domain-subdir.
    /// </summary>
    private static readonly CertificateFiles[] Conventions =
    [
        new("fullchain.pem", "privkey.pem"), new("tls.crt", "tls.key"), new("cert.pem", "privkey.pem"), new("fullchain.pem", "key.pem"),
        new("cert.pem", "key.pem"), new("certificate.crt", "privatekey.key"), new("certificate.pem", "privatekey.pem"),
    ];

    /// <summary>
    /// Finds the files of <paramref name="settings"/>. They are looked for anew each time: a folder's content may change its convention.
    /// </summary>
    public static bool TryLocate(CertificateSettings settings, out CertificateFiles files, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        files = new(settings.Path, settings.Key ?? settings.Path);
        if (!Directory.Exists(settings.Path))
        {
            return true;
        }

        HashSet<string>? names = null;
        try
        {
            names = [.. Directory.EnumerateFileSystemEntries(settings.Path).Select(static entry => Path.GetFileName(entry))];
        }
        catch (UnauthorizedAccessException)
        {
            // Files may be opened nevertheless in a folder that may not be listed.
            problem = $"{settings.Path}: permission denied; let the user {Environment.UserName} read and enter the folder";
        }
        catch (IOException exception)
        {
            problem = $"{settings.Path}: {exception.Message}";
            return false;
        }

        bool IsThere(string name) => names?.Contains(name) ?? File.Exists(Path.Combine(settings.Path, name));

        // Of half a pair it is said what is missing.
        List<CertificateFiles> pairs = [.. Conventions, .. NamedPairs(settings.Path, names ?? [])];
        var index = pairs.FindIndex(pair => IsThere(pair.Chain) && IsThere(pair.Key));
        index = index >= 0 ? index : pairs.FindIndex(pair => IsThere(pair.Chain));
        if (index >= 0)
        {
            files = new(Path.Combine(settings.Path, pairs[index].Chain), settings.Key ?? Path.Combine(settings.Path, pairs[index].Key));
            return true;
        }

        problem ??= names is { Count: 0 } ? $"{settings.Path}: the folder is empty"
            : $"{settings.Path}: the folder has no files named as by certbot (fullchain.pem and privkey.pem), Kubernetes (tls.crt and tls.key), "
                + "acme.sh, Caddy, mailcow or Traefik's dumpers, nor files or folders of many certificates; name the files with path and key";
        return false;
    }

    /// <summary>Pairs named after the certificate, as is the folder: acme.sh's in <c>NAME</c> and <c>NAME_ecc</c>, Caddy's in <c>NAME</c>.</summary>
    private static IEnumerable<CertificateFiles> NamedPairs(string folder, HashSet<string> names)
    {
        const string Ecdsa = "_ecc";
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        name = name.EndsWith(Ecdsa, StringComparison.Ordinal) ? name[..^Ecdsa.Length] : name;
        var keys = names.Where(static file => file.EndsWith(".key", StringComparison.Ordinal)).Take(2).ToList();
        yield return new("fullchain.cer", keys is [var only] ? only : name + ".key");
        yield return new(name + ".crt", name + ".key");
    }
}
