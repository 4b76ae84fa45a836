using TlsFront.Backends;
using TlsFront.Protocols;

namespace TlsFront.Diagnosis;

/// <summary>Lines of the servers' own configurations, in each one's language; null where a product's is not known.</summary>
internal static class ServerRemedies
{
    private const string ThenReload = ", then postfix reload";

    public static Remedy? ExpectHeader(Case seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, "smtpd_upstream_proxy_protocol=haproxy"),
        BackendKind.Dovecot => new("dovecot.conf (2.3 and 2.4)", [$"haproxy_trusted_networks = {Source(seen)}", .. DovecotListener(seen, "haproxy = yes")]),
        BackendKind.Exim => new("Exim's main configuration", [$"hosts_proxy = {Source(seen)}"]),
        BackendKind.Cyrus => new("cyrus.conf (3.12 and later): -H at the service of this port", [$"  {Service(seen)}front cmd=\"{(seen.Protocol == MailProtocol.Pop3 ? "pop3d" : "imapd")} -H -p 128\" listen=\"{seen.Destination}\""]),
        BackendKind.OpenSmtpd => new("smtpd.conf: proxy-v2 at the listener of this port", [$"listen on INTERFACE port {Port(seen)} smtps pki NAME auth proxy-v2"]),
        BackendKind.Haraka => new("connection.ini", ["[haproxy]", $"hosts[] = {Source(seen)}"]),
        _ => null,
    };

    public static Remedy? ExpectNoHeader(Case seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, "smtpd_upstream_proxy_protocol="),
        BackendKind.Dovecot => new("dovecot.conf (2.3 and 2.4)", DovecotListener(seen, "haproxy = no")),
        _ => null,
    };

    public static Remedy? NoTls(Case seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, "smtpd_tls_wrappermode=no", "smtpd_tls_security_level=none"),
        BackendKind.Dovecot => new("dovecot.conf (2.3 and 2.4)", DovecotListener(seen, "ssl = no")),
        _ => null,
    };

    public static Remedy? Tls(Case seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, "smtpd_tls_wrappermode=yes"),
        BackendKind.Dovecot => new("dovecot.conf (2.3 and 2.4)", DovecotListener(seen, "ssl = yes")),
        _ => null,
    };

    /// <summary>Only what can be the reason: <c>encrypt</c> refuses MAIL, <c>auth_only</c> leaves STARTTLS beside no AUTH.</summary>
    public static Remedy? OfferLogin(Case seen) => seen.Product switch
    {
        BackendKind.Postfix when seen.AsSession.Offers.HasFlag(Offers.StartTlsRequired) => Postfix(seen, "smtpd_tls_security_level=none", "smtpd_tls_auth_only=no", "smtpd_sasl_auth_enable=yes"),
        BackendKind.Postfix when seen.AsSession.Offers.HasFlag(Offers.StartTls) => Postfix(seen, "smtpd_tls_auth_only=no", "smtpd_tls_security_level=none", "smtpd_sasl_auth_enable=yes"),
        BackendKind.Postfix => Postfix(seen, "smtpd_sasl_auth_enable=yes"),
        BackendKind.Dovecot => new("dovecot.conf (2.3)", ["disable_plaintext_auth = no"]),
        BackendKind.Exim => new("Exim's main configuration", ["auth_advertise_hosts = *"]),
        _ => null,
    };

    public static IEnumerable<Remedy> AllowPlaintext(Case seen) => seen.Product switch
    {
        BackendKind.Dovecot =>
        [
            new("dovecot.conf (2.3)", ["disable_plaintext_auth = no"]),
            new("dovecot.conf (2.4)", ["auth_allow_cleartext = yes", "ssl = yes"]),
        ],
        BackendKind.Cyrus => [new("cyrus.conf: -p 128 at the service of this port, or imapd.conf", ["allowplaintext: yes"])],
        _ => [],
    };

    public static Remedy? NoStartTls(Case seen) => seen.Product == BackendKind.Postfix ? Postfix(seen, "smtpd_tls_security_level=none") : null;

    public static Remedy NoRelay(Case seen) => seen.Product switch
    {
        BackendKind.Postfix when seen.AsSession.HasHeader => Postfix(seen, "smtpd_relay_restrictions=permit_sasl_authenticated,reject", "mynetworks=127.0.0.0/8"),
        BackendKind.Postfix => Postfix(seen, "smtpd_relay_restrictions=permit_sasl_authenticated,reject"),
        BackendKind.Exim => new($"Exim's main configuration: no {(seen.AsSession.HasHeader ? "network of clients" : Source(seen))} in", ["hostlist relay_from_hosts = 127.0.0.1"]),
        _ => new($"the server's list of networks it relays for: {(seen.AsSession.HasHeader ? "it holds everybody" : $"it holds {Source(seen)}")}", []),
    };

    public static IEnumerable<Remedy> Limits(Case seen) => seen.Product switch
    {
        BackendKind.Postfix => [new($"main.cf{ThenReload}", [$"smtpd_client_event_limit_exceptions = $mynetworks {Source(seen)}"])],
        BackendKind.Dovecot => [new("dovecot.conf (2.3 and 2.4)", [$"protocol {Service(seen)} {{", "  mail_max_userip_connections = 500", "}"])],
        _ => [],
    };

    public static IEnumerable<Remedy> JudgeClientsLater(Case seen) => seen.Product switch
    {
        BackendKind.Postfix => [Postfix(seen, "smtpd_client_restrictions=", "smtpd_delay_reject=yes")],
        BackendKind.Dovecot => [new("dovecot.conf (2.3)", ["login_access_sockets ="])],
        _ => [new("the server's lists of clients it refuses: access tables, DNS lists, hosts.allow and hosts.deny", [])],
    };

    private static Remedy Postfix(Case seen, params string[] options) =>
        new($"master.cf of Postfix, at the service of this port{ThenReload}", [$"{Listen(seen)} inet n - n - - smtpd", .. options.Select(option => $"  -o {option}")]);

    private static string[] DovecotListener(Case seen, string line) =>
    [
        $"service {Service(seen)}-login {{",
        $"  inet_listener {Service(seen)}-front {{",
        $"    port = {Port(seen)}",
        $"    {line}",
        "  }",
        "}",
    ];

    private static string Service(Case seen) => seen.Protocol switch
    {
        MailProtocol.Pop3 => "pop3",
        MailProtocol.Smtp => "submission",
        _ => "imap",
    };

    /// <summary>As the destination is written here: master.cf has addresses in the same form.</summary>
    private static string Listen(Case seen) => seen.Destination;

    private static string Source(Case seen) => seen.Observations.Select(observation => observation.Source).FirstOrDefault(source => source.Length > 0) ?? "GATEWAY";

    private static string Port(Case seen) => seen.Destination[(seen.Destination.LastIndexOf(':') + 1)..];
}
