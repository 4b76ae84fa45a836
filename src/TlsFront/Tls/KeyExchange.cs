using System.Collections.Immutable;
using System.Globalization;
using TlsFront.Tls.Hello;

namespace TlsFront.Tls;

/// <summary>Key exchange groups of the profiles, by preference: Mozilla's server side TLS guidelines 6.0, hybrid post-quantum first.</summary>
internal static class KeyExchange
{
    /// <summary>Most groups of a client that a sentence names.</summary>
    private const int Told = 6;

    /// <summary>All of them; a library that does not know the hybrid one has the others.</summary>
    public static readonly ImmutableArray<NamedGroup> Groups =
        [NamedGroup.X25519MlKem768, NamedGroup.X25519, NamedGroup.Secp256R1, NamedGroup.Secp384R1];

    /// <summary>IANA's name of a group, of those a client may be expected to have; the number of any other.</summary>
    public static string NameOf(NamedGroup group) => (ushort)group switch
    {
        0x0009 => "sect283k1",
        0x0012 => "secp192k1",
        0x0013 => "secp192r1",
        0x0015 => "secp224r1",
        0x0016 => "secp256k1",
        0x0017 => "secp256r1",
        0x0018 => "secp384r1",
        0x0019 => "secp521r1",
        0x001A => "brainpoolP256r1",
        0x001B => "brainpoolP384r1",
        0x001C => "brainpoolP512r1",
        0x001D => "x25519",
        0x001E => "x448",
        0x0100 => "ffdhe2048",
        0x0101 => "ffdhe3072",
        0x0102 => "ffdhe4096",
        0x11EC => "X25519MLKEM768",
        var number => string.Create(CultureInfo.InvariantCulture, $"0x{number:x4}"),
    };

    /// <summary>The first few of <paramref name="groups"/>, for people: a client may list thousands.</summary>
    public static string Describe(ImmutableArray<NamedGroup> groups) =>
        string.Join(", ", groups.Take(Told).Select(NameOf)) + (groups.Length > Told ? " and others" : "");

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
