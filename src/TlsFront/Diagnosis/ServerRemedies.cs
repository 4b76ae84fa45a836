using TlsFront.Configuration;
using TlsFront.Protocols;

namespace TlsFront.Diagnosis;

/// <summary>Lines of the servers' own configurations, in each one's language; null where a product's is not known.</summary>
internal static class ServerRemedies
{
    private const string ThenReload = ", then postfix reload";

    /// <summary>Each option may be there once.</summary>
    private const string EximFile = "Exim's main configuration, in place of that option where it is";

    public static Remedy? ExpectHeader(ExaminedDestination seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, "smtpd_upstream_proxy_protocol=haproxy"),
        BackendKind.Dovecot =>
            new("dovecot.conf (2.3 and 2.4)", [$"haproxy_trusted_networks = {Source(seen)}", .. DovecotListener(seen, "haproxy = yes")]),
        BackendKind.Exim => Exim($"hosts_proxy = {Source(seen)}"),
        BackendKind.Cyrus => Cyrus(seen, "3.12 and later, then proxyProtocol: v2 here: -H at", IsSieve(seen) ? "-H" : "-H -p 128"),
        BackendKind.OpenSmtpd => OpenSmtpd(seen, "proxy-v2", "auth proxy-v2"),
        BackendKind.Haraka => new("connection.ini", ["[haproxy]", $"hosts[] = {Source(seen)}"]),
        _ => null,
    };

    /// <summary>Haraka has no setting: it takes XCLIENT from 127.0.0.1 and ::1.</summary>
    public static Remedy? TakeIdentity(ExaminedDestination seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, $"smtpd_authorized_xclient_hosts={Source(seen)}"),
        BackendKind.Dovecot => new("dovecot.conf (2.3 and 2.4)", [$"login_trusted_networks = {Source(seen)}"]),
        _ => null,
    };

    public static Remedy? ExpectNoHeader(ExaminedDestination seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, "smtpd_upstream_proxy_protocol="),
        BackendKind.Dovecot => new("dovecot.conf (2.3 and 2.4)", DovecotListener(seen, "haproxy = no")),
        BackendKind.Exim => Exim("hosts_proxy ="),
        BackendKind.OpenSmtpd => OpenSmtpd(seen, "no proxy-v2", "auth"),
        _ => null,
    };

    public static Remedy? NoTls(ExaminedDestination seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, "smtpd_tls_wrappermode=no", "smtpd_tls_security_level=none"),
        BackendKind.Dovecot => new("dovecot.conf (2.3 and 2.4)", DovecotListener(seen, "ssl = no")),
        BackendKind.Exim => Exim("tls_on_connect_ports =", "tls_advertise_hosts ="),
        BackendKind.Cyrus when !IsSieve(seen) => Cyrus(seen, "no -s at", "-p 128"),
        _ => null,
    };

    public static Remedy? Tls(ExaminedDestination seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, "smtpd_tls_wrappermode=yes"),
        BackendKind.Dovecot => new("dovecot.conf (2.3 and 2.4)", DovecotListener(seen, "ssl = yes")),
        BackendKind.Exim => Exim("tls_certificate = FILE", "tls_privatekey = FILE", $"tls_on_connect_ports = {Port(seen)}"),
        BackendKind.Cyrus when !IsSieve(seen) => Cyrus(seen, "with tls_server_cert and tls_server_key in imapd.conf, -s at", "-s"),
        BackendKind.OpenSmtpd => OpenSmtpd(seen, "smtps", seen.AsSession.HasHeader ? "auth proxy-v2" : "auth"),
        _ => null,
    };

    /// <summary>Only what can be the reason: <c>encrypt</c> refuses MAIL, <c>auth_only</c> leaves STARTTLS beside no AUTH.</summary>
    public static Remedy? OfferLogin(ExaminedDestination seen) => seen.Product switch
    {
        BackendKind.Postfix when seen.AsSession.Offers.HasFlag(Offers.StartTlsRequired) => Postfix(
            seen, "smtpd_tls_security_level=none", "smtpd_tls_auth_only=no", "smtpd_sasl_auth_enable=yes"),
        BackendKind.Postfix when seen.AsSession.Offers.HasFlag(Offers.StartTls) => Postfix(
            seen, "smtpd_tls_auth_only=no", "smtpd_tls_security_level=none", "smtpd_sasl_auth_enable=yes"),
        BackendKind.Postfix => Postfix(seen, "smtpd_sasl_auth_enable=yes"),
        BackendKind.Dovecot => new("dovecot.conf (2.3)", ["disable_plaintext_auth = no"]),
        BackendKind.Exim =>
            Exim("auth_advertise_hosts = *") with
            {
                Where = $"{EximFile}, and no server_advertise_condition at the authenticators that asks for $tls_in_cipher"
            },
        BackendKind.OpenSmtpd => OpenSmtpd(seen, "auth", seen.AsSession.HasHeader ? "auth proxy-v2" : "auth"),
        _ => null,
    };

    public static IEnumerable<Remedy> AllowPlaintext(ExaminedDestination seen) => seen.Product switch
    {
        BackendKind.Dovecot =>
        [
            new("dovecot.conf (2.3)", ["disable_plaintext_auth = no"]),
            new("dovecot.conf (2.4)", ["auth_allow_cleartext = yes", "ssl = yes"]),
        ],
        BackendKind.Cyrus when !IsSieve(seen) => [Cyrus(seen, "-p 128 at", "-p 128"), new("imapd.conf", ["allowplaintext: yes"])],
        BackendKind.Cyrus => [new("imapd.conf", ["allowplaintext: yes"])],
        _ => [],
    };

    public static Remedy? NoStartTls(ExaminedDestination seen) => seen.Product switch
    {
        BackendKind.Postfix => Postfix(seen, "smtpd_tls_security_level=none"),
        BackendKind.Exim => Exim("tls_advertise_hosts ="),
        BackendKind.Cyrus =>
            new(
                $"imapd.conf, with the name that cyrus.conf has for the service of this port in place of {Service(seen)}front",
                [$"{Service(seen)}front_tls_server_cert: disabled"]),
        _ => null,
    };

    public static Remedy NoRelay(ExaminedDestination seen) => seen.Product switch
    {
        BackendKind.Postfix when seen.AsSession.HasHeader =>
            Postfix(seen, "smtpd_relay_restrictions=permit_sasl_authenticated,reject", "mynetworks=127.0.0.0/8"),
        BackendKind.Postfix => Postfix(seen, "smtpd_relay_restrictions=permit_sasl_authenticated,reject"),
        BackendKind.Exim =>
            new($"{EximFile}: no {(seen.AsSession.HasHeader ? "network of clients" : Source(seen))} in", ["hostlist relay_from_hosts = 127.0.0.1"]),
        _ => new(
            $"the server's list of networks it relays for: {(seen.AsSession.HasHeader ? "it holds everybody" : $"it holds {Source(seen)}")}", []),
    };

    public static IEnumerable<Remedy> Limits(ExaminedDestination seen) => seen.Product switch
    {
        BackendKind.Postfix => [new($"main.cf{ThenReload}", [$"smtpd_client_event_limit_exceptions = $mynetworks {Source(seen)}"])],
        BackendKind.Dovecot => [new("dovecot.conf (2.3 and 2.4)", [$"protocol {Service(seen)} {{", "  mail_max_userip_connections = 500", "}"])],
        _ => [],
    };

    public static IEnumerable<Remedy> JudgeClientsLater(ExaminedDestination seen) => seen.Product switch
    {
        BackendKind.Postfix => [Postfix(seen, "smtpd_client_restrictions=", "smtpd_delay_reject=yes")],
        BackendKind.Dovecot => [new("dovecot.conf (2.3)", ["login_access_sockets ="])],
        _ => [new("the server's lists of clients it refuses: access tables, DNS lists, hosts.allow and hosts.deny", [])],
    };

    private static Remedy Postfix(ExaminedDestination seen, params string[] options) =>
        new(
            $"master.cf of Postfix, at the service of this port{ThenReload}",
            [$"{Listen(seen)} inet n - n - - smtpd", .. options.Select(option => $"  -o {option}")]);

    private static Remedy Exim(params string[] options) => new(EximFile, options);

    /// <summary>Cyrus' timsieved knows neither -s nor -p.</summary>
    private static bool IsSieve(ExaminedDestination seen) => seen.Protocol == MailProtocol.Sieve;

    private static Remedy Cyrus(ExaminedDestination seen, string what, string options) => new(
        $"cyrus.conf, {what} the service of this port, then restart it",
        [$"{Service(seen)}front cmd=\"{(IsSieve(seen) ? "timsieved" : $"{Service(seen)}d")} {options}\" listen=\"{Listen(seen)}\""]);

    /// <summary>Its listener speaks TLS, since it offers AUTH nowhere else.</summary>
    private static Remedy OpenSmtpd(ExaminedDestination seen, string what, string options) => new(
        $"smtpd.conf, {what} at the listener of this port, with the name of its pki, then restart it",
        [$"listen on {Host(seen)} port {Port(seen)} smtps pki NAME {options}"]);

    private static string[] DovecotListener(ExaminedDestination seen, string line) =>
    [
        $"service {(IsSieve(seen) ? "managesieve" : Service(seen))}-login {{",
        $"  inet_listener {Service(seen)}-front {{",
        $"    port = {Port(seen)}",
        $"    {line}",
        "  }",
        "}",
    ];

    private static string Service(ExaminedDestination seen) => ProtocolProfile.Of(seen.Protocol).ServiceName ?? "imap";

    /// <summary>As the destination is written here: master.cf has addresses in the same form.</summary>
    private static string Listen(ExaminedDestination seen) => seen.Destination;

    private static string Source(ExaminedDestination seen) =>
        seen.Observations.Select(observation => observation.Source).FirstOrDefault(source => source.Length > 0) ?? "GATEWAY";

    private static string Host(ExaminedDestination seen) => seen.Destination[..seen.Destination.LastIndexOf(':')].Trim('[', ']');

    private static string Port(ExaminedDestination seen) => seen.Destination[(seen.Destination.LastIndexOf(':') + 1)..];
}
