using System.Net;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Configuration.Schema;

/// <summary><c>listeners</c>.</summary>
internal static class ListenerSchema
{
    private static readonly SmtpRules Defaults = new();

    public static readonly Setting<string> Name = new("name", new NameType(),
        "Unique; the listener in logs and metrics.")
    { IsRequired = true, IsCold = true };

    public static readonly Setting<IPEndPoint> Address = new("address", new ListenAddressType(),
        "Where clients connect; `*` is all addresses, IPv4 and IPv6. A socket of systemd with this address is taken over.")
    { IsRequired = true, IsCold = true };

    public static readonly Setting<MailProtocol> Protocol = new("protocol",
        new ChoiceType<MailProtocol>(("smtp", MailProtocol.Smtp), ("imap", MailProtocol.Imap), ("pop3", MailProtocol.Pop3), ("tcp", MailProtocol.Tcp)),
        "What is spoken behind TLS; `tcp` is anything else, relayed unread.")
    { IsRequired = true, IsCold = true };

    /// <summary>One value so far, hence no field of <see cref="ListenerSettings"/>: it is written down so that files need no change later.</summary>
    public static readonly Setting<string> Security = new("security",
        new ChoiceType<string>(("implicit", "implicit"))
        {
            Refusals = new Dictionary<string, Complaint>
            {
                ["starttls"] = new("is not available in this version", "write implicit: TLS from the first byte, on ports 465, 993 and 995 (RFC 8314)"),
                ["none"] = new("is not available: the gateway exists to speak TLS", "write implicit: TLS from the first byte"),
            },
        },
        "`implicit`: TLS from the first byte (RFC 8314).")
    { Default = "implicit", IsCold = true };

    public static readonly Setting<string> Backend = new("backend", new NameType(),
        "Name of the backend its sessions go to.")
    { IsRequired = true };

    public static readonly Setting<Authentication> Authentication = new("authentication",
        new ChoiceType<Authentication>(("required", Protocols.Smtp.Authentication.Required), ("optional", Protocols.Smtp.Authentication.Optional)),
        "SMTP only. `required`: no mail before the backend accepted a login, whatever the backend itself would allow the gateway's address. `optional`: the backend decides alone.")
    { Default = Defaults.Authentication };

    public static readonly Setting<BareNewlines> BareNewlines = new("bareNewlines",
        new ChoiceType<BareNewlines>(("normalize", Protocols.Smtp.BareNewlines.Normalize), ("reject", Protocols.Smtp.BareNewlines.Reject)),
        "SMTP only. Message data with CR or LF alone (SMTP smuggling): rewrite it, or refuse the message.")
    { Default = Defaults.BareNewlines };

    public static readonly SettingsSection Section = new("listeners", "Addresses the gateway listens on.",
        Name, Address, Protocol, Security, Backend, Authentication, BareNewlines, ProxyHeaderSchema.Section, AdmissionSchema.ListenerSection, TlsSchema.ListenerSection, RouteSchema.Section)
    { IsList = true, IsRequired = true };
}
