namespace TlsFront.Transport.Native;

/// <summary>A deadline in a <see cref="TimerWheel"/>. Moving it later only stores a number: the wheel looks again when its slot comes.</summary>
internal abstract class LoopTimer
{
    /// <summary>Deadline in the loop's milliseconds; <see cref="long.MaxValue"/> for none.</summary>
    public long Due { get; set; } = long.MaxValue;

    internal int Slot { get; set; } = -1;

    internal long SlotDue { get; set; }

    internal LoopTimer? Previous { get; set; }

    internal LoopTimer? Following { get; set; }

    /// <summary>The deadline passed.</summary>
    public abstract void OnDue();
}
