using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Transport;

/// <summary>
/// When each side of a transparent session was last given something. A side that takes nothing has its own deadline, however much the other way
/// moves; silence of both is the session's.
/// </summary>
internal struct RelayClock
{
    private long _client;
    private long _backend;

    /// <summary>Starts it.</summary>
    public void Start(long now) => _client = _backend = now;

    /// <summary>The session stood still for <paramref name="pause"/>, in ticks of the clock.</summary>
    public void Shift(long pause) => (_client, _backend) = (_client + pause, _backend + pause);

    /// <summary>Notes what moved until <paramref name="now"/>.</summary>
    public void Note(long toClient, long toBackend, long now)
    {
        _client = toClient > 0 ? now : _client;
        _backend = toBackend > 0 ? now : _backend;
    }

    /// <summary>How long the session may go on as it is, and why it ends then.</summary>
    public readonly (TimeSpan Left, CloseReason Reason) Left(
        bool clientBlocked, bool backendBlocked, TimeoutSettings timeouts, TimeProvider time, long now)
    {
        var client = time.GetElapsedTime(_client, now);
        var backend = time.GetElapsedTime(_backend, now);
        var left = timeouts.Relay - (client < backend ? client : backend);
        var reason = clientBlocked ? CloseReason.ClientStalled : backendBlocked ? CloseReason.BackendTimeout : CloseReason.ClientIdle;
        if (clientBlocked && timeouts.Write - client < left)
        {
            left = timeouts.Write - client;
        }

        return backendBlocked && timeouts.Write - backend < left ? (timeouts.Write - backend, CloseReason.BackendTimeout) : (left, reason);
    }
}
