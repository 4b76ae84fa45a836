using TlsFront.Configuration.Schema;
using TlsFront.Protocols;

namespace TlsFront.Configuration.Users;

/// <summary>
/// What the user map of a listener may name: every backend that can serve its protocol and serves no listener of another one, and their destinations.
/// </summary>
internal sealed class UserMapTargets : IEquatable<UserMapTargets>
{
    private readonly Dictionary<string, UserMapTarget> _targets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UserMapTarget>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private readonly Dictionary<string, ValueProblem> _refused = new(StringComparer.Ordinal);

    private UserMapTargets(MailProtocol protocol, IReadOnlyList<ListenerSettings> listeners, IEnumerable<BackendSettings> backends)
    {
        foreach (var backend in backends)
        {
            var other = listeners.FirstOrDefault(
                listener => listener.Protocol != protocol && ProtocolProfile.Of(listener.Protocol).IsUnderstood
                    && listener.AllBackends.Contains(backend.Name));
            if ((BackendFit.Check(protocol, backend) ?? BackendFit.CheckIdentity(protocol, backend)
                ?? (other is null ? null : BackendFit.Serves(other.Protocol, protocol))) is { } problem)
            {
                _refused[backend.Name] = problem;
                continue;
            }

            Add(new(backend.Name, null));
            foreach (var destination in backend.Destinations)
            {
                Add(new(backend.Name, destination));
            }
        }

        _byText = _targets.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>What maps of listeners with <paramref name="protocol"/> may name.</summary>
    public static UserMapTargets Of(MailProtocol protocol, IReadOnlyList<ListenerSettings> listeners, IEnumerable<BackendSettings> backends) =>
        new(protocol, listeners, backends);

    /// <summary>What <c>backend</c> or <c>backend:destination</c> names; null if nothing that a map may name.</summary>
    public UserMapTarget? Find(ReadOnlySpan<char> text) => _byText.TryGetValue(text, out var target) ? target : null;

    /// <summary>Whether everything that <paramref name="map"/> leads to may be named.</summary>
    public bool ContainsAll(UserMap map) => map.Targets.All(target => _targets.ContainsKey(target.ToString()));

    /// <summary>Why <see cref="Find"/> finds nothing.</summary>
    public ValueProblem Explain(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon];
        if (_refused.TryGetValue(name, out var refusal))
        {
            return refusal;
        }

        var targets = _targets.Values;
        var backends = targets.Select(static target => target.Backend).Distinct().ToList();
        if (!backends.Contains(name))
        {
            var words = backends.Count == 0 ? "none" : string.Join(", ", backends);
            return new("is not the name of a backend", Nearest.DidYouMean(name, backends) + $"the backends for this listener are {words}");
        }

        var destinations = targets.Where(target => target.Backend == name).Select(static target => target.Destination).OfType<string>().ToList();
        return new(
            $"is no destination of backend {name}",
            Nearest.DidYouMean(text[(colon + 1)..], destinations) + $"write one as the backend has it: {string.Join(", ", destinations)}");
    }

    public bool Equals(UserMapTargets? other) =>
        other is not null && _targets.Keys.SequenceEqual(other._targets.Keys) && _refused.SequenceEqual(other._refused);

    public override bool Equals(object? obj) => Equals(obj as UserMapTargets);

    public override int GetHashCode() => HashCode.Combine(_targets.Count, _refused.Count);

    private void Add(UserMapTarget target) => _targets[target.ToString()] = target;
}
