using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace TlsFront.Fuzzing;

/// <summary>
/// Counts the branches that instrumented code takes (AFL's map: one octet for each pair of successive blocks), and remembers which
/// counts were ever seen, in AFL's eight classes, so that a loop run nine times instead of once is news and the tenth time is not.
/// </summary>
internal sealed unsafe class CoverageMap
{
    private const int Size = 1 << 16;

    private static readonly byte[] Classes = [.. Enumerable.Range(0, 256).Select(ClassOf)];

    // Through reflection, because the tool takes an assembly that refers to this type for one it has instrumented, and the canary is in this one.
    private static readonly Type Trace = Assembly.Load("SharpFuzz.Common").GetType("SharpFuzz.Common.Trace", throwOnError: true)!;
    private static readonly FieldInfo PreviousLocation = Trace.GetField("PrevLocation")!;

    private readonly byte* _counts = (byte*)NativeMemory.AlignedAlloc(Size, 64);
    private readonly byte[] _seen = new byte[Size];

    /// <summary>Must exist before any instrumented code runs: that code writes through the pointer.</summary>
    public CoverageMap()
    {
        Clear();
        Trace.GetField("SharedMem")!.SetValue(null, Pointer.Box(_counts, typeof(byte*)));
    }

    /// <summary>Branches ever taken.</summary>
    public int Branches => _seen.Count(classes => classes != 0);

    /// <summary>Forgets the last run, not what was ever seen.</summary>
    public void Clear()
    {
        new Span<byte>(_counts, Size).Clear();
        PreviousLocation.SetValue(null, 0);
    }

    /// <summary>Adds the last run to what was seen; true if it held anything new.</summary>
    public bool Merge()
    {
        var isNew = false;
        foreach (var index in Taken())
        {
            var bit = Classes[_counts[index]];
            isNew |= (_seen[index] & bit) == 0;
            _seen[index] |= bit;
        }

        return isNew;
    }

    /// <summary>The branches of the last run with the class of their count, each as one number.</summary>
    public List<int> Features() => [.. Taken().Select(index => (index << 3) | BitOperations.TrailingZeroCount(Classes[_counts[index]]))];

    private List<int> Taken()
    {
        var taken = new List<int>();
        var words = new ReadOnlySpan<ulong>(_counts, Size / sizeof(ulong));
        for (var next = 0; next < words.Length; next++)
        {
            var skipped = words[next..].IndexOfAnyExcept(0UL);
            if (skipped < 0)
            {
                break;
            }

            next += skipped;
            for (var index = next * sizeof(ulong); index < (next + 1) * sizeof(ulong); index++)
            {
                if (_counts[index] != 0)
                {
                    taken.Add(index);
                }
            }
        }

        return taken;
    }

    private static byte ClassOf(int count) => count switch
    {
        0 => 0,
        1 => 1,
        2 => 2,
        3 => 4,
        < 8 => 8,
        < 16 => 16,
        < 32 => 32,
        < 128 => 64,
        _ => 128,
    };
}
