using System.Security.Cryptography.X509Certificates;

namespace TlsFront.Tls.ClientCertificates;

/// <summary>The names of authorities, which clients are told so that they show no certificate of another.</summary>
internal static class AuthorityNames
{
    // All names travel in one message, of which common clients accept about 64 KiB, and some half of that.
    private const int MostBytes = 16 << 10;

    /// <summary>
    /// Whether clients have room for the names of <paramref name="authorities"/>. Where they have not, none is named: a client may then show
    /// whichever certificate it has.
    /// </summary>
    public static bool CanBeTold(X509Certificate2Collection authorities) =>
        authorities.Sum(static authority => authority.SubjectName.RawData.Length) <= MostBytes;
}
