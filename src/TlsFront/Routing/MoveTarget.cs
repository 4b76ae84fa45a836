using TlsFront.Configuration;
using TlsFront.Configuration.Users;

namespace TlsFront.Routing;

/// <summary>Finds out what an operator means by the target of a move.</summary>
internal static class MoveTarget
{
    /// <summary>What is said where no login waits until it is known whose it is.</summary>
    public const string NoneHoldsLogins =
        "no listener holds logins: that takes userMap, routes[].users or a backend with stickiness: user";

    /// <summary>
    /// The move to <paramref name="target"/>, written as in a user map, under <paramref name="settings"/>; null with what is wrong. Without
    /// <paramref name="protocol"/> the only one that the target does for: a server of IMAP may speak POP3 as well, but not at the same port.
    /// </summary>
    public static UserMove? Find(GatewaySettings settings, string target, string? protocol, out string? problem)
    {
        problem = null;
        var holding = settings.Listeners.Where(settings.HoldsLogins).DistinctBy(static listener => listener.Protocol).ToList();
        var asked = holding.Where(listener => protocol is null || listener.ProtocolName == protocol).ToList();
        var known = string.Join(", ", holding.Select(static listener => listener.ProtocolName));
        if (asked.Count == 0)
        {
            problem = holding.Count == 0 ? NoneHoldsLogins : $"no listener of protocol {protocol} holds logins; there are {known}";
            return null;
        }

        var moves = new List<UserMove>();
        var refusals = new List<string>();
        foreach (var listener in asked)
        {
            var targets = UserMapTargets.Of(listener.Protocol, settings.Listeners, settings.Backends);
            if (targets.Find(target) is { } found)
            {
                moves.Add(new(listener.ProtocolName, found.Backend, found.Destination));
            }
            else
            {
                var refusal = targets.Explain(target);
                refusals.Add($"for {listener.ProtocolName}, {target} {refusal.Message}; {refusal.Remedy}");
            }
        }

        problem = moves.Count switch
        {
            0 => string.Join(". ", refusals),
            1 => null,
            _ => $"{target} would do for {string.Join(" and ", moves.Select(static move => move.Protocol))}: "
                + $"say for which, as in --protocol {moves[0].Protocol}",
        };
        return problem is null ? moves[0] : null;
    }
}
