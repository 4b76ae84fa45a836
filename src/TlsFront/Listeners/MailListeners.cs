using System.Net;

namespace TlsFront.Listeners;

/// <summary>The bound mail endpoints of this process.</summary>
internal sealed class MailListeners
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MailListener> _listeners = [];

    /// <summary>Addresses really bound, by listener name; the port is the kernel's choice where 0 was configured.</summary>
    public IReadOnlyDictionary<string, EndPoint> Bound
    {
        get
        {
            lock (_lock)
            {
                return _listeners.ToDictionary(pair => pair.Key, pair => pair.Value.EndPoint);
            }
        }
    }

    /// <summary>Whether sockets and sessions of all of them can go to another process.</summary>
    public bool CanHandOver
    {
        get
        {
            lock (_lock)
            {
                return _listeners.Values.All(static listener => listener.Adopting is not null);
            }
        }
    }

    /// <summary>The one of that name; null if there is none.</summary>
    public MailListener? Find(string name)
    {
        lock (_lock)
        {
            return _listeners.GetValueOrDefault(name);
        }
    }

    /// <summary>Remembers a bound endpoint.</summary>
    public void Add(string name, MailListener listener)
    {
        lock (_lock)
        {
            _listeners[name] = listener;
        }
    }

    /// <summary>Stops accepting on all of them.</summary>
    public Task StopAcceptingAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_listeners.Values.Select(listener => listener.StopAcceptingAsync()));
        }
    }
}
