namespace TlsFront.Inventory;

/// <summary>
/// Logins that wait to be written: one array is filled while the other is written, and takes its place when that is done. What does not fit is
/// dropped; nothing is allocated for a login.
/// </summary>
/// <param name="capacity">Logins in each of the two.</param>
internal sealed class LoginBuffer(int capacity) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _halfFull = new(false);
    private RecordedLogin[] _filling = new RecordedLogin[capacity];
    private RecordedLogin[] _writing = new RecordedLogin[capacity];
    private int _filled;
    private int _taken;

    /// <summary>Signalled when it is time to write before the next regular time.</summary>
    public WaitHandle HalfFull => _halfFull;

    /// <summary>Adds a login; false if there is no room.</summary>
    public bool TryAdd(in RecordedLogin login)
    {
        bool isHalfFull;
        lock (_gate)
        {
            if (_filled == _filling.Length)
            {
                return false;
            }

            _filling[_filled++] = login;
            isHalfFull = _filled == _filling.Length / 2;
        }

        if (isHalfFull)
        {
            _halfFull.Set();
        }

        return true;
    }

    /// <summary>The logins to write next: the same ones again until <see cref="Release"/>. One caller.</summary>
    public ReadOnlySpan<RecordedLogin> Take()
    {
        if (_taken == 0)
        {
            lock (_gate)
            {
                (_filling, _writing) = (_writing, _filling);
                (_taken, _filled) = (_filled, 0);
            }
        }

        return _writing.AsSpan(0, _taken);
    }

    /// <summary>The logins that were taken are written.</summary>
    public void Release()
    {
        // What their connections had must not outlive them here.
        _writing.AsSpan(0, _taken).Clear();
        _taken = 0;
    }

    public void Dispose() => _halfFull.Dispose();
}
