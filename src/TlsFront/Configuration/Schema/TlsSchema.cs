using TlsFront.Configuration.Reading;
using TlsFront.Connections;

namespace TlsFront.Configuration.Schema;

/// <summary><c>tls</c>, of the file, of a listener and of a route.</summary>
internal static class TlsSchema
{
    private const string Inherited = "that of `tls`";
    private const string InheritedByRoute = "that of the listener";

    private static readonly ValueProblem Deprecated = new(
        "is not for all listeners: RFC 8996 forbids TLS 1.0 and 1.1, and RFC 8997 tells mail servers to use 1.2 or later",
        "write \"1.2\" or \"1.3\" here; for single devices set it on one listener or route, and write a policy that names them");

    private static readonly ValueProblem Ssl = new(
        "is not offered: RFC 6176 and RFC 7568 forbid SSL", "write \"1.2\" or \"1.3\"");

    private static readonly Dictionary<string, ValueProblem> SslRefusals = new()
    {
        ["ssl2"] = Ssl,
        ["ssl3"] = Ssl,
        ["sslv2"] = Ssl,
        ["sslv3"] = Ssl,
        ["2.0"] = Ssl,
        ["3.0"] = Ssl,
    };

    private static readonly ChoiceType<TlsVersion> Versions = new(("1.2", TlsVersion.Tls12), ("1.3", TlsVersion.Tls13))
    {
        Refusals = new Dictionary<string, ValueProblem>(SslRefusals)
        {
            ["1.0"] = Deprecated,
            ["1"] = Deprecated,
            ["1.1"] = Deprecated,
        },
    };

    private static readonly ChoiceType<TlsVersion> AllVersions = new(
        ("1.0", TlsVersion.Tls10), ("1.1", TlsVersion.Tls11), ("1.2", TlsVersion.Tls12), ("1.3", TlsVersion.Tls13))
    {
        Refusals = SslRefusals,
    };

    public static readonly Setting<TlsSettings, TlsVersion> MinimumVersion = new("minimumVersion", Versions,
        static tls => tls.MinimumVersion, static (tls, value) => tls with { MinimumVersion = value },
        "Oldest TLS version accepted.");

    /// <summary>The same, where it is about single clients.</summary>
    private static readonly Setting<TlsSettings, TlsVersion> OwnMinimumVersion = new(MinimumVersion.Key, AllVersions,
        static tls => tls.MinimumVersion, static (tls, value) => tls with { MinimumVersion = value },
        "Oldest TLS version accepted. `1.0` and `1.1`, with their weak suites, are for clients that a policy with `tlsBelow` or `cipher` lets in, "
        + "as long as it does; everybody else gets 1.2 or later. **Whoever is on the way may read and change what passes.** Native engine only.");

    public static readonly Setting<TlsSettings, TlsProfile> Profile = new("profile",
        new ChoiceType<TlsProfile>(("intermediate", TlsProfile.Intermediate), ("modern", TlsProfile.Modern)),
        static tls => tls.Profile, static (tls, value) => tls with { Profile = value },
        "Cipher suites and groups of Mozilla's guidelines 6.0; `modern` accepts TLS 1.3 only.");

    public static readonly Setting<TlsSettings, UnknownName> UnknownName = new("unknownName",
        new ChoiceType<UnknownName>(("default", Configuration.UnknownName.Default), ("reject", Configuration.UnknownName.Reject)),
        static tls => tls.UnknownName, static (tls, value) => tls with { UnknownName = value },
        "A client that asks for a name no certificate covers gets the default certificate, or the alert unrecognized_name.");

    private static readonly Setting<TlsSettings, AlpnMode> Alpn =
        new("alpn", new ChoiceType<AlpnMode>(("strict", AlpnMode.Strict), ("ignore", AlpnMode.Ignore)),
        static tls => tls.Alpn, static (tls, value) => tls with { Alpn = value },
        "A client of IMAP, POP3 or ManageSieve that offers ALPN ids, and not `imap`, `pop3` or `managesieve`, "
        + "gets the alert no_application_protocol (RFC 7301), or is served without ALPN.");

    public static readonly SettingList<GatewaySettings, string> TicketKeys = new("ticketKeys", new PathType("files"),
        static settings => settings.TicketKeys, static (settings, values) => settings with { TicketKeys = values },
        "Session ticket keys, 80 random octets each, the same on every replica so that any resumes any client: the first encrypts, all decrypt. "
        + "Without them each process makes its own and changes it every 4 hours. Native engine only.")
    { Unique = StringComparer.Ordinal, Check = CheckFile };

    /// <summary>The rules of all listeners, and what there is once.</summary>
    public static readonly SettingsSection<GatewaySettings> Section = new("tls", "TLS rules of all listeners.", GatewaySettings.Blank,
        [
            .. from member in (ISettingsMember<TlsSettings>[])[MinimumVersion, Profile, UnknownName, Alpn]
               select new SettingsPart<GatewaySettings, TlsSettings>(member,
                   static settings => settings.Tls, static (settings, value) => settings with { Tls = value }),
            TicketKeys,
            new Setting<GatewaySettings, TimeSpan>("checkInterval", new DurationType(TimeSpan.Zero, TimeSpan.FromHours(24)),
                static settings => settings.CertificateCheck, static (settings, value) => settings with { CertificateCheck = value },
                "Time between two checks, by handshakes of the gateway with itself, "
                + "that each listener presents its certificates as their files have them. `0s`: none."),
        ])
    { Check = static (scope, settings) => CheckVersion(scope, settings.Tls) };

    /// <summary>The same rules, one listener's own.</summary>
    public static readonly SettingsSection<TlsSettings> ListenerSection = new("tls", "TLS rules of this listener alone.", new(),
        OwnMinimumVersion.Inheriting(Inherited), Profile.Inheriting(Inherited), UnknownName.Inheriting(Inherited), Alpn.Inheriting(Inherited),
        new SettingsGroup<TlsSettings, ClientCertificateSettings>(ClientCertificateSchema.ListenerSection,
            static tls => tls.ClientCertificates, static (tls, value) => tls with { ClientCertificates = value }))
    { Check = CheckVersion };

    /// <summary>The same rules, one route's own. There is no unknown name, as a route is for known ones, and ALPN is the listener's.</summary>
    public static readonly SettingsSection<TlsSettings> RouteSection = new("tls", "TLS rules for the names of this route.", new(),
        OwnMinimumVersion.Inheriting(InheritedByRoute), Profile.Inheriting(InheritedByRoute),
        new SettingsGroup<TlsSettings, ClientCertificateSettings>(ClientCertificateSchema.RouteSection,
            static tls => tls.ClientCertificates, static (tls, value) => tls with { ClientCertificates = value }))
    { Check = CheckVersion };

    private static void CheckVersion(SettingsScope scope, TlsSettings tls)
    {
        if (tls.Profile == TlsProfile.Modern && scope.Has(MinimumVersion) && tls.MinimumVersion < TlsVersion.Tls13)
        {
            scope.Warn(
                MinimumVersion,
                new("has no effect: profile modern accepts TLS 1.3 only", "write \"1.3\" or remove it, or write profile: intermediate"));
        }
    }

    private static void CheckFile(SettingsScope scope, string key, string file)
    {
        if (!File.Exists(file))
        {
            scope.FailAt(key, PathType.Missing(file, "file"));
        }
    }
}
