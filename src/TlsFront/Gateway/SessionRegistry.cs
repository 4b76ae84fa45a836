using System.Collections.Concurrent;

namespace TlsFront.Gateway;

/// <summary>All running sessions.</summary>
internal sealed class SessionRegistry : IDisposable
{
    private readonly ConcurrentDictionary<Session, byte> _sessions = new();
    private readonly CancellationTokenSource _abort = new();
    private volatile bool _draining;

    public SessionRegistry() => Aborted = _abort.Token;

    /// <summary>Sessions now, each once, in no order.</summary>
    public ICollection<Session> Sessions => _sessions.Keys;

    /// <summary>Number of sessions.</summary>
    public int Count => _sessions.Count;

    /// <summary>Set when everything must end at once, what is not a session yet included.</summary>
    public CancellationToken Aborted { get; }

    /// <summary>Adds a session; while draining it is told so at once.</summary>
    public void Add(Session session)
    {
        _sessions.TryAdd(session, 0);

        // After adding: a drain that starts now either sees the session or is seen here.
        if (_draining)
        {
            session.Drain();
        }
    }

    /// <summary>Removes a session that ended.</summary>
    public void Remove(Session session) => _sessions.TryRemove(session, out _);

    /// <summary>From now on every new session is told to drain.</summary>
    public void BeginDrain() => _draining = true;

    /// <summary>Ends everything at once, sessions to come as well.</summary>
    public void AbortAll() => _abort.Cancel();

    public void Dispose() => _abort.Dispose();
}
