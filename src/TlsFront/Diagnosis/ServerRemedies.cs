using TlsFront.Backends;
using TlsFront.Protocols;

namespace TlsFront.Diagnosis;

/// <summary>Lines of the servers' own configurations, in each one's language; null where a product's is not known.</summary>
internal static class ServerRemedies
{
    private const string ThenReload = ", then postfix reload";

    /// <summary>Each option may be there once.</summary>
    private const string EximFile = "Exim's main configuration, in place of that option where it is";

    public static Remedy? ExpectHeader(Case seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, "smtpd_upstream_proxy_protocol=haproxy"),
        BackendKind.Dovecot => new("dovecot.conf (2.3 and 2.4)", [$"haproxy_trusted_networks = {Source(seen)}", .. DovecotListener(seen, "haproxy = yes")]),
        BackendKind.Exim => Exim($"hosts_proxy = {Source(seen)}"),
        BackendKind.Cyrus => Cyrus(seen, "3.12 and later, then proxyProtocol: v2 here: -H at", "-H -p 128"),
        BackendKind.OpenSmtpd => OpenSmtpd(seen, "proxy-v2", "auth proxy-v2"),
        BackendKind.Haraka => new("connection.ini", ["[haproxy]", $"hosts[] = {Source(seen)}"]),
        _ => null,
    };

    public static Remedy? ExpectNoHeader(Case seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, "smtpd_upstream_proxy_protocol="),
        BackendKind.Dovecot => new("dovecot.conf (2.3 and 2.4)", DovecotListener(seen, "haproxy = no")),
        BackendKind.Exim => Exim("hosts_proxy ="),
        BackendKind.OpenSmtpd => OpenSmtpd(seen, "no proxy-v2", "auth"),
        _ => null,
    };

    public static Remedy? NoTls(Case seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, "smtpd_tls_wrappermode=no", "smtpd_tls_security_level=none"),
        BackendKind.Dovecot => new("dovecot.conf (2.3 and 2.4)", DovecotListener(seen, "ssl = no")),
        BackendKind.Exim => Exim("tls_on_connect_ports =", "tls_advertise_hosts ="),
        BackendKind.Cyrus => Cyrus(seen, "no -s at", "-p 128"),
        _ => null,
    };

    public static Remedy? Tls(Case seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, "smtpd_tls_wrappermode=yes"),
        BackendKind.Dovecot => new("dovecot.conf (2.3 and 2.4)", DovecotListener(seen, "ssl = yes")),
        BackendKind.Exim => Exim("tls_certificate = FILE", "tls_privatekey = FILE", $"tls_on_connect_ports = {Port(seen)}"),
        BackendKind.Cyrus => Cyrus(seen, "with tls_server_cert and tls_server_key in imapd.conf, -s at", "-s"),
        BackendKind.OpenSmtpd => OpenSmtpd(seen, "smtps", seen.AsSession.HasHeader ? "auth proxy-v2" : "auth"),
        _ => null,
    };

    /// <summary>Only what can be the reason: <c>encrypt</c> refuses MAIL, <c>auth_only</c> leaves STARTTLS beside no AUTH.</summary>
    public static Remedy? OfferLogin(Case seen) => seen.Product switch
    {
        BackendKind.Postfix when seen.AsSession.Offers.HasFlag(Offers.StartTlsRequired) => Postfix(seen, "smtpd_tls_security_level=none", "smtpd_tls_auth_only=no", "smtpd_sasl_auth_enable=yes"),
        BackendKind.Postfix when seen.AsSession.Offers.HasFlag(Offers.StartTls) => Postfix(seen, "smtpd_tls_auth_only=no", "smtpd_tls_security_level=none", "smtpd_sasl_auth_enable=yes"),
        BackendKind.Postfix => Postfix(seen, "smtpd_sasl_auth_enable=yes"),
        BackendKind.Dovecot => new("dovecot.conf (2.3)", ["disable_plaintext_auth = no"]),
        BackendKind.Exim => Exim("auth_advertise_hosts = *") with { Where = $"{EximFile}, and no server_advertise_condition at the authenticators that asks for $tls_in_cipher" },
        BackendKind.OpenSmtpd => OpenSmtpd(seen, "auth", seen.AsSession.HasHeader ? "auth proxy-v2" : "auth"),
        _ => null,
    };

    public static IEnumerable<Remedy> AllowPlaintext(Case seen) => seen.Product switch
    {
        BackendKind.Dovecot =>
        [
            new("dovecot.conf (2.3)", ["disable_plaintext_auth = no"]),
            new("dovecot.conf (2.4)", ["auth_allow_cleartext = yes", "ssl = yes"]),
        ],
        BackendKind.Cyrus => [Cyrus(seen, "-p 128 at", "-p 128"), new("imapd.conf", ["allowplaintext: yes"])],
        _ => [],
    };

    public static Remedy? NoStartTls(Case seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, "smtpd_tls_security_level=none"),
        BackendKind.Exim => Exim("tls_advertise_hosts ="),
        BackendKind.Cyrus => new($"imapd.conf, with the name that cyrus.conf has for the service of this port in place of {Service(seen)}front", [$"{Service(seen)}front_tls_server_cert: disabled"]),
        _ => null,
    };

    public static Remedy NoRelay(Case seen) => seen.Product switch
    {
        BackendKind.Postfix when seen.AsSession.HasHeader => Postfix(seen, "smtpd_relay_restrictions=permit_sasl_authenticated,reject", "mynetworks=127.0.0.0/8"),
        BackendKind.Postfix => Postfix(seen, "smtpd_relay_restrictions=permit_sasl_authenticated,reject"),
        BackendKind.Exim => new($"{EximFile}: no {(seen.AsSession.HasHeader ? "network of clients" : Source(seen))} in", ["hostlist relay_from_hosts = 127.0.0.1"]),
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

    private static Remedy Exim(params string[] options) => new(EximFile, options);

    private static Remedy Cyrus(Case seen, string what, string options) => new(
        $"cyrus.conf, {what} the service of this port, then restart it",
        [$"{Service(seen)}front cmd=\"{(seen.Protocol == MailProtocol.Pop3 ? "pop3d" : "imapd")} {options}\" listen=\"{Listen(seen)}\""]);

    /// <summary>Its listener speaks TLS, since it offers AUTH nowhere else.</summary>
    private static Remedy OpenSmtpd(Case seen, string what, string options) => new(
        $"smtpd.conf, {what} at the listener of this port, with the name of its pki, then restart it", [$"listen on {Host(seen)} port {Port(seen)} smtps pki NAME {options}"]);

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

    private static string Host(Case seen) => seen.Destination[..seen.Destination.LastIndexOf(':')].Trim('[', ']');

    private static string Port(Case seen) => seen.Destination[(seen.Destination.LastIndexOf(':') + 1)..];
}
