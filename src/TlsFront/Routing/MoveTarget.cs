using TlsFront.Configuration;
using TlsFront.Configuration.Users;

namespace TlsFront.Routing;

/// <summary>Finds out what an operator means by the target of a move.</summary>
internal static class MoveTarget
{
    /// <summary>What is said where no login waits until it is known whose it is.</summary>
    public const string NoneHoldsLogins =
        "no listener holds logins: that takes userMap, lookup, routes[].users, policies that warn or refuse, a backend with stickiness: user, or "
        + "clientCertificates and a backend with master";

    /// <summary>
    /// The moves to <paramref name="target"/>, written as in a user map, under <paramref name="settings"/>; empty with what is wrong. One for the
    /// protocol that the target does for: a server of IMAP may speak POP3 as well, but not at the same port. And one for each other protocol whose
    /// listeners lead to a backend of the same group, at the same host if the target names one. Only those of <paramref name="protocol"/>, if given.
    /// </summary>
    public static IReadOnlyList<UserMove> Find(GatewaySettings settings, string target, string? protocol, out string? problem)
    {
        problem = null;
        var holding = settings.Listeners.Where(settings.HoldsLogins).ToList();
        var protocols = holding.DistinctBy(static listener => listener.Protocol).ToList();
        if (!protocols.Exists(listener => protocol is null || listener.ProtocolName == protocol))
        {
            var known = string.Join(", ", protocols.Select(static listener => listener.ProtocolName));
            problem = protocols.Count == 0 ? NoneHoldsLogins : $"no listener of protocol {protocol} holds logins; there are {known}";
            return [];
        }

        var named = new List<UserMove>();
        var refusals = new List<string>();
        foreach (var listener in protocols)
        {
            var targets = UserMapTargets.Of(listener.Protocol, settings.Listeners, settings.Backends);
            if (targets.Find(target) is { } found)
            {
                named.Add(new(listener.ProtocolName, found.Backend, found.Destination));
            }
            else if (protocol is null || listener.ProtocolName == protocol)
            {
                var refusal = targets.Explain(target);
                refusals.Add($"for {listener.ProtocolName}, {target} {refusal.Message}; {refusal.Remedy}");
            }
        }

        if (protocol is null && named.Count > 1)
        {
            problem = $"{target} would do for {string.Join(" and ", named.Select(static move => move.Protocol))}: "
                + $"say for which, as in --protocol {named[0].Protocol}";
            return [];
        }

        IReadOnlyList<UserMove> moves =
        [
            .. named.Concat(named is [var one] ? InGroup(settings, holding, one) : []).Where(move => protocol is null || move.Protocol == protocol)
        ];
        problem = moves.Count == 0 ? string.Join(". ", refusals) : null;
        return moves;
    }

    /// <summary>What <paramref name="move"/> means for other protocols.</summary>
    private static IEnumerable<UserMove> InGroup(GatewaySettings settings, IEnumerable<ListenerSettings> holding, UserMove move)
    {
        var host = move.Destination is { } address ? DestinationHost.Of(address) : null;
        var common = settings.Backends.First(backend => backend.Name == move.Backend).Group;
        var moves = from listener in holding
                    where common is not null && listener.ProtocolName != move.Protocol
                    from name in listener.AllBackends
                    let backend = settings.Backends.First(known => known.Name == name)
                    where backend.Group == common
                    let destination = backend.Destinations.FirstOrDefault(known => DestinationHost.Of(known) == host)
                    where host is null || destination is not null
                    select new UserMove(listener.ProtocolName, name, destination);
        return moves.DistinctBy(static other => other.Protocol);
    }
}
