using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TlsFront.Protocols;

/// <summary>What one call sends in one direction: slices of its input, inserted bytes and kept ones, in order. Neighbours are merged.</summary>
internal sealed class SegmentList
{
    private const int Capacity = 128;
    private readonly Segment[] _segments = new Segment[Capacity];

    private enum Source : byte
    {
        Input,
        Inserted,
        Kept,
    }

    private readonly record struct Segment(Source Source, int Offset, int Length);

    /// <summary>Number of segments.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes over all segments.</summary>
    public int TotalLength { get; private set; }

    internal bool HasRoom => Capacity - Count >= 8;

    /// <summary>Segment <paramref name="index"/> as bytes; <paramref name="input"/> and <paramref name="buffer"/> are those of the call.</summary>
    public ReadOnlySpan<byte> Get(int index, ReadOnlySpan<byte> input, EmitBuffer buffer)
    {
        var segment = _segments[index];
        var source = segment.Source switch { Source.Input => input, Source.Inserted => buffer.Inserted, _ => buffer.Kept };
        return source.Slice(segment.Offset, segment.Length);
    }

    internal void Clear() => Count = TotalLength = 0;

    internal void Add(ReadOnlySpan<byte> input, ReadOnlySpan<byte> bytes, EmitBuffer buffer)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        var distance = Unsafe.ByteOffset(ref MemoryMarshal.GetReference(input), ref MemoryMarshal.GetReference(bytes));
        var isSlice = distance >= 0 && distance <= input.Length - bytes.Length;
        var offset = isSlice ? (int)distance : buffer.Insert(bytes);
        Add(new Segment(isSlice ? Source.Input : Source.Inserted, offset, bytes.Length));
    }

    internal void AddKept(int length) => Add(new Segment(Source.Kept, 0, length));

    private void Add(Segment segment)
    {
        TotalLength += segment.Length;
        if (Count > 0)
        {
            ref var last = ref _segments[Count - 1];
            if (last.Source == segment.Source && last.Offset + last.Length == segment.Offset)
            {
                last = last with { Length = last.Length + segment.Length };
                return;
            }
        }

        if (Count == Capacity)
        {
            throw new InvalidOperationException($"A machine emitted more than {Capacity} segments in one call.");
        }

        _segments[Count++] = segment;
    }
}
