namespace TlsFront.Transport.Managed;

/// <summary>
/// One deadline that moves often and passes rarely: moving it later only stores a number, the timer looks again when it fires.
/// </summary>
/// <param name="time">Clock and timers.</param>
/// <param name="passed">Called on a timer thread when the deadline passed.</param>
internal sealed class SessionDeadline(TimeProvider time, Action passed) : IDisposable
{
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long _due = long.MaxValue;
    private long _armed = long.MaxValue;

    /// <summary>Whether the deadline passed and was not moved since.</summary>
    public bool HasPassed => time.GetTimestamp() >= Volatile.Read(ref _due);

    /// <summary>Moves the deadline to <paramref name="span"/> from now.</summary>
    public void Restart(TimeSpan span)
    {
        var due = time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency);
        lock (_lock)
        {
            Volatile.Write(ref _due, due);
            if (due < _armed)
            {
                Arm(due, span);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            Volatile.Write(ref _due, long.MaxValue);
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            _armed = long.MaxValue;
            if (_due == long.MaxValue)
            {
                return;
            }

            var now = time.GetTimestamp();
            if (now < _due)
            {
                Arm(_due, time.GetElapsedTime(now, _due));
                return;
            }
        }

        passed();
    }

    private void Arm(long due, TimeSpan span)
    {
        _armed = due;

        // Rounded up: timers count milliseconds and must not fire before the deadline.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds) + 1);
        if (_timer is null)
        {
            _timer = time.CreateTimer(static state => ((SessionDeadline)state!).OnTimer(), this, wait, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }
}
