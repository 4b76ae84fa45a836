using System.Net;

namespace TlsFront.Telemetry.Access;

/// <summary>
/// Folds lines that say the same of many connections: the first of a key is written at once, those that follow as one line each interval. After a
/// quiet interval the next one is news again.
/// </summary>
internal sealed class LineFolder<TKey> : IDisposable
    where TKey : notnull
{
    private readonly TimeSpan _interval;
    private readonly Action<TKey, FoldedLines> _write;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, FoldedLines> _lines = [];

    /// <param name="interval">Time between two lines of a key.</param>
    /// <param name="time">Timers.</param>
    /// <param name="write">Writes a line. Called under a lock, so that lines of a key are in order.</param>
    public LineFolder(TimeSpan interval, TimeProvider time, Action<TKey, FoldedLines> write)
    {
        _interval = interval;
        _write = write;
        _timer = time.CreateTimer(static self => ((LineFolder<TKey>)self!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Adds one, of <paramref name="client"/>, with more words about it or null.</summary>
    public void Add(TKey key, IPEndPoint client, string? detail)
    {
        lock (_gate)
        {
            if (_lines.TryGetValue(key, out var folded))
            {
                _lines[key] = new(folded.Count + 1, _interval, client, detail);
                return;
            }

            _write(key, new(1, TimeSpan.Zero, client, detail));
            _lines.Add(key, default);
            if (_lines.Count == 1)
            {
                _timer.Change(_interval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Writes what was not written yet.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Flush();
    }

    private void Flush()
    {
        lock (_gate)
        {
            foreach (var (key, folded) in _lines.ToArray())
            {
                if (folded.Count == 0)
                {
                    // Over: the next one is news.
                    _lines.Remove(key);
                    continue;
                }

                _write(key, folded);
                _lines[key] = default;
            }

            if (_lines.Count > 0)
            {
                _timer.Change(_interval, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
