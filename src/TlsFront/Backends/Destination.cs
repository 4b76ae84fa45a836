namespace TlsFront.Backends;

/// <summary>One destination as the gateway itself knows it, over every reload. Its health is YARP's.</summary>
/// <param name="address">Its <c>host:port</c> as configured: the id of YARP's destination and the <c>tlsfront.destination</c> tag.</param>
internal sealed class Destination(string address)
{
    private int _sessions;

    /// <summary><c>host:port</c> as configured.</summary>
    public string Address => address;

    /// <summary>Sessions it has now, those that are still connecting included. Written by its <see cref="BackendPool"/> alone, under its lock.</summary>
    public int Sessions
    {
        get => Volatile.Read(ref _sessions);
        set => Volatile.Write(ref _sessions, value);
    }
}
