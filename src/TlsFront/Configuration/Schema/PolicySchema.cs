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
        "Unique name of the policy in logs and metrics. Renaming it selects other users for `sample`.")
    { IsRequired = true };

    public static readonly Setting<PolicySettings, PolicyAction> Action = new("action",
        new ChoiceType<PolicyAction>(("allow", PolicyAction.Allow), ("warn", PolicyAction.Warn), ("refuse", PolicyAction.Refuse)),
        static policy => policy.Action, static (policy, value) => policy with { Action = value },
        "What happens to a matching login. `allow`: it goes on. `warn`: it goes on, and is logged and counted. `refuse`: the client gets "
        + "the same answer for any password, and no server sees the login. The first policy that matches decides. "
        + "`warn`, `refuse`, and an `allow` for cleartext or old TLS, make the listeners hold logins.")
    { IsRequired = true };

    public static readonly SettingList<PolicySettings, string> Listeners = new("listeners", new NameType(),
        static policy => policy.Listeners, static (policy, values) => policy with { Listeners = values },
        "Applies to logins on these listeners.")
    { DefaultWords = All, Unique = StringComparer.Ordinal };

    public static readonly SettingList<PolicySettings, MailProtocol> Protocols = new("protocols",
        new ChoiceType<MailProtocol>(
            [.. ProtocolProfile.All.Where(static profile => profile.IsUnderstood).Select(static profile => (profile.Name, profile.Protocol))]),
        static policy => policy.Protocols, static (policy, values) => policy with { Protocols = values },
        "Applies to logins over these protocols.")
    { DefaultWords = All, Unique = EqualityComparer<MailProtocol>.Default };

    public static readonly Setting<PolicySettings, LoginTransport?> Transport = new("transport",
        new OptionalType<LoginTransport>(
            new ChoiceType<LoginTransport>([.. Enum.GetValues<LoginTransport>().Select(static transport => (transport.Tag(), transport))])),
        static policy => policy.Transport, static (policy, value) => policy with { Transport = value },
        "Applies to logins with implicit TLS, with STARTTLS, or in cleartext. Only `allow` or `warn` with `transport: cleartext` accepts a cleartext "
        + "login, on a listener with `security: optional`. **Whoever listens on the way reads the password.**")
    { DefaultWords = "any" };

    public static readonly Setting<PolicySettings, TlsVersion?> TlsBelow = new("tlsBelow",
        new OptionalType<TlsVersion>(new ChoiceType<TlsVersion>(("1.1", TlsVersion.Tls11), ("1.2", TlsVersion.Tls12), ("1.3", TlsVersion.Tls13))),
        static policy => policy.TlsBelow, static (policy, value) => policy with { TlsBelow = value },
        "Applies to sessions with an older TLS version. Not in cleartext, which has `transport`. Only `allow` or `warn` with `tlsBelow: \"1.2\"` or "
        + "`\"1.1\"`, or with `cipher`, lets a login in by TLS before 1.2, and needs `until`.")
    { DefaultWords = "any version" };

    public static readonly Setting<PolicySettings, CipherClass?> Cipher = new("cipher",
        new OptionalType<CipherClass>(new ChoiceType<CipherClass>(("weak", CipherClass.Weak))),
        static policy => policy.Cipher, static (policy, value) => policy with { Cipher = value },
        "`weak`: applies to sessions whose cipher suite has no forward secrecy or no authenticated encryption (AEAD). Only listeners and routes with "
        + "`tls.minimumVersion` below 1.2 have such suites.")
    { DefaultWords = "any" };

    public static readonly SettingList<PolicySettings, AddressSource> Networks = new("networks", new AddressSourceType(),
        static policy => policy.Networks, static (policy, values) => policy with { Networks = AddressListSettings.Of(values) },
        "Applies to clients from these addresses. Files are read again when they change.")
    { DefaultWords = "anywhere", Check = AdmissionSchema.CheckFile };

    public static readonly SettingList<PolicySettings, UserSource> Users = new("users", new UserSourceType(),
        static policy => policy.Users, static (policy, values) => policy with { Users = UserListSettings.Of(values) },
        "Applies to these login names, compared as typed but for case: list every form that your servers take. `*@example.org` stands "
        + "for all users of the domain. Files are UTF-8 with one a line, `#` for "
        + "comments and a new line at the end. One that changes is read again, an emptied one after 30 seconds; a faulty one changes nothing. "
        + "At most 16 MB.")
    { DefaultWords = All, Check = CheckUsers };

    public static readonly SettingList<PolicySettings, string> ServerNames = new("serverNames", new RouteNameType(),
        static policy => policy.ServerNames, static (policy, values) => policy with { ServerNames = values },
        "Applies to clients that ask for one of these names (SNI), never to a client that asks for none.")
    { DefaultWords = "any, and none", Unique = StringComparer.Ordinal };

    public static readonly SettingList<PolicySettings, string> Ja4 = new("ja4", new Ja4Type(),
        static policy => policy.Ja4, static (policy, values) => policy with { Ja4 = values },
        "Applies to clients with these fingerprints of their TLS hello, `ja4=` of the log. One that resumes a TLS 1.3 session has another: "
        + "list both. A client can forge it.")
    { DefaultWords = All, Unique = StringComparer.Ordinal };

    public static readonly SettingList<PolicySettings, string> Programs = new("programs", new ProgramPatternType(),
        static policy => policy.Programs, static (policy, values) => policy with { Programs = values },
        "Applies to clients that call themselves so before their login, in EHLO or IMAP's ID (name and version with a slash between, such as "
        + "`Thunderbird/128.0`), `program=` of the log; `*` stands for anything. A client can say what it likes.")
    { DefaultWords = All, Unique = StringComparer.OrdinalIgnoreCase };

    public static readonly Setting<PolicySettings, DateTimeOffset?> From = new("from", new OptionalType<DateTimeOffset>(new InstantType()),
        static policy => policy.From, static (policy, value) => policy with { From = value },
        "Applies from this time on.")
    { DefaultWords = "at once" };

    public static readonly Setting<PolicySettings, DateTimeOffset?> Until = new("until", new OptionalType<DateTimeOffset>(new InstantType()),
        static policy => policy.Until, static (policy, value) => policy with { Until = value },
        "Applies before this time.")
    { DefaultWords = "never" };

    public static readonly Setting<PolicySettings, double?> Sample = new("sample", new OptionalType<double>(new PercentType()),
        static policy => policy.Sample, static (policy, value) => policy with { Sample = value },
        "Applies to this share of users, chosen by a hash of their names: who is in 10% is in 20%.")
    { DefaultWords = "100%" };

    public static readonly Setting<PolicySettings, SampleOf> SampleOf = new("sampleOf",
        new ChoiceType<SampleOf>(("users", Configuration.SampleOf.Users), ("connections", Configuration.SampleOf.Connections)),
        static policy => policy.SampleOf, static (policy, value) => policy with { SampleOf = value },
        "What `sample` is a share of. `connections`: each is drawn anew. With `refuse` the reply is temporary (`454 4.7.0`, "
        + "`NO [UNAVAILABLE]`, `-ERR [SYS/TEMP]`, `NO (TRYLATER)`), so mail programs try again.");

    public static readonly SettingList<PolicySettings, TimeWindow> During = new("during", new TimeWindowType(),
        static policy => policy.During, static (policy, values) => policy with { During = values },
        "Applies only at these times, for announced interruptions: first an hour, then a day. With `refuse` the reply is temporary, as for "
        + "`sampleOf: connections`.")
    { DefaultWords = "always", Unique = EqualityComparer<TimeWindow>.Default };

    public static readonly Setting<PolicySettings, bool> Alert = new("alert",
        new ChoiceType<bool>(("on", true), ("off", false)),
        static policy => policy.IsAlerting, static (policy, value) => policy with { IsAlerting = value },
        "With `warn`: IMAP clients get the message as an `[ALERT]` with each login, which their programs show. "
        + "Other protocols have no way for that.");

    public static readonly Setting<PolicySettings, string?> Message = new("message", new MessageType()!,
        static policy => policy.Message, static (policy, value) => policy with { Message = value },
        "Text of the reply to a refused login, or of the alert.")
    { DefaultWords = "what the user has to change" };

    public static readonly SettingsSection<PolicySettings> Section = new("policies",
        "How users may log in. The first that matches a login decides; where none does, it goes on, unless it comes in cleartext, by TLS before 1.2 "
        + "or with a weak cipher suite: then it is refused. Not for `tcp`.",
        new() { Name = null!, Action = PolicyAction.Allow },
        Name, Action, Listeners, Protocols, Transport, TlsBelow, Cipher, Networks, Users, ServerNames, Ja4, Programs, From, Until, During,
        Sample, SampleOf, Alert, Message)
    { IsList = true };

    private static void CheckUsers(SettingsScope scope, string key, UserSource source)
    {
        foreach (var problem in source.File is { } path ? UserFile.Read(path).Problems : [])
        {
            scope.FailIn(key, source.File!, problem);
        }
    }
}
