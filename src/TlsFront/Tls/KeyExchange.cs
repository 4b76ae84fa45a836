using System.Collections.Immutable;
using TlsFront.Tls.Hello;

namespace TlsFront.Tls;

/// <summary>Key exchange groups of the profiles, by preference: Mozilla's server side TLS guidelines 6.0, hybrid post-quantum first.</summary>
internal static class KeyExchange
{
    /// <summary>All of them; a library that does not know the hybrid one has the others.</summary>
    public static readonly ImmutableArray<NamedGroup> Groups =
        [NamedGroup.X25519MlKem768, NamedGroup.X25519, NamedGroup.Secp256R1, NamedGroup.Secp384R1];

    /// <summary>Whether a client with this hello can exchange keys in one of them. One that lists none leaves it to the TLS engine.</summary>
    public static bool IsShared(ClientHello hello)
    {
        if (hello.SupportedGroups.IsEmpty)
        {
            return true;
        }

        foreach (var group in Groups)
        {
            if (hello.SupportedGroups.Contains(group))
            {
                return true;
            }
        }

        return false;
    }
}
