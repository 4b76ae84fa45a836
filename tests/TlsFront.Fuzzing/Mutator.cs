namespace TlsFront.Fuzzing;

/// <summary>Makes a new input of one or two old ones, as AFL does in its havoc and splice stages.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> words, string heads, int maximumLength)
{
    private static readonly byte[] Telling = [0, 1, 0x7F, 0x80, 0xFF, (byte)'\r', (byte)'\n', (byte)' ', (byte)'.', (byte)'0', (byte)'9', (byte)'\t'];

    // Where counters of 31, 32, 63 and 64 bits end.
    private static readonly UInt128[] Limits = [0, 1u << 31, UInt128.One << 32, UInt128.One << 63, UInt128.One << 64];

    /// <summary>Changes <paramref name="parent"/> in one to sixteen places; <paramref name="other"/> lends pieces.</summary>
    public byte[] Mutate(byte[] parent, byte[] other)
    {
        var child = new List<byte>(parent);
        for (var changes = 1 << random.Next(5); changes > 0; changes--)
        {
            Change(child, other);
        }

        if (heads.Length > 0 && random.Next(4) == 0)
        {
            ChangeHead(child);
        }

        if (child.Count > maximumLength)
        {
            child.RemoveRange(maximumLength, child.Count - maximumLength);
        }

        return [.. child];
    }

    private void Change(List<byte> child, byte[] other)
    {
        var at = random.Next(child.Count + 1);
        switch (child.Count == 0 ? 8 : random.Next(14))
        {
            case 0 when at < child.Count:
                child[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < child.Count:
                child[at] = Telling[random.Next(Telling.Length)];
                break;
            case 2 when at < child.Count:
                child[at] += (byte)random.Next(-16, 17);
                break;
            case 3 when at < child.Count:
                child[at] = (byte)random.Next(256);
                break;
            case 4:
                child.RemoveRange(at, Math.Min(LengthOfPiece(), child.Count - at));
                break;
            case 5:
                var from = random.Next(child.Count);
                child.InsertRange(at, child.GetRange(from, Math.Min(LengthOfPiece(), child.Count - from)));
                break;
            case 6 when other.Length > 0:
                var start = random.Next(other.Length);
                child.InsertRange(at, other.AsSpan(start, Math.Min(LengthOfPiece(), other.Length - start)));
                break;
            case 7 when other.Length > 0:
                // The head of one and the tail of the other.
                child.RemoveRange(at, child.Count - at);
                child.AddRange(other.AsSpan(random.Next(other.Length)));
                break;
            case 8 when NextOf(child, at, char.IsAsciiDigit) is >= 0 and var digit:
                ChangeNumber(child, digit);
                break;
            case 9 when NextOf(child, at, letter => letter == ' ') is >= 0 and var blank:
                child.Insert(blank, (byte)(random.Next(2) == 0 ? ' ' : '\t'));
                break;
            case < 13 when words.Count > 0:
                var word = words[random.Next(words.Count)];
                if (random.Next(3) == 0)
                {
                    child.RemoveRange(at, Math.Min(word.Length, child.Count - at));
                }

                child.InsertRange(at, word);
                break;
            default:
                child.Insert(at, (byte)random.Next(256));
                break;
        }
    }

    private void ChangeHead(List<byte> child)
    {
        if (child.Count > 0 && heads.Contains((char)child[0], StringComparison.Ordinal))
        {
            child.RemoveAt(0);
        }

        child.Insert(0, (byte)heads[random.Next(heads.Length)]);
    }

    // To about where a counter ends, or with what a gateway adds.
    private void ChangeNumber(List<byte> child, int at)
    {
        var length = child.Skip(at).TakeWhile(octet => char.IsAsciiDigit((char)octet)).Count();
        var limit = Limits[random.Next(Limits.Length)];
        var offset = (UInt128)random.Next(1 << random.Next(11));
        var number = limit > offset && random.Next(2) == 0 ? limit - offset : limit + offset;
        child.RemoveRange(at, length);
        child.InsertRange(at, System.Text.Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static int NextOf(List<byte> child, int from, Func<char, bool> isIt) => child.FindIndex(from, octet => isIt((char)octet));

    private int LengthOfPiece() => 1 + random.Next(1 << random.Next(1, 9));
}
