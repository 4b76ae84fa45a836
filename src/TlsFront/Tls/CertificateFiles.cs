using TlsFront.Configuration;

namespace TlsFront.Tls;

/// <summary>The two files of a certificate source; the same path twice when one file holds both.</summary>
/// <param name="Chain">PEM file with the certificate first, then its issuers.</param>
/// <param name="Key">PEM file with the private key.</param>
internal readonly record struct CertificateFiles(string Chain, string Key)
{
    /// <summary>Names in folders: certbot's, a Kubernetes TLS secret's, and certbot's without the chain, which is warned of.</summary>
    private static readonly CertificateFiles[] Conventions = [new("fullchain.pem", "privkey.pem"), new("tls.crt", "tls.key"), new("cert.pem", "privkey.pem")];

    /// <summary>Finds the files of <paramref name="settings"/>. They are looked for anew each time: a folder's content may change its convention.</summary>
    public static bool TryLocate(CertificateSettings settings, out CertificateFiles files, out string? problem)
    {
        problem = null;
        files = new(settings.Path, settings.Key ?? settings.Path);
        if (!Directory.Exists(settings.Path))
        {
            return true;
        }

        foreach (var (chain, key) in Conventions)
        {
            files = new(Path.Combine(settings.Path, chain), settings.Key ?? Path.Combine(settings.Path, key));
            if (File.Exists(files.Chain))
            {
                return true;
            }
        }

        problem = $"{settings.Path}: the folder has neither fullchain.pem and privkey.pem nor tls.crt and tls.key, nor files or folders of many certificates, or this user may not see them; name the files with path and key";
        return false;
    }
}
