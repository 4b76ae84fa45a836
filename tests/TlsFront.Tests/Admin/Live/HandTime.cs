namespace TlsFront.Tests.Admin.Live;

/// <summary>One timer that a test sees and fires.</summary>
internal sealed class HandTime : TimeProvider, ITimer
{
    private Action? _fire;

    /// <summary>Whether it would fire.</summary>
    public bool IsArmed { get; private set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _fire = () => callback(state);
        Change(dueTime, period);
        return this;
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        IsArmed = dueTime != Timeout.InfiniteTimeSpan;
        return true;
    }

    /// <summary>The time has come.</summary>
    public void Fire()
    {
        Assert.True(IsArmed);
        IsArmed = false;
        _fire!();
    }

    public void Dispose() => IsArmed = false;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
