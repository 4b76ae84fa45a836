using TlsFront.Configuration;
using TlsFront.Configuration.Reading;
using TlsFront.Configuration.Users;
using TlsFront.Connections;
using TlsFront.Policies;

namespace TlsFront.Migration;

/// <summary>Replays logins that were accepted against other settings.</summary>
internal sealed class WhatIf
{
    private readonly Dictionary<string, (ListenerSettings Settings, ServerNameTable<RouteSettings> Routes)> _listeners;
    private readonly IReadOnlyList<(Policy Policy, PolicySettings Settings, string Place)> _policies;
    private readonly DateTimeOffset _at;

    /// <param name="settings">The other settings.</param>
    /// <param name="policies">Their policies.</param>
    /// <param name="at">The moment at which they are to be in force.</param>
    public WhatIf(GatewaySettings settings, IReadOnlyList<Draft<PolicySettings>> policies, DateTimeOffset at)
    {
        _at = at;
        _listeners = settings.Listeners.ToDictionary(static listener => listener.Name, static listener => (listener, RoutesOf(listener)));
        _policies =
        [
            .. policies.Select(static draft => (
                new Policy(
                    // Whoever is in the sample with one connection is not with the next: what matters is that it can happen.
                    draft.Settings.SampleOf == SampleOf.Connections ? draft.Settings with { Sample = null } : draft.Settings,
                    static path => NetworkFile.Read(path).Networks ?? NetworkSet.Empty,
                    static path => UserFile.Read(path).Users ?? UserSet.Nobody),
                draft.Settings,
                $"{draft.Scope.Origin} \"{draft.Settings.Name}\"")),
        ];
    }

    /// <summary>Who would be refused, refused now and then, or warned of, in this order; of each first who was seen last.</summary>
    public IReadOnlyList<WhatIfOutcome> Replay(IEnumerable<ObservedLogin> logins)
    {
        var outcomes = new Dictionary<(string, WhatIfEffect, string), WhatIfOutcome>();
        foreach (var login in logins.Where(static login => login.IsAccepted))
        {
            if (Judge(login) is not var (effect, by))
            {
                continue;
            }

            var user = login.User ?? UsageReport.Unknown;
            if (!outcomes.TryGetValue((user, effect, by), out var outcome))
            {
                outcomes.Add((user, effect, by), outcome = new(user, effect, by));
            }

            outcome.Add(login);
        }

        return [.. outcomes.Values.OrderBy(static outcome => outcome.Effect).ThenByDescending(static outcome => outcome.Last)];
    }

    private static ServerNameTable<RouteSettings> RoutesOf(ListenerSettings listener) => new(
        from route in listener.NameRoutes
        from name in route.Names
        select KeyValuePair.Create(name, route));

    private (WhatIfEffect Effect, string By)? Judge(ObservedLogin login)
    {
        if (!_listeners.TryGetValue(login.Listener, out var known))
        {
            return (WhatIfEffect.Refused, $"listener {login.Listener} is gone");
        }

        var (listener, routes) = known;
        var minimum = (routes.Find(login.ServerName)?.Tls ?? listener.Tls).MinimumVersion;
        if (login.Tls < minimum)
        {
            return (WhatIfEffect.Refused, $"tls.minimumVersion of listener {listener.Name}, {minimum.Number()}");
        }

        var subject = new PolicySubject
        {
            Listener = listener,
            Connection = "",
            Client = login.Client,
            User = login.User ?? "",
            ServerName = login.ServerName,
            Tls = login.Tls,
            Ja4 = login.Ja4,
            Now = _at,
        };
        foreach (var (policy, settings, place) in _policies)
        {
            if (policy.Judge(subject) == PolicyCondition.None)
            {
                return settings.Action switch
                {
                    PolicyAction.Refuse => (settings.IsTemporary ? WhatIfEffect.Temporary : WhatIfEffect.Refused, place),
                    PolicyAction.Warn => (WhatIfEffect.Warned, place),
                    _ => null,
                };
            }
        }

        return null;
    }
}
