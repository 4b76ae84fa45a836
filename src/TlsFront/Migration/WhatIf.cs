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
    private readonly IReadOnlyList<ReplayedPolicy> _policies;
    private readonly HashSet<string> _divided = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _at;

    /// <param name="settings">The other settings.</param>
    /// <param name="policies">Their policies.</param>
    /// <param name="at">The moment at which they are to be in force.</param>
    public WhatIf(GatewaySettings settings, IReadOnlyList<Draft<PolicySettings>> policies, DateTimeOffset at)
    {
        _at = at;
        _listeners = settings.Listeners.ToDictionary(static listener => listener.Name, static listener => (listener, RoutesOf(listener)));
        _policies = [.. policies.Select(static draft => new ReplayedPolicy(draft))];
    }

    /// <summary>Logins that were replayed.</summary>
    public long Replayed { get; private set; }

    /// <summary>Of the policies that ask for more of an address than was kept of it: whom they match is not known. A sentence each.</summary>
    public IEnumerable<string> Doubts =>
        from policy in _policies
        where _divided.Contains(policy.Place)
        select $"{policy.Place} is for networks smaller than the inventory keeps, so its matches are uncertain and shown as \"may be\"; "
            + "write inventory.addresses: full to know it of logins from then on";

    /// <summary>Of the policies that match nothing at the moment of the replay, because it is not theirs. A sentence each.</summary>
    public IEnumerable<string> Idle => _policies.Select(policy => policy.IdleAt(_at)).OfType<string>();

    /// <summary>Who would be refused, refused now and then, or warned of, in this order; of each first who was seen last.</summary>
    public IReadOnlyList<WhatIfOutcome> Replay(IEnumerable<ObservedLogin> logins)
    {
        var outcomes = new Dictionary<(string, Verdict), WhatIfOutcome>();
        foreach (var login in logins.Where(static login => login.IsAccepted))
        {
            Replayed += login.Count;
            if (Judge(login) is not { } verdict)
            {
                continue;
            }

            var user = login.User ?? UsageReport.Unknown;
            if (!outcomes.TryGetValue((user, verdict), out var outcome))
            {
                outcome = new(user, verdict.Effect, verdict.By, verdict.IsSure, verdict.Minimum);
                outcomes.Add((user, verdict), outcome);
            }

            outcome.Add(login);
        }

        return [.. outcomes.Values.OrderBy(static outcome => outcome.Effect).ThenByDescending(static outcome => outcome.Last)];
    }

    private static ServerNameTable<RouteSettings> RoutesOf(ListenerSettings listener) => new(
        from route in listener.NameRoutes
        from name in route.Names
        select KeyValuePair.Create(name, route));

    private Verdict? Judge(ObservedLogin login)
    {
        if (!_listeners.TryGetValue(login.Listener, out var known))
        {
            return new(WhatIfEffect.Refused, $"no listener \"{login.Listener}\"");
        }

        var (listener, routes) = known;
        if (!listener.CanHave(login.Transport))
        {
            return new(WhatIfEffect.Refused, $"security {listener.SecurityName} of listener \"{listener.Name}\"");
        }

        var minimum = (routes.Find(login.ServerName)?.Tls ?? listener.Tls).MinimumVersion;
        if (login.Tls < minimum)
        {
            return new(WhatIfEffect.Refused, $"tls.minimumVersion {minimum.Number()} of listener \"{listener.Name}\"", Minimum: minimum);
        }

        if (login is { HasWeakCipher: true, Tls: not null } && minimum >= TlsVersion.Tls12)
        {
            return new(
                WhatIfEffect.Refused, $"tls.minimumVersion {minimum.Number()} of listener \"{listener.Name}\", which has no weak cipher suites");
        }

        return JudgeByPolicies(login, new PolicySubject
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
        });
    }

    /// <summary>What the first policy that matches does, and what those do before it that match now and then, or that may match.</summary>
    private Verdict? JudgeByPolicies(ObservedLogin login, PolicySubject subject)
    {
        (Verdict? atTimes, Verdict? perhaps, var isDivided) = (null, null, false);
        foreach (var policy in _policies)
        {
            if (policy.Matches(login, subject) is not { } matches)
            {
                // What it would let in, those behind it may not.
                isDivided = true;
                _divided.Add(policy.Place);
                perhaps = Worst(perhaps, policy.Effect is { } possible ? new(possible, policy.Place, IsSure: false) : null);
                continue;
            }

            if (!matches)
            {
                continue;
            }

            Verdict? verdict = policy.Effect is { } effect ? new(effect, policy.Place) : null;
            if (!policy.IsTemporary)
            {
                // At all other times, and for all other connections, this one decides.
                return Sum(verdict is { Effect: WhatIfEffect.Refused } ? verdict : atTimes ?? verdict);
            }

            atTimes ??= verdict;
        }

        return Sum(PolicyWords.RefusalWithoutPolicy(subject) is not null
            ? new(atTimes is null ? WhatIfEffect.Refused : WhatIfEffect.Temporary, "no policy that lets it in")
            : atTimes);

        Verdict? Sum(Verdict? certain) => isDivided ? Worst(certain is { } verdict ? verdict with { IsSure = false } : null, perhaps) : certain;
    }

    /// <summary>The worse of two; the first of two that are alike.</summary>
    private static Verdict? Worst(Verdict? one, Verdict? other) => other is { } second && !(one?.Effect <= second.Effect) ? other : one;

    /// <summary>What would become of a login.</summary>
    /// <param name="Effect">What.</param>
    /// <param name="By">What would do it.</param>
    /// <param name="IsSure">Whether that is certain.</param>
    /// <param name="Minimum">The version that it lacks; null if it does not lack one.</param>
    private readonly record struct Verdict(WhatIfEffect Effect, string By, bool IsSure = true, TlsVersion? Minimum = null);
}
