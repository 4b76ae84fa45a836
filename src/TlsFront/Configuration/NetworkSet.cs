using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace TlsFront.Configuration;

/// <summary>
/// Networks as one set of addresses. Overlapping ones are merged, so that a list of a hundred thousand costs a client a binary search. IPv4 and
/// IPv6 are apart: <c>::/0</c> holds no IPv4 address.
/// </summary>
internal sealed class NetworkSet : IEquatable<NetworkSet>
{
    /// <summary>No address at all.</summary>
    public static readonly NetworkSet Empty = Of([]);

    private readonly (UInt128 First, UInt128 Last)[] _v4;
    private readonly (UInt128 First, UInt128 Last)[] _v6;

    private NetworkSet(IReadOnlyCollection<IPNetwork> networks)
    {
        _v4 = Merge(networks.Where(network => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork));
        _v6 = Merge(networks.Where(network => network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6));
    }

    /// <summary>Whether it holds every address of IPv4, or of IPv6, in as many pieces as it likes.</summary>
    public bool HoldsEverybody => Sum(_v4) == (UInt128.One << 32) || Sum(_v6) == UInt128.Zero && _v6.Length > 0;

    /// <summary>The set of all addresses of <paramref name="networks"/>.</summary>
    public static NetworkSet Of(IReadOnlyCollection<IPNetwork> networks) => new(networks);

    /// <summary>The address as a number, 32 or 128 bits of it.</summary>
    public static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Whether a network of the set has the address. IPv4-mapped addresses must have been normalised.</summary>
    public bool Contains(IPAddress address)
    {
        var ranges = address.AddressFamily == AddressFamily.InterNetwork ? _v4 : _v6;
        var number = Number(address);
        var (low, high) = (0, ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (number < ranges[middle].First)
            {
                high = middle;
            }
            else if (number > ranges[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it has some addresses of <paramref name="network"/> and lacks others.</summary>
    public bool HoldsPartOf(IPNetwork network)
    {
        var ranges = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? _v4 : _v6;
        var (first, last) = RangeOf(network);
        var (low, high) = (0, ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ranges[middle].Last < first ? (middle + 1, high) : (low, middle);
        }

        var isHeld = false;
        for (; low < ranges.Length && ranges[low].First <= last; low++)
        {
            if (ranges[low].First > first)
            {
                return true;
            }

            isHeld = true;
            if (ranges[low].Last >= last)
            {
                return false;
            }

            first = ranges[low].Last + 1;
        }

        return isHeld;
    }

    public bool Equals(NetworkSet? other) => other is not null && _v4.AsSpan().SequenceEqual(other._v4) && _v6.AsSpan().SequenceEqual(other._v6);

    public override bool Equals(object? obj) => Equals(obj as NetworkSet);

    public override int GetHashCode() => HashCode.Combine(_v4.Length, _v6.Length);

    /// <summary>How many addresses; all of IPv6 are 2^128, which is 0 here.</summary>
    private static UInt128 Sum((UInt128 First, UInt128 Last)[] ranges) =>
        ranges.Aggregate(UInt128.Zero, static (sum, range) => sum + (range.Last - range.First + 1));

    private static (UInt128 First, UInt128 Last)[] Merge(IEnumerable<IPNetwork> networks)
    {
        var merged = new List<(UInt128 First, UInt128 Last)>();
        foreach (var range in networks.Select(RangeOf).Order())
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last)
            {
                merged[^1] = (merged[^1].First, UInt128.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return [.. merged];
    }

    private static (UInt128 First, UInt128 Last) RangeOf(IPNetwork network)
    {
        var first = Number(network.BaseAddress);
        var free = (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - network.PrefixLength;

        // A shift by all 128 bits is one by none.
        return (first, free == 128 ? UInt128.MaxValue : first | ((UInt128.One << free) - 1));
    }
}
