namespace TlsFront.Backends;

/// <summary>
/// Rendezvous hashing (D. Thaler, C. Ravishankar: "Using Name-Based Mappings to Increase Hit Rates", 1998): each destination has a weight for each
/// user, and a user's sessions go to the heaviest. No weight depends on the other destinations, so that one which leaves or comes moves its own users
/// alone.
/// </summary>
/// <remarks>
/// Every replica must come to the same, today and after an upgrade. Hence nothing of the runtime, which promises neither; and whoever changes a
/// number here moves all users of all gateways at once.
/// </remarks>
internal static class Rendezvous
{
    /// <summary>Of FNV-1a with 64 bits, by G. Fowler, L. Noll and P. Vo, as is <see cref="Prime"/>.</summary>
    private const ulong OffsetBasis = 0xcbf29ce484222325;
    private const ulong Prime = 0x100000001b3;

    /// <summary>A number for a name: FNV-1a of its UTF-8, mixed.</summary>
    public static ulong Key(ReadOnlySpan<char> name)
    {
        var hash = OffsetBasis;
        Span<byte> octets = stackalloc byte[4];
        foreach (var rune in name.EnumerateRunes())
        {
            foreach (var octet in octets[..rune.EncodeToUtf8(octets)])
            {
                hash = (hash ^ octet) * Prime;
            }
        }

        return Mix(hash);
    }

    /// <summary>What weighs for a user, by the keys of both.</summary>
    public static ulong Weight(ulong user, ulong destination) => Mix(user ^ destination);

    /// <summary>
    /// The finalizer of MurmurHash3 with 64 bits: each bit of the input changes each of the output as likely as not; those of FNV-1a do not.
    /// </summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xff51afd7ed558ccd;
        value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53;
        return value ^ (value >> 33);
    }
}
