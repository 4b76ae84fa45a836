using TlsFront.Configuration;

namespace TlsFront.Tls.Certificates;

/// <summary>State of a certificate source's files at one check.</summary>
internal readonly record struct CertificateStamp(string Path, FileStamp Chain, FileStamp Key, FileStamp Password)
{
    public static CertificateStamp Of(CertificateSettings settings) =>
        CertificateFiles.TryLocate(settings, out var files, out _)
            ? new(
                files.Chain, FileStamp.Of(files.Chain), FileStamp.Of(files.Key),
                settings.PasswordFile is { } password ? FileStamp.Of(password) : FileStamp.Missing)
            : new(settings.Path, FileStamp.Missing, FileStamp.Missing, FileStamp.Missing);
}
