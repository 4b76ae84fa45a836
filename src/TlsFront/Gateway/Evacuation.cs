using TlsFront.Backends;

namespace TlsFront.Gateway;

/// <summary>
/// Ends the sessions of one destination, which gets no new ones, until it has none left: those it has within a time, spread evenly, and any that are
/// still connecting as they come.
/// </summary>
internal sealed class Evacuation : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    private readonly SessionRegistry _sessions;
    private readonly string _backend;
    private readonly Destination _destination;
    private readonly TimeSpan _over;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();

    /// <summary>Those that were asked to end and did not yet.</summary>
    private readonly HashSet<Session> _ending = [];
    private int _told;
    private bool _isOver;

    public Evacuation(SessionRegistry sessions, string backend, Destination destination, TimeSpan over, TimeProvider time)
    {
        (_sessions, _backend, _destination, _over, _time) = (sessions, backend, destination, over, time);
        _began = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((Evacuation)state!).Go(), this, Tick, Tick);

        // At once, so that whoever asked is answered with what is true.
        Go();
    }

    /// <summary>The sessions that are left stay.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            _timer.Dispose();
        }
    }

    private void Go()
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            EndSome(_time.GetElapsedTime(_began) is var elapsed && elapsed < _over ? elapsed / _over : 1);
            if (_destination.Sessions == 0)
            {
                _isOver = true;
                _timer.Dispose();
                _ending.Clear();
            }
        }
    }

    /// <summary>Asks as many to end that all together <paramref name="share"/> of them were, the oldest first.</summary>
    private void EndSome(double share)
    {
        var here = _sessions.Sessions
            .Where(session => session.Record.Backend == _backend && session.Record.Destination == _destination.Address)
            .OrderBy(static session => session.Record.Started)
            .ToList();
        _ending.IntersectWith(here);
        var left = here.Where(session => !_ending.Contains(session)).ToList();
        var due = (int)Math.Ceiling((_told + left.Count) * share) - _told;
        foreach (var session in left.Take(due))
        {
            _told++;
            _ending.Add(session);
            session.Drain();
        }
    }
}
