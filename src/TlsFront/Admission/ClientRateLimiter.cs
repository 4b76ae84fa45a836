using System.Buffers.Binary;
using System.Threading.RateLimiting;
using TlsFront.Configuration;
using TlsFront.Handover;

namespace TlsFront.Admission;

/// <summary>
/// A token bucket for each client, as one number: the time until which its events are paid for (GCRA, the algorithm of ATM networks). A full
/// bucket is one that is not there, so clients are forgotten by turning over two generations, and memory is bounded whatever comes.
/// </summary>
/// <remarks>
/// The library's own partitioned limiter was measured with a million clients: 324 bytes each without an upper bound, and half a processor for as
/// long as they are remembered, because a timer visits each ten times a second. Here they are 60 bytes each, and nothing visits them.
/// </remarks>
/// <param name="rate">What one client may do.</param>
/// <param name="time">Clock.</param>
/// <param name="capacity">
/// Clients in a generation. Beyond, the older half of all is forgotten before its time, so that no flood grows memory: the limit then is lenient
/// to those who come seldom, and still holds those who come often.
/// </param>
internal sealed class ClientRateLimiter(Rate rate, TimeProvider time, int capacity = ClientRateLimiter.Capacity) : PartitionedRateLimiter<UInt128>
{
    /// <summary>64 Ki clients a generation, 8 MiB for both.</summary>
    public const int Capacity = 64 * 1024;

    /// <summary>Clients that are handed over at most: two generations' worth, which has room in a message.</summary>
    private const int MaxHanded = 2 * Capacity;
    private const int ClientBytes = 16;
    private const int EntryBytes = ClientBytes + sizeof(long);

    private readonly long _cost = Math.Max(1, rate.Period.Ticks / rate.Count);
    private readonly long _started = time.GetTimestamp();
    private readonly Lock _gate = new();
    private Dictionary<UInt128, long> _recent = [];
    private Dictionary<UInt128, long> _older = [];
    private long _generationStarted;

    /// <summary>Null: nobody asks for figures of one client.</summary>
    public override RateLimiterStatistics? GetStatistics(UInt128 resource) => null;

    protected override RateLimitLease AttemptAcquireCore(UInt128 resource, int permitCount)
    {
        lock (_gate)
        {
            var now = time.GetElapsedTime(_started).Ticks;
            StartGeneration(now);
            if (!_recent.TryGetValue(resource, out var paid))
            {
                _older.TryGetValue(resource, out paid);
            }

            paid = Math.Max(paid, now);
            var isAcquired = paid + (permitCount * _cost) - now <= rate.Period.Ticks;
            _recent[resource] = isAcquired ? paid + (permitCount * _cost) : paid;
            return RateLease.Of(isAcquired);
        }
    }

    /// <summary>Writes who has not earned everything back yet.</summary>
    public void Export(StateWriter state)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        lock (_gate)
        {
            var now = time.GetElapsedTime(_started).Ticks;
            var debts = _recent.Concat(_older.Where(older => !_recent.ContainsKey(older.Key))).Where(debt => debt.Value > now)
                .Take(MaxHanded).ToList();
            state.Write(debts.Count);
            foreach (var (client, paid) in debts)
            {
                BinaryPrimitives.WriteUInt128LittleEndian(entry, client);
                BinaryPrimitives.WriteInt64LittleEndian(entry[ClientBytes..], paid - now);
                state.Write(entry);
            }
        }
    }

    /// <summary>Adds who had not earned everything back in the process before.</summary>
    /// <exception cref="HandoverException">It makes no sense.</exception>
    public void Import(ref StateReader state)
    {
        var count = state.ReadCount();
        if (count > MaxHanded)
        {
            throw new HandoverException($"the handed-over state has {count} clients of a rate, more than the {MaxHanded} allowed");
        }

        lock (_gate)
        {
            var now = time.GetElapsedTime(_started).Ticks;
            for (var i = 0; i < count; i++)
            {
                var entry = state.ReadBytes(EntryBytes);
                var debt = BinaryPrimitives.ReadInt64LittleEndian(entry[ClientBytes..]);
                _recent[BinaryPrimitives.ReadUInt128LittleEndian(entry)] = now + Math.Clamp(debt, 0, rate.Period.Ticks);
            }
        }
    }

    /// <summary>Nobody waits: a client that is too fast is refused.</summary>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(UInt128 resource, int permitCount, CancellationToken cancellationToken) =>
        new(AttemptAcquireCore(resource, permitCount));

    /// <summary>Whoever was not seen for a whole period has earned everything back, and is forgotten.</summary>
    private void StartGeneration(long now)
    {
        if (now - _generationStarted >= rate.Period.Ticks || _recent.Count >= capacity)
        {
            (_older, _recent, _generationStarted) = (_recent, [], now);
        }
    }
}
