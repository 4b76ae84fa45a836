using TlsFront.Configuration;
using TlsFront.ProxyProtocol;

namespace TlsFront.Diagnosis;

/// <summary>What to write where, for each <see cref="Fault"/> of a destination: the server's own lines first, then the gateway's.</summary>
internal static class Remedies
{
    public static IReadOnlyList<Remedy> Of(Fault fault, ExaminedDestination seen)
    {
        Remedy?[] remedies = fault switch
        {
            // Of Cyrus most that run cannot read one.
            Fault.ProxyNotExpected when seen.Product == BackendKind.Cyrus =>
                [Gateway(seen, "without the clients' addresses there", "proxyProtocol: none"), ServerRemedies.ExpectHeader(seen)],
            Fault.ProxyNotExpected =>
                [ServerRemedies.ExpectHeader(seen), Gateway(seen, "without the clients' addresses there", "proxyProtocol: none")],
            Fault.IdentityRefused => [ServerRemedies.TakeIdentity(seen), Gateway(seen, "without the clients' addresses there", "identity: none")],
            Fault.ProxyExpected =>
                [Gateway(seen, "", $"proxyProtocol: {seen.BestHeader.ToString().ToLowerInvariant()}"), ServerRemedies.ExpectNoHeader(seen)],
            Fault.BackendSpeaksTls => [Gateway(seen, "", "tls: { mode: implicit, ca: FILE, serverName: NAME }"), ServerRemedies.NoTls(seen)],
            // Without TLS it would offer no AUTH, and the next thing said would be to have TLS.
            Fault.BackendSpeaksPlain when BackendKindRules.Of(seen.Product).LogsInOnlyOverTls && ServerRemedies.Tls(seen) is { } tls => [tls],
            Fault.BackendSpeaksPlain => [Gateway(seen, "", "tls: { mode: none }"), ServerRemedies.Tls(seen)],
            Fault.CertificateNotTrusted =>
                [Gateway(
                    seen, "its authority, or itself if it is self-signed, and a name it has", "tls: { mode: implicit, ca: FILE, serverName: NAME }")],
            Fault.TlsFailed => [new("the server's own log says why; the gateway speaks TLS 1.2 and 1.3", [])],
            Fault.AuthHidden when BackendKindRules.Of(seen.Product).LogsInOnlyOverTls && !seen.AsSession.HasTls =>
                [Gateway(seen, "it offers AUTH only where it did TLS itself", "tls: { mode: implicit, ca: FILE, serverName: NAME }")],
            Fault.AuthHidden => [ServerRemedies.OfferLogin(seen)],
            Fault.LoginDisabled => [.. ServerRemedies.AllowPlaintext(seen), SayTls(seen)],
            Fault.StartTlsOfferedInside => [ServerRemedies.NoStartTls(seen)],
            Fault.OpenRelay =>
                [
                    ServerRemedies.NoRelay(seen),
                    seen.NeedsLogin ? null : new("tlsfront.yaml, at the listeners of this backend", ["    authentication: required"])
                ],
            Fault.PerClientLimits =>
                [
                    .. ServerRemedies.Limits(seen),
                    seen.AsSession.HasHeader
                        ? null
                        : Gateway(seen, "with a listener there that expects it", $"proxyProtocol: {seen.BestHeader.ToString().ToLowerInvariant()}")
                ],
            Fault.ProbeFineSessionsFail => [.. ServerRemedies.JudgeClientsLater(seen)],
            Fault.Refusal or Fault.Closed or Fault.NoGreeting => [new("the server's own log says why", [])],
            Fault.NotTheProtocol => [new("tlsfront.yaml: the port in destinations, or the protocol of the listener, is another server's", [])],
            Fault.Refused =>
                [new("on the server: is it running, and does it listen there? Nothing here means no", [$"ss -ltnp 'sport = :{Port(seen)}'"])],
            Fault.Timeout or Fault.Unreachable =>
                [new("on this machine: route and firewall", [$"ip route get {Host(seen)}", $"nc -vz {Host(seen)} {Port(seen)}"])],
            Fault.Unresolvable => [new("on this machine: what the system's resolver says", [$"getent ahosts {Host(seen)}"])],
            Fault.GatewayExhausted =>
            [
                Gateway(seen, "", "sourceAddresses: [ADDRESS, ANOTHER]"),
                new("and for open files, in the unit of systemd", ["LimitNOFILE=1048576"]),
            ],
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };

        // One is enough, whichever it is.
        return
        [
            .. remedies.OfType<Remedy>().Select(static (remedy, index) =>
                index == 0 || remedy.Where.StartsWith("and ", StringComparison.Ordinal) ? remedy : remedy with { Where = $"or {remedy.Where}" })
        ];
    }

    /// <summary>Lines of the backend in the gateway's own file.</summary>
    private static Remedy Gateway(ExaminedDestination seen, string when, params string[] lines) => new(
        when.Length == 0 ? "tlsfront.yaml" : $"tlsfront.yaml, {when}",
        ["backends:", $"  - name: {seen.Backend.Name}", .. lines.Select(line => $"    {line}")]);

    /// <summary>Only the header for Dovecot says that the client used TLS.</summary>
    private static Remedy? SayTls(ExaminedDestination seen) =>
        seen.Product == BackendKind.Dovecot
            && !(seen.AsSession.HasHeader && seen.Backend.Kind == BackendKind.Dovecot && seen.Backend.ProxyProtocol == ProxyHeaderVersion.V2)
        ? Gateway(seen, "with haproxy = yes there, a header that says that the client used TLS", "kind: dovecot", "proxyProtocol: v2")
        : null;

    private static string Host(ExaminedDestination seen) => seen.Destination[..seen.Destination.LastIndexOf(':')].Trim('[', ']');

    private static string Port(ExaminedDestination seen) => seen.Destination[(seen.Destination.LastIndexOf(':') + 1)..];
}
