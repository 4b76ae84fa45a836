using System.Numerics;
using TlsFront.Protocols;

namespace TlsFront.Transport.Native;

/// <summary>
/// Signals on their way to a session, oldest first: one octet each in a number, because an idle session should not own a queue. Any
/// thread may add. A ninth is dropped: only drains repeat, and one is enough.
/// </summary>
internal struct SignalQueue
{
    private ulong _signals;

    /// <summary>Adds a signal; a full fence.</summary>
    public void Add(Signal signal)
    {
        while (true)
        {
            var now = Volatile.Read(ref _signals);
            var used = (64 - BitOperations.LeadingZeroCount(now) + 7) / 8;
            if (used == 8 || Interlocked.CompareExchange(ref _signals, now | ((ulong)signal + 1) << (used * 8), now) == now)
            {
                return;
            }
        }
    }

    /// <summary>Takes the oldest.</summary>
    public bool TryTake(out Signal signal)
    {
        while (true)
        {
            var now = Volatile.Read(ref _signals);
            if (now == 0)
            {
                signal = default;
                return false;
            }

            if (Interlocked.CompareExchange(ref _signals, now >> 8, now) == now)
            {
                signal = (Signal)((now & 0xFF) - 1);
                return true;
            }
        }
    }
}
