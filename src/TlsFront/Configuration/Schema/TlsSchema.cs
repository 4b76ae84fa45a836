using TlsFront.Connections;
using TlsFront.Tls;

namespace TlsFront.Configuration.Schema;

/// <summary><c>tls</c>, of the file, of a listener and of a route.</summary>
internal static class TlsSchema
{
    private const string Inherited = "that of `tls`";
    private const string InheritedByRoute = "that of the listener";

    private static readonly Complaint Deprecated = new(
        "is not offered: RFC 8996 forbids TLS 1.0 and 1.1, and RFC 8997 tells mail servers to use 1.2 or later", "write \"1.2\" or \"1.3\"");

    private static readonly Complaint Ssl = new(
        "is not offered: RFC 6176 and RFC 7568 forbid SSL", "write \"1.2\" or \"1.3\"");

    private static readonly ChoiceType<TlsVersion> Versions = new(("1.2", TlsVersion.Tls12), ("1.3", TlsVersion.Tls13))
    {
        Refusals = new Dictionary<string, Complaint>
        {
            ["1.0"] = Deprecated,
            ["1"] = Deprecated,
            ["1.1"] = Deprecated,
            ["ssl2"] = Ssl,
            ["ssl3"] = Ssl,
            ["sslv2"] = Ssl,
            ["sslv3"] = Ssl,
            ["2.0"] = Ssl,
            ["3.0"] = Ssl,
        },
    };

    private static readonly ChoiceType<TlsProfile> Profiles = new(("intermediate", TlsProfile.Intermediate), ("modern", TlsProfile.Modern));

    private static readonly ChoiceType<UnknownName> UnknownNames = new(("default", Tls.UnknownName.Default), ("reject", Tls.UnknownName.Reject));

    public static readonly Setting<TlsVersion> MinimumVersion = new("minimumVersion", Versions,
        "Oldest TLS version accepted.")
    { Default = Defaults.MinimumVersion };

    public static readonly Setting<TlsProfile> Profile = new("profile", Profiles,
        "Cipher suites and groups of Mozilla's guidelines 6.0; `modern` accepts TLS 1.3 only.")
    { Default = Defaults.Profile };

    public static readonly Setting<UnknownName> UnknownName = new("unknownName", UnknownNames,
        "A client that asks for a name no certificate covers gets the default certificate, or the alert unrecognized_name.")
    { Default = Defaults.UnknownName };

    public static readonly SettingList<string> TicketKeys = new("ticketKeys", new PathType("files"),
        "Session ticket keys, 80 random octets each, the same on every replica so that any resumes any client: the first encrypts, all decrypt. Without them each process makes its own and changes it every 4 hours. Native engine only.");

    public static readonly Setting<TimeSpan> CheckInterval = new("checkInterval", new DurationType(TimeSpan.Zero, TimeSpan.FromHours(24)),
        "Time between two checks, by handshakes of the gateway with itself, that each listener presents its certificates as their files have them. `0s`: none.")
    { Default = TimeSpan.FromMinutes(1) };

    public static readonly SettingsSection Section = new("tls", "TLS rules of all listeners.", MinimumVersion, Profile, UnknownName, TicketKeys, CheckInterval);

    /// <summary>The same settings, one listener's own.</summary>
    public static readonly SettingsSection ListenerSection = new("tls", "TLS rules of this listener alone.",
        new Setting<TlsVersion>(MinimumVersion.Key, Versions, MinimumVersion.Text) { DefaultWords = Inherited },
        new Setting<TlsProfile>(Profile.Key, Profiles, Profile.Text) { DefaultWords = Inherited },
        new Setting<UnknownName>(UnknownName.Key, UnknownNames, UnknownName.Text) { DefaultWords = Inherited });

    /// <summary>The same settings, one route's own. There is no unknown name: a route is for known ones.</summary>
    public static readonly SettingsSection RouteSection = new("tls", "TLS rules for the names of this route.",
        new Setting<TlsVersion>(MinimumVersion.Key, Versions, MinimumVersion.Text) { DefaultWords = InheritedByRoute },
        new Setting<TlsProfile>(Profile.Key, Profiles, Profile.Text) { DefaultWords = InheritedByRoute });

    private static TlsSettings Defaults => new();
}
