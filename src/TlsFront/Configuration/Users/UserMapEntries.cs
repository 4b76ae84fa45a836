using System.Text;

namespace TlsFront.Configuration.Users;

/// <summary>
/// Keys and what they lead to, without an object for any of them: one array of octets with an entry behind the other, and a table of where in it they
/// begin, with linear probing. An entry is the number of the key's octets, the target, both in groups of seven bits, and the key in UTF-8.
/// </summary>
/// <param name="entries">The entries.</param>
/// <param name="places">Where they begin, plus one; 0 for a free place. Their number is a power of two, and one of them at least is free.</param>
internal readonly struct UserMapEntries(byte[] entries, int[] places)
{
    /// <summary>Most octets of an entry beside its key.</summary>
    public const int Overhead = 10;

    /// <summary>The target of a key; -1 if it is not there, and <paramref name="place"/> is the free place for it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="octets">The same in UTF-8.</param>
    /// <param name="place">Index of its place.</param>
    public int Find(ReadOnlySpan<char> key, ReadOnlySpan<byte> octets, out int place)
    {
        for (place = HomeOf(key); places[place] != 0; place = After(place))
        {
            var offset = places[place] - 1;
            var length = ReadNumber(ref offset);
            var target = ReadNumber(ref offset);
            if (length == octets.Length && octets.SequenceEqual(entries.AsSpan(offset, length)))
            {
                return target;
            }
        }

        return -1;
    }

    /// <summary>Finds a place for each entry of the first <paramref name="end"/> octets, in a table where no place is taken.</summary>
    public void Place(int end)
    {
        Span<char> letters = stackalloc char[UserKey.MaxLength];
        for (var offset = 0; offset < end;)
        {
            var start = offset;
            var length = ReadNumber(ref offset);
            _ = ReadNumber(ref offset);
            var place = HomeOf(letters[..Encoding.UTF8.GetChars(entries.AsSpan(offset, length), letters)]);
            while (places[place] != 0)
            {
                place = After(place);
            }

            places[place] = start + 1;
            offset += length;
        }
    }

    /// <summary>Writes a number; how many octets it took.</summary>
    public static int WriteNumber(Span<byte> to, int number)
    {
        var length = 0;
        for (; number > 0x7F; number >>= 7)
        {
            to[length++] = (byte)(number | 0x80);
        }

        to[length++] = (byte)number;
        return length;
    }

    /// <summary>The runtime seeds this hash anew for each process and with a secret: nobody can choose users whose places are the same.</summary>
    private int HomeOf(ReadOnlySpan<char> key) => string.GetHashCode(key) & (places.Length - 1);

    private int After(int place) => (place + 1) & (places.Length - 1);

    private int ReadNumber(ref int offset)
    {
        var number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var octet = entries[offset++];
            number |= (octet & 0x7F) << shift;
            if (octet <= 0x7F)
            {
                return number;
            }
        }
    }
}
