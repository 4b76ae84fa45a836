using System.Collections.Immutable;

namespace TlsFront.Configuration;

/// <summary>
/// Holds the snapshot in force. Reading is one volatile read; a connection reads once, at accept, and keeps what it got. A replacement has two steps:
/// first every part of the gateway prepares, doing all that can fail, then all of them take over; if one cannot prepare, nothing changes anywhere.
/// </summary>
/// <param name="initial">The settings the gateway starts with.</param>
internal sealed class SettingsStore(GatewaySettings initial)
{
    private ImmutableArray<Subscription> _subscriptions = [];
    private volatile GatewaySettings _current = initial;

    /// <summary>The snapshot in force.</summary>
    public GatewaySettings Current => _current;

    /// <summary>Lets a part of the gateway take part in replacements until the result is disposed.</summary>
    /// <param name="part">Its name, for the log.</param>
    /// <param name="prepare">Prepares for a replacement of the first by the second settings, and changes nothing yet.</param>
    public IDisposable Subscribe(string part, Func<GatewaySettings, GatewaySettings, PreparedChange> prepare)
    {
        var subscription = new Subscription(this, part, prepare);
        ImmutableInterlocked.Update(ref _subscriptions, static (all, added) => all.Add(added), subscription);
        return subscription;
    }

    /// <summary>
    /// Has every part prepare for a validated snapshot. Calls must not overlap, nor another come before this one is committed or given up.
    /// </summary>
    public SettingsReplacement Prepare(GatewaySettings settings)
    {
        var old = _current;
        var parts = new List<(string, PreparedChange)>();
        var problems = new List<PartFailure>();
        foreach (var subscription in _subscriptions)
        {
            try
            {
                var change = subscription.Prepare(old, settings);
                parts.Add((subscription.Part, change));
                problems.AddRange(change.Problems.Select(problem => new PartFailure(subscription.Part, problem)));
            }
#pragma warning disable CA1031 // whatever the fault is, the settings cannot be put in force
            catch (Exception exception)
#pragma warning restore CA1031
            {
                problems.Add(new(subscription.Part, $"{subscription.Part}: {exception.Message}", exception));
            }
        }

        return new(() => _current = settings, parts, problems);
    }

    private sealed class Subscription(SettingsStore store, string part, Func<GatewaySettings, GatewaySettings, PreparedChange> prepare) : IDisposable
    {
        public string Part => part;

        public PreparedChange Prepare(GatewaySettings old, GatewaySettings now) => prepare(old, now);

        public void Dispose() => ImmutableInterlocked.Update(ref store._subscriptions, static (all, gone) => all.Remove(gone), this);
    }
}
