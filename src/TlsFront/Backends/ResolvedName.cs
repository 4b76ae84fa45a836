using System.Net;

namespace TlsFront.Backends;

/// <summary>What is known of one name: its addresses, how old they are, and which of them failed lately.</summary>
internal sealed class ResolvedName(TimeProvider time)
{
    /// <summary>How long an address that failed comes last.</summary>
    private static readonly TimeSpan Penalty = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, long> _failures = [];
    private IPAddress[] _addresses = [];
    private Task? _lookup;
    private long _since;
    private uint _turn;

    /// <summary>Whether it ever resolved.</summary>
    public bool IsKnown
    {
        get
        {
            lock (_gate)
            {
                return _addresses.Length > 0;
            }
        }
    }

    /// <summary>Time since it was looked up.</summary>
    public TimeSpan Age
    {
        get
        {
            lock (_gate)
            {
                return time.GetElapsedTime(_since);
            }
        }
    }

    /// <summary>Runs <paramref name="lookUp"/> unless one is under way, which is joined.</summary>
    public Task ShareAsync(Func<Task> lookUp)
    {
        lock (_gate)
        {
            return _lookup is { IsCompleted: false } ? _lookup : _lookup = lookUp();
        }
    }

    /// <summary>It was looked up.</summary>
    public void Set(IPAddress[] addresses)
    {
        lock (_gate)
        {
            _addresses = addresses;
            _since = time.GetTimestamp();
            foreach (var gone in _failures.Keys.Except(addresses).ToList())
            {
                _failures.Remove(gone);
            }
        }
    }

    /// <summary>The lookup failed: the addresses stay, and are asked for again when they are as old once more.</summary>
    public void Keep()
    {
        lock (_gate)
        {
            _since = time.GetTimestamp();
        }
    }

    /// <summary>An address could not be connected.</summary>
    public void Failed(IPAddress address)
    {
        lock (_gate)
        {
            _failures[address] = time.GetTimestamp();
        }
    }

    /// <summary>The addresses, each time beginning with the next one, those that failed lately last.</summary>
    public IReadOnlyList<IPAddress> InTurn()
    {
        lock (_gate)
        {
            var first = _addresses.Length == 0 ? 0 : (int)(_turn++ % (uint)_addresses.Length);
            return [.. _addresses.Skip(first).Concat(_addresses.Take(first)).OrderBy(FailedLately)];
        }
    }

    private bool FailedLately(IPAddress address) => _failures.TryGetValue(address, out var since) && time.GetElapsedTime(since) < Penalty;
}
