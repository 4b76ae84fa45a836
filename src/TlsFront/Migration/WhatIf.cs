using TlsFront.Configuration;
using TlsFront.Configuration.Reading;
using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.Policies;

namespace TlsFront.Migration;

/// <summary>Replays logins that were accepted against other settings.</summary>
internal sealed class WhatIf
{
    private readonly Dictionary<string, (ListenerSettings Settings, ServerNameTable<RouteSettings> Routes)> _listeners;
    private readonly IReadOnlyList<(PolicyPreview Policy, bool IsTemporary)> _policies;
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
                // Of times as of shares: that it can happen is what matters.
                new PolicyPreview(draft with { Settings = draft.Settings with { During = [] } }), draft.Settings.IsTemporary)),
        ];
    }

    /// <summary>Logins that were replayed.</summary>
    public long Replayed { get; private set; }

    /// <summary>Who would be refused, refused now and then, or warned of, in this order; of each first who was seen last.</summary>
    public IReadOnlyList<WhatIfOutcome> Replay(IEnumerable<ObservedLogin> logins)
    {
        var outcomes = new Dictionary<(string, WhatIfEffect, string), WhatIfOutcome>();
        foreach (var login in logins.Where(static login => login.IsAccepted))
        {
            Replayed += login.Count;
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
            return (WhatIfEffect.Refused, $"no listener \"{login.Listener}\"");
        }

        var (listener, routes) = known;
        if (!listener.CanHave(login.Transport))
        {
            return (WhatIfEffect.Refused, $"security {listener.SecurityName} of listener \"{listener.Name}\"");
        }

        var minimum = (routes.Find(login.ServerName)?.Tls ?? listener.Tls).MinimumVersion;
        if (login.Tls < minimum)
        {
            return (WhatIfEffect.Refused, $"tls.minimumVersion {minimum.Number()} of listener \"{listener.Name}\"");
        }

        if (login is { HasWeakCipher: true, Tls: not null } && minimum >= TlsVersion.Tls12)
        {
            return (WhatIfEffect.Refused, $"tls.minimumVersion {minimum.Number()} of listener \"{listener.Name}\", which has no weak cipher suites");
        }

        var subject = new PolicySubject
        {
            Listener = listener,
            Connection = "",
            Client = login.Client,
            User = login.User ?? "",
            ServerName = login.ServerName,
            Transport = login.Transport,
            Tls = login.Tls,
            HasWeakCipher = login.HasWeakCipher,
            Ja4 = login.Ja4,
            Program = login.Program,
            Now = _at,
        };
        (WhatIfEffect Effect, string By)? atTimes = null;
        foreach (var (policy, isTemporary) in _policies)
        {
            if (policy.Judge(subject) != PolicyCondition.None)
            {
                continue;
            }

            (WhatIfEffect, string)? effect = policy.Settings.Action switch
            {
                PolicyAction.Refuse => (isTemporary ? WhatIfEffect.Temporary : WhatIfEffect.Refused, policy.Place),
                PolicyAction.Warn => (WhatIfEffect.Warned, policy.Place),
                _ => null,
            };
            if (!isTemporary)
            {
                // At all other times, and for all other connections, this one decides.
                return effect is (WhatIfEffect.Refused, _) ? effect : atTimes ?? effect;
            }

            atTimes ??= effect;
        }

        return PolicyWords.RefusalWithoutPolicy(subject) is not null
            ? (atTimes is null ? WhatIfEffect.Refused : WhatIfEffect.Temporary, "no policy that lets it in")
            : atTimes;
    }
}
