using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using TlsFront.Configuration;

namespace TlsFront.Inventory;

/// <summary>Under which name a user stands in the inventory: in lower case, or, with a key, under a pseudonym.</summary>
/// <param name="key">The key; null for names in clear.</param>
internal sealed class UserNames(byte[]? key)
{
    /// <summary>What pseudonyms begin with, so that nobody takes one for a name.</summary>
    public const string Prefix = "hmac:";

    /// <summary>Octets of a pseudonym: enough for no two users ever to share one.</summary>
    private const int Length = 16;

    /// <summary>As <paramref name="settings"/> want it; false if the key cannot be read.</summary>
    public static bool TryCreate(
        InventorySettings settings, [NotNullWhen(true)] out UserNames? names, [NotNullWhen(false)] out string? problem)
    {
        (names, problem) = (null, null);
        if (!settings.HashesUsers)
        {
            names = new(null);
            return true;
        }

        if (!SecretFile.TryReadPassword(settings.KeyFile!, out var key, out _, out problem))
        {
            return false;
        }

        names = new(Encoding.UTF8.GetBytes(key));
        Array.Clear(key);
        return true;
    }

    /// <summary>How <paramref name="user"/> is kept.</summary>
    public string Of(string user)
    {
        var name = user.ToLowerInvariant();
        return key is null ? name : Pseudonym(key, name);
    }

    /// <summary>All names under which <paramref name="user"/> may stand: before there was a key, in clear.</summary>
    public IReadOnlyList<string> AllOf(string user) => [.. new[] { user.ToLowerInvariant(), Of(user) }.Distinct()];

    private static string Pseudonym(byte[] key, string name)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(name), hash);
        return Prefix + Convert.ToHexStringLower(hash[..Length]);
    }
}
