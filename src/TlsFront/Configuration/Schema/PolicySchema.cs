using TlsFront.Configuration.Reading;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Configuration.Schema;

/// <summary><c>policies</c>.</summary>
internal static class PolicySchema
{
    private const string All = "all";

    public static readonly Setting<PolicySettings, string> Name = new("name", new NameType(),
        static policy => policy.Name, static (policy, value) => policy with { Name = value },
        "Unique; the policy in logs and metrics.")
    { IsRequired = true };

    public static readonly Setting<PolicySettings, PolicyAction> Action = new("action",
        new ChoiceType<PolicyAction>(("allow", PolicyAction.Allow), ("warn", PolicyAction.Warn), ("refuse", PolicyAction.Refuse)),
        static policy => policy.Action, static (policy, value) => policy with { Action = value },
        "What becomes of the login. `warn`: it goes on, and is logged and counted. `refuse`: the client gets the same answer for any password, "
        + "and no backend sees the login. `allow`: it goes on, and no policy below counts. `warn` and `refuse` make the listeners hold logins.")
    { IsRequired = true };

    public static readonly SettingList<PolicySettings, string> Listeners = new("listeners", new NameType(),
        static policy => policy.Listeners, static (policy, values) => policy with { Listeners = values },
        "Listeners it is for.")
    { DefaultWords = All, Unique = StringComparer.Ordinal };

    public static readonly SettingList<PolicySettings, MailProtocol> Protocols = new("protocols",
        new ChoiceType<MailProtocol>(
            [.. ProtocolProfile.All.Where(static profile => profile.IsUnderstood).Select(static profile => (profile.Name, profile.Protocol))]),
        static policy => policy.Protocols, static (policy, values) => policy with { Protocols = values },
        "Protocols it is for.")
    { DefaultWords = All, Unique = EqualityComparer<MailProtocol>.Default };

    public static readonly Setting<PolicySettings, ListenerSecurity?> Transport = new("transport",
        new OptionalType<ListenerSecurity>(
            new ChoiceType<ListenerSecurity>(("implicit", ListenerSecurity.Implicit), ("starttls", ListenerSecurity.StartTls))),
        static policy => policy.Transport, static (policy, value) => policy with { Transport = value },
        "Sessions it is for, by how TLS began.")
    { DefaultWords = "both" };

    public static readonly Setting<PolicySettings, TlsVersion?> TlsBelow = new("tlsBelow",
        new OptionalType<TlsVersion>(new ChoiceType<TlsVersion>(("1.3", TlsVersion.Tls13))),
        static policy => policy.TlsBelow, static (policy, value) => policy with { TlsBelow = value },
        "Sessions it is for, by TLS: those with an older version.")
    { DefaultWords = "any version" };

    public static readonly SettingList<PolicySettings, AddressSource> Networks = new("networks", new AddressSourceType(),
        static policy => policy.Networks, static (policy, values) => policy with { Networks = AddressListSettings.Of(values) },
        "Where clients come from that it is for. Files are read again when they change.")
    { DefaultWords = "anywhere", Check = CheckNetworks };

    public static readonly SettingList<PolicySettings, UserSource> Users = new("users", new UserSourceType(),
        static policy => policy.Users, static (policy, values) => policy with { Users = UserListSettings.Of(values) },
        "Users it is for, as they log in; case is ignored. `*@example.org` stands for all users of the domain. Files may have comments after `#` and "
        + "are read again when they change; at most 16 MB.")
    { DefaultWords = All, Check = CheckUsers };

    public static readonly SettingList<PolicySettings, string> ServerNames = new("serverNames", new RouteNameType(),
        static policy => policy.ServerNames, static (policy, values) => policy with { ServerNames = values },
        "Server names (SNI) that it is for. A client that asks for no name has none of them.")
    { DefaultWords = "any, and none", Unique = StringComparer.Ordinal };

    public static readonly Setting<PolicySettings, DateTimeOffset?> From = new("from", new OptionalType<DateTimeOffset>(new InstantType()),
        static policy => policy.From, static (policy, value) => policy with { From = value },
        "When it begins to apply.")
    { DefaultWords = "at once" };

    public static readonly Setting<PolicySettings, DateTimeOffset?> Until = new("until", new OptionalType<DateTimeOffset>(new InstantType()),
        static policy => policy.Until, static (policy, value) => policy with { Until = value },
        "When it no longer applies.")
    { DefaultWords = "never" };

    public static readonly Setting<PolicySettings, double?> Sample = new("sample", new OptionalType<double>(new PercentType()),
        static policy => policy.Sample, static (policy, value) => policy with { Sample = value },
        "Only for this share of users, by a hash of the policy's and the user's name: those of 10% are among those of 20%.")
    { DefaultWords = "100%" };

    public static readonly Setting<PolicySettings, string?> Message = new("message", new MessageType()!,
        static policy => policy.Message, static (policy, value) => policy with { Message = value },
        "What a client that is refused is told, behind `530 5.7.0`, `NO [PRIVACYREQUIRED]` or `-ERR [SYS/PERM]`. Mail programs show it.")
    { DefaultWords = "what the user has to change" };

    public static readonly SettingsSection<PolicySettings> Section = new("policies",
        "How users may log in. The first that matches a login decides; where none does, it goes on. Not for `tcp`.",
        new() { Name = null!, Action = PolicyAction.Allow },
        Name, Action, Listeners, Protocols, Transport, TlsBelow, Networks, Users, ServerNames, From, Until, Sample, Message)
    { IsList = true };

    private static void CheckNetworks(SettingsScope scope, string key, AddressSource source)
    {
        foreach (var problem in source.File is { } path ? NetworkFile.Read(path).Problems : [])
        {
            scope.FailIn(key, source.File!, problem);
        }
    }

    private static void CheckUsers(SettingsScope scope, string key, UserSource source)
    {
        foreach (var problem in source.File is { } path ? UserFile.Read(path).Problems : [])
        {
            scope.FailIn(key, source.File!, problem);
        }
    }
}
