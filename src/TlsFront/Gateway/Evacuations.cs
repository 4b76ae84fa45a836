using TlsFront.Backends;

namespace TlsFront.Gateway;

/// <summary>
/// Destinations that are taken out of service with the sessions they have, politely and spread over a time: clients that come back all at once are
/// a flood to the destinations that are left.
/// </summary>
internal sealed class Evacuations(SessionRegistry sessions, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Destination, Evacuation> _running = [];

    /// <summary>
    /// Ends the sessions of <paramref name="destination"/>, spread evenly over <paramref name="over"/>, in place of what was under way there.
    /// </summary>
    public void Begin(string backend, Destination destination, TimeSpan over)
    {
        lock (_gate)
        {
            End(destination);
            _running[destination] = new Evacuation(sessions, backend, destination, over, time);
        }
    }

    /// <summary>Lets the sessions of <paramref name="destination"/> stay that were not asked to end yet.</summary>
    public void End(Destination destination)
    {
        lock (_gate)
        {
            if (_running.Remove(destination, out var evacuation))
            {
                evacuation.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var evacuation in _running.Values)
            {
                evacuation.Dispose();
            }
        }
    }
}
