namespace TlsFront.Fuzzing;

/// <summary>Makes a new input of one or two old ones, as AFL does in its havoc and splice stages.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> words, int maximumLength)
{
    private static readonly byte[] Telling = [0, 1, 0x7F, 0x80, 0xFF, (byte)'\r', (byte)'\n', (byte)' ', (byte)'.', (byte)'0', (byte)'9', (byte)'\t'];

    /// <summary>Changes <paramref name="parent"/> in one to sixteen places; <paramref name="other"/> lends pieces.</summary>
    public byte[] Mutate(byte[] parent, byte[] other)
    {
        var child = new List<byte>(parent);
        for (var changes = 1 << random.Next(5); changes > 0; changes--)
        {
            Change(child, other);
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
        switch (child.Count == 0 ? 8 : random.Next(12))
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
            case < 11 when words.Count > 0:
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

    private int LengthOfPiece() => 1 + random.Next(1 << random.Next(1, 9));
}
