using System.Net;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Configuration.Schema;

/// <summary><c>listeners</c>.</summary>
internal static class ListenerSchema
{
    public static readonly Setting<ListenerSettings, string> Name = new("name", new NameType(),
        static listener => listener.Name, static (listener, value) => listener with { Name = value },
        "Unique; the listener in logs and metrics.")
    { IsRequired = true, IsCold = true };

    public static readonly Setting<ListenerSettings, IPEndPoint> Address = new("address", new ListenAddressType(),
        static listener => listener.Address, static (listener, value) => listener with { Address = value },
        "Where clients connect; `*` is all addresses, IPv4 and IPv6. A socket of systemd with this address is taken over.")
    { IsRequired = true, IsCold = true };

    public static readonly Setting<ListenerSettings, MailProtocol> Protocol = new("protocol",
        new ChoiceType<MailProtocol>([.. ProtocolProfile.All.Select(static profile => (profile.Name, profile.Protocol))]),
        static listener => listener.Protocol, static (listener, value) => listener with { Protocol = value },
        "What is spoken behind TLS; `tcp` is anything else, relayed unread.")
    { IsRequired = true, IsCold = true };

    public static readonly Setting<ListenerSettings, ListenerSecurity> Security = new("security",
        new ChoiceType<ListenerSecurity>(
            ("implicit", ListenerSecurity.Implicit), ("starttls", ListenerSecurity.StartTls), ("optional", ListenerSecurity.Optional))
        {
            Refusals = new Dictionary<string, ValueProblem>
            {
                ["none"] = new(
                    "is not available: the gateway exists to speak TLS",
                    "write implicit or starttls, or optional with a policy for the last devices without TLS"),
            },
        },
        static listener => listener.Security, static (listener, value) => listener with { Security = value },
        "`implicit`: TLS from the first byte (RFC 8314), on ports 465, 993 and 995. `starttls`: TLS when the client asks "
        + "for it, on ports 587, 143, 110 and 4190, for clients without implicit TLS; before that it can neither log in nor send mail. "
        + "`optional`: the same, except for logins that a policy with `transport: cleartext` lets in without TLS; **their passwords can be read "
        + "on the way**. Not for `tcp`.")
    { IsCold = true };

    public static readonly Setting<ListenerSettings, string> Backend = new("backend", new NameType(),
        static listener => listener.Backend, static (listener, value) => listener with { Backend = value },
        "Name of the backend for sessions that no route, user map or lookup decides.")
    { IsRequired = true };

    public static readonly Setting<ListenerSettings, Authentication> Authentication = new("authentication",
        new ChoiceType<Authentication>(("required", Protocols.Smtp.Authentication.Required), ("optional", Protocols.Smtp.Authentication.Optional)),
        static listener => listener.Rules.Authentication,
        static (listener, value) => listener with { Rules = listener.Rules with { Authentication = value } },
        "SMTP only. `required`: no mail before the backend accepted a login, whatever the backend itself would allow the gateway's address. "
        + "`optional`: the backend decides alone. No effect where logins are held.");

    public static readonly Setting<ListenerSettings, BareNewlines> BareNewlines = new("bareNewlines",
        new ChoiceType<BareNewlines>(("normalize", Protocols.BareNewlines.Normalize), ("reject", Protocols.BareNewlines.Reject)),
        static listener => listener.Rules.BareNewlines,
        static (listener, value) => listener with { Rules = listener.Rules with { BareNewlines = value } },
        "CR or LF alone (SMTP smuggling). `normalize`: rewritten in message data, and a command may end in LF. "
        + "`reject`: the message or the command is refused. Not for `tcp`.");

    public static readonly Setting<ListenerSettings, string?> UserMap = new("userMap", new PathType("file")!,
        static listener => listener.UserMap, static (listener, value) => listener with { UserMap = value },
        "File that maps users to backends, one per line: `user backend` or `user backend:destination`; `@domain` and `*` are allowed as users. "
        + "At most 4,000,000 entries and 512 MB. Reloaded when it changes. Relative to the folder of the configuration file. "
        + "Makes the listener hold logins. Not for `tcp`.");

    public static readonly SettingsSection<ListenerSettings> Section = new("listeners", "Addresses the gateway listens on.",
        // What is true of tcp is true of any other protocol, so that a wrong word for it gives rise to no second problem.
        new() { Name = null!, Address = null!, Protocol = MailProtocol.Tcp, Backend = null!, Tls = new(), Rules = new() },
        Name, Address, Protocol, Security, Backend, UserMap,
        new SettingsFact<ListenerSettings, string>("userMap (backends)", static listener => listener.MappedBackends),
        Authentication, BareNewlines,
        new SettingsItems<ListenerSettings, CertificateSettings>(CertificateSchema.ListenerSection, static listener => listener.Certificates),
        new SettingsGroup<ListenerSettings, ProxyHeaderSettings>(ProxyHeaderSchema.Section,
            static listener => listener.ProxyProtocol ?? ProxyHeaderSettings.None,
            static (listener, value) => listener with { ProxyProtocol = value.TrustedNetworks.Equals(NetworkSet.Empty) ? null : value }),
        new SettingsGroup<ListenerSettings, AdmissionSettings>(AdmissionSchema.ListenerSection,
            static listener => listener.Admission, static (listener, value) => listener with { Admission = value }),
        new SettingsGroup<ListenerSettings, ListenerLimitSettings>(LimitSchema.ListenerSection,
            static listener => listener.Limits, static (listener, value) => listener with { Limits = value }),
        new SettingsGroup<ListenerSettings, TlsSettings>(TlsSchema.ListenerSection,
            static listener => listener.Tls, static (listener, value) => listener with { Tls = value }),
        new SettingsGroup<ListenerSettings, LookupSettings>(LookupSchema.Section,
            static listener => listener.Lookup ?? LookupSettings.None,
            static (listener, value) => listener with { Lookup = value.Url is null ? null : value }),
        new SettingsItems<ListenerSettings, RouteSettings>(RouteSchema.Section, static listener => listener.Routes, RouteSchema.NameOf))
    { IsList = true, IsRequired = true };
}
