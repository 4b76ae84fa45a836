using System.Numerics;

namespace TlsFront.Transport.Native;

/// <summary>
/// Deadlines of a loop, by slots of one tick. A deadline further away than the wheel is round sits in the last slot and moves on when that
/// comes, as does one that was moved later since. Precision is one tick, never early.
/// </summary>
internal sealed class TimerWheel
{
    /// <summary>Milliseconds per slot.</summary>
    public const int Tick = 64;

    private const int Slots = 512;
    private readonly LoopTimer?[] _slots = new LoopTimer?[Slots];
    private readonly ulong[] _occupied = new ulong[Slots / 64];
    private long _tick;

    public TimerWheel(long now) => _tick = now / Tick;

    /// <summary>Sets the deadline of <paramref name="timer"/>; <see cref="long.MaxValue"/> removes it.</summary>
    public void Set(LoopTimer timer, long due)
    {
        timer.Due = due;
        if (due == long.MaxValue)
        {
            Remove(timer);
        }
        else if (timer.Slot < 0)
        {
            Insert(timer);
        }
        else if (due < timer.SlotDue)
        {
            Remove(timer);
            Insert(timer);
        }
    }

    /// <summary>Calls every timer whose deadline passed at <paramref name="now"/>.</summary>
    public void Advance(long now)
    {
        var last = now / Tick;
        if (last - _tick > Slots)
        {
            _tick = last - Slots;
        }

        while (_tick < last)
        {
            _tick++;
            var slot = (int)(_tick % Slots);

            // One by one from the front: a timer that is due may set or remove its neighbours.
            while (_slots[slot] is { } timer)
            {
                Remove(timer);
                if (timer.Due <= now)
                {
                    timer.Due = long.MaxValue;
                    timer.OnDue();
                }
                else
                {
                    Insert(timer);
                }
            }
        }
    }

    /// <summary>Milliseconds until a slot with a timer comes, or -1 if there is none.</summary>
    public int UntilNext(long now)
    {
        for (var ahead = 1; ahead <= Slots;)
        {
            var slot = (int)((_tick + ahead) % Slots);
            var rest = _occupied[slot / 64] >> (slot % 64);
            if (rest != 0)
            {
                return (int)Math.Max(0, ((_tick + ahead + BitOperations.TrailingZeroCount(rest)) * Tick) - now);
            }

            ahead += 64 - (slot % 64);
        }

        return -1;
    }

    private void Insert(LoopTimer timer)
    {
        var tick = Math.Clamp((timer.Due + Tick - 1) / Tick, _tick + 1, _tick + Slots - 1);
        var slot = (int)(tick % Slots);
        timer.Slot = slot;
        timer.SlotDue = tick * Tick;
        timer.Previous = null;
        timer.Following = _slots[slot];
        if (timer.Following is { } first)
        {
            first.Previous = timer;
        }

        _slots[slot] = timer;
        _occupied[slot / 64] |= 1ul << (slot % 64);
    }

    private void Remove(LoopTimer timer)
    {
        if (timer.Slot < 0)
        {
            return;
        }

        if (timer.Following is { } following)
        {
            following.Previous = timer.Previous;
        }

        if (timer.Previous is { } previous)
        {
            previous.Following = timer.Following;
        }
        else
        {
            _slots[timer.Slot] = timer.Following;
            if (timer.Following is null)
            {
                _occupied[timer.Slot / 64] &= ~(1ul << (timer.Slot % 64));
            }
        }

        timer.Previous = timer.Following = null;
        timer.Slot = -1;
    }
}
