using System.Net;

namespace TlsFront.Handover;

/// <summary>
/// The listening TCP sockets that go from one process to the next: those received, until the listener that wants them is bound, and those that this
/// process has to offer. Both processes then have descriptors of the same sockets, so no connection is refused in between.
/// </summary>
internal sealed class ListeningSockets : IDisposable
{
    /// <summary>The name of the admin endpoint among them, which no listener can have.</summary>
    public const string Admin = "(admin)";

    private readonly Lock _gate = new();
    private readonly List<(string Name, IPEndPoint Address, List<int> Descriptors)> _received = [];
    private readonly Dictionary<string, (EndPoint Address, Func<IReadOnlyList<int>> Descriptors)> _own = [];

    /// <summary>Those that this process listens on.</summary>
    public IReadOnlyList<(string Name, EndPoint Address, IReadOnlyList<int> Descriptors)> Own
    {
        get
        {
            lock (_gate)
            {
                return [.. _own.Select(static own => (own.Key, own.Value.Address, own.Value.Descriptors()))];
            }
        }
    }

    /// <summary>This process listens on them, by the name of the listener.</summary>
    public void Add(string name, EndPoint address, Func<IReadOnlyList<int>> descriptors)
    {
        lock (_gate)
        {
            _own[name] = (address, descriptors);
        }
    }

    /// <summary>The process before this one listens on them; more of the same listener may follow.</summary>
    public void Receive(string name, IPEndPoint address, IEnumerable<int> descriptors)
    {
        lock (_gate)
        {
            var known = _received.FindIndex(one => one.Name == name);
            if (known < 0)
            {
                _received.Add((name, address, [.. descriptors]));
            }
            else
            {
                _received[known].Descriptors.AddRange(descriptors);
            }
        }
    }

    /// <summary>
    /// The sockets for a listener, which are the caller's from here on: those bound to its address, or, where any port will do, those of its name.
    /// Null if there are none.
    /// </summary>
    public (IPEndPoint Address, IReadOnlyList<int> Descriptors)? Take(string name, IPEndPoint address)
    {
        lock (_gate)
        {
            var found = _received.FindIndex(one =>
                one.Address.Address.Equals(address.Address)
                && (one.Address.Port == address.Port || (address.Port == 0 && one.Name == name)));
            if (found < 0)
            {
                return null;
            }

            var (_, bound, descriptors) = _received[found];
            _received.RemoveAt(found);
            return (bound, descriptors);
        }
    }

    public void Dispose() => CloseRest();

    /// <summary>Closes those that no listener wants any more. The process before this one closes them as well.</summary>
    public void CloseRest()
    {
        lock (_gate)
        {
            foreach (var descriptor in _received.SelectMany(static one => one.Descriptors))
            {
                DescriptorPassing.Close(descriptor);
            }

            _received.Clear();
        }
    }
}
