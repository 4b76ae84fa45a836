using TlsFront.Configuration.Schema;
using TlsFront.Configuration.Users;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Configuration.Reading;

/// <summary>The rules between policies, and between them and listeners: which of them can decide anything.</summary>
internal static class PolicyRules
{
    /// <summary>Notes what is wrong with policies as a whole.</summary>
    public static void Check(IReadOnlyList<Draft<PolicySettings>> policies, IReadOnlyList<ListenerSettings> listeners)
    {
        foreach (var (number, policy) in policies.Index())
        {
            if (HasUnknownListener(policy, listeners))
            {
                continue;
            }

            var covered = listeners.Where(policy.Settings.Covers).ToList();
            if (covered.Count == 0 && policy.Settings.Transport == LoginTransport.Cleartext)
            {
                policy.Scope.Warn(PolicySchema.Transport, new(
                    "matches nothing: none of its listeners has security: optional", "set security: optional on a listener, or remove the policy"));
            }
            else if (covered.Count == 0)
            {
                policy.Scope.Warn(
                    PolicySchema.Name, new("matches nothing: it is for no listener that there is", "change what it is for, or remove it"));
            }
            else if (policy.Settings.TlsBelow is { } version && covered.TrueForAll(listener => listener.OldestTls >= version))
            {
                policy.Scope.Warn(PolicySchema.TlsBelow, new(
                    "matches nothing: its listeners accept no older version of TLS", "remove the policy; tls.minimumVersion refuses those clients"));
            }
            else if (policy.Settings.Cipher is not null && covered.TrueForAll(static listener => listener.OldestTls >= TlsVersion.Tls12))
            {
                policy.Scope.Warn(PolicySchema.Cipher, new(
                    "matches nothing: none of its listeners has weak cipher suites", "remove the policy, or set tls.minimumVersion on a listener"));
            }
            else if (policies.Take(number).FirstOrDefault(above => IsCovered(policy.Settings, by: above.Settings, covered)) is { } shadow)
            {
                policy.Scope.Warn(PolicySchema.Name, new(
                    $"never decides: \"{shadow.Settings.Name}\" at {shadow.Scope.Origin} stands above it and matches everything that it matches",
                    "move it up, or remove it"));
            }
        }
    }

    /// <summary>Notes a listener where cleartext or TLS before 1.2 is possible, and nobody is let in by it.</summary>
    public static void CheckExceptions(IReadOnlyList<Draft<PolicySettings>> policies, ListenerDraft draft)
    {
        var (scope, listener) = (draft.Scope, draft.Settings);
        bool LetsIn(Func<PolicySettings, bool> names) =>
            policies.Any(policy => policy.Settings.IsException && names(policy.Settings) && policy.Settings.Covers(listener));

        if (listener.Security == ListenerSecurity.Optional && !LetsIn(static policy => policy.Transport == LoginTransport.Cleartext))
        {
            scope.Warn(ListenerSchema.Security, new(
                "lets nobody in without TLS, because no policy does",
                "write a policy with action: allow and transport: cleartext, or security: starttls"));
        }

        if (listener.OldestTls < TlsVersion.Tls12 && ProtocolProfile.Of(listener.Protocol).IsUnderstood
            && !LetsIn(static policy => policy.NamesLegacy))
        {
            scope.Section(TlsSchema.ListenerSection).Warn(TlsSchema.MinimumVersion, new(
                "lets nobody in by TLS before 1.2, because no policy does",
                "write a policy with action: allow, tlsBelow: \"1.2\" and until, or remove it"));
        }
    }

    private static bool HasUnknownListener(Draft<PolicySettings> policy, IReadOnlyList<ListenerSettings> listeners)
    {
        var isWrong = false;
        foreach (var name in policy.Settings.Listeners)
        {
            var listener = listeners.FirstOrDefault(listener => listener.Name == name);
            if (listener is null)
            {
                var names = listeners.Select(static listener => listener.Name).ToList();
                policy.Scope.FailEntry(PolicySchema.Listeners, name, new(
                    "is not the name of a listener", $"{Nearest.DidYouMean(name, names)}the listeners are {string.Join(", ", names)}"));
                isWrong = true;
            }
            else if (!ProtocolProfile.Of(listener.Protocol).IsUnderstood)
            {
                policy.Scope.FailEntry(PolicySchema.Listeners, name, new("has protocol tcp, where no login is seen", "remove it"));
                isWrong = true;
            }
        }

        return isWrong;
    }

    /// <summary>Whether <paramref name="by"/> matches whatever <paramref name="policy"/> matches, as far as that can be told without files.</summary>
    private static bool IsCovered(PolicySettings policy, PolicySettings by, IReadOnlyList<ListenerSettings> covered) =>
        covered.All(listener => by.Covers(listener)
            && Enum.GetValues<LoginTransport>().Where(listener.CanHave).All(transport => !policy.Covers(transport) || by.Covers(transport)))
        && by is { Sample: null, During: [] }
        && (by.From is null || by.From <= policy.From)
        && (by.Until is null || by.Until >= policy.Until)
        && (by.TlsBelow is null || by.TlsBelow >= policy.TlsBelow)
        && (by.Cipher is null || by.Cipher == policy.Cipher)
        && (by.Action == PolicyAction.Refuse || by.NamesLegacy || policy is { NamesLegacy: false, Action: not PolicyAction.Refuse }
            || covered.All(static listener => listener.OldestTls >= TlsVersion.Tls12))
        && (by.Ja4.Count == 0 || (policy.Ja4.Count > 0 && policy.Ja4.All(by.Ja4.Contains)))
        && (by.Programs.Count == 0 || (policy.Programs.Count > 0 && policy.Programs.All(by.Programs.Contains)))
        && (by.Networks is null || by.Networks.Equals(policy.Networks))
        && (by.ServerNames.Count == 0 || (policy.ServerNames.Count > 0 && policy.ServerNames.All(by.ServerNames.Contains)))
        && (by.Users is null || by.Users.Keys.Contains(UserKey.Everybody) || IsWithin(policy.Users, by.Users));

    private static bool IsWithin(UserListSettings? users, UserListSettings others)
    {
        var set = new UserSet(others.Keys);
        return users is not null
            && users.Files.All(others.Files.Contains)
            && users.Keys.All(key => others.Keys.Contains(key) || (!UserKey.IsOfMany(key) && set.Contains(key)));
    }
}
