using TlsFront.Tls;
using TlsFront.Tls.Hello;

namespace TlsFront.Transport.Native.Tls;

/// <summary>OpenSSL's names for key exchange groups.</summary>
internal static class GroupNames
{
    /// <summary>Lists for <c>SSL_CTX_set1_groups_list</c>, the best first: older versions refuse one with a name they do not know.</summary>
    public static readonly string[] Lists =
        [ListOf(KeyExchange.Groups), ListOf(KeyExchange.Groups.Where(static group => group != NamedGroup.X25519MlKem768))];

    private static string ListOf(IEnumerable<NamedGroup> groups) => string.Join(':', groups.Select(Of));

    private static string Of(NamedGroup group) => group switch
    {
        NamedGroup.X25519MlKem768 => "X25519MLKEM768",
        NamedGroup.X25519 => "X25519",
        NamedGroup.Secp256R1 => "P-256",
        NamedGroup.Secp384R1 => "P-384",
        _ => throw new ArgumentOutOfRangeException(nameof(group), group, "The native engine has no name for this group."),
    };
}
