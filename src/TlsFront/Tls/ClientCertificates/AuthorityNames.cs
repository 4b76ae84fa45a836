using System.Security.Cryptography.X509Certificates;

namespace TlsFront.Tls.ClientCertificates;

/// <summary>The names of authorities, which clients are told so that they show no certificate of another.</summary>
internal static class AuthorityNames
{
    // All names are in one message, for which common clients have room for 64 KiB or so, and some for half of that.
    private const int MostBytes = 16 << 10;

    /// <summary>
    /// Whether clients have room for the names of <paramref name="authorities"/>. Where they have not, none is named: a client may then show
    /// whichever certificate it has.
    /// </summary>
    public static bool CanBeTold(X509Certificate2Collection authorities) =>
        authorities.Sum(static authority => authority.SubjectName.RawData.Length) <= MostBytes;
}
