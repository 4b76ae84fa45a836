using TlsFront.Connections;

namespace TlsFront.Telemetry;

/// <summary>
/// The labels there are. Adding one multiplies the series of its metrics; adding one whose values a client chooses is not possible here.
/// </summary>
internal static class MetricLabels
{
    private const string Configured = "names from the configuration";
    private const string ErrorType = "error.type";

    public static readonly MetricLabel Listener = new("tlsfront.listener", Configured);

    public static readonly MetricLabel Backend = new("tlsfront.backend", Configured);

    public static readonly MetricLabel Destination = new(
        "tlsfront.destination", "destinations as the configuration has them; a name is one, whatever it resolves to");

    public static readonly MetricLabel Certificate = new("tlsfront.certificate", "paths of the certificates");

    public static readonly MetricLabel RevocationList = new("tlsfront.revocation_list", "paths of the revocation lists");

    public static readonly MetricLabel Map = new("tlsfront.map", "paths of the user maps");

    public static readonly MetricLabel Protocol = MetricLabel.Of("network.protocol.name", "smtp", "imap", "pop3", "sieve", "tcp");

    public static readonly MetricLabel Transport = MetricLabel.Of(
        "tlsfront.transport", [.. Enum.GetValues<LoginTransport>().Select(static transport => transport.Tag())]);

    /// <summary>For handshakes, before which nobody has another.</summary>
    public static readonly MetricLabel TlsTransport = MetricLabel.Of(
        Transport.Name, LoginTransport.Implicit.Tag(), LoginTransport.StartTls.Tag());

    public static readonly MetricLabel TlsVersion = MetricLabel.Of("tls.protocol.version", "1.0", "1.1", "1.2", "1.3");

    /// <summary>For the handshakes' histogram, whose failed ones have agreed upon none.</summary>
    public static readonly MetricLabel AgreedTlsVersion = TlsVersion with { WhenAbsent = "the handshake failed" };

    public static readonly MetricLabel Cipher = new("tls.cipher", "IANA's names of the suites that `tls.profile` and `tls.minimumVersion` allow");

    public static readonly MetricLabel Group = MetricLabel.Of("tls.curve", [.. KeyExchangeGroups.All, KeyExchangeGroups.Other]);

    public static readonly MetricLabel Resumed = MetricLabel.Of("tls.resumed", "true", "false") with { WhenAbsent = "the engine cannot tell" };

    public static readonly MetricLabel Direction = MetricLabel.Of("tlsfront.direction", "client_to_backend", "backend_to_client");

    public static readonly MetricLabel Result = MetricLabel.Of("tlsfront.result", "accepted", "refused");

    public static readonly MetricLabel By = MetricLabel.Of(
        "tlsfront.by", [.. Enum.GetValues<RoutedBy>().Select(static by => by.Tag()).OfType<string>()]);

    public static readonly MetricLabel Policy = new("tlsfront.policy", Configured)
    {
        WhenAbsent = "no policy matches a login that needs one, in cleartext or by TLS before 1.2",
    };

    public static readonly MetricLabel Action = MetricLabel.Of(
        "tlsfront.action", [.. Enum.GetValues<PolicyAction>().Select(static action => action.Tag()).OfType<string>()]);

    public static readonly MetricLabel LookupResult = MetricLabel.Of("tlsfront.result", LookupResults.Tags);

    public static readonly MetricLabel Side = MetricLabel.Of("tlsfront.side", "client", "backend");

    public static readonly MetricLabel Cause = MetricLabel.Of("tlsfront.cause", "closed", "reset", "timeout");

    public static readonly MetricLabel TlsLibrary = new("tlsfront.library", "the library and its version");

    public static readonly MetricLabel Loop = new("tlsfront.loop", "numbers of the event loops, from 0");

    public static readonly MetricLabel Kind = MetricLabel.Of("tlsfront.kind", "ssl", "ssl_ctx", "bio", "buffer", "descriptor", "records", "aead");

    public static readonly MetricLabel Signal = MetricLabel.Of("tlsfront.signal", "traces", "logs");

    public static readonly MetricLabel ConnectionError = Of(
        "the connection did what it was opened for", Enum.GetValues<CloseReason>().Where(reason => !reason.IsSuccess()));

    public static readonly MetricLabel HandshakeError = Of(
        "the handshake succeeded",
        Enum.GetValues<CloseReason>().Where(reason =>
            reason is CloseReason.StartTlsInjection or CloseReason.Aborted or CloseReason.InternalError or CloseReason.ProxyHeaderUntrusted
                or (>= CloseReason.NotTls and <= CloseReason.TlsClientLeft)));

    public static readonly MetricLabel ConnectError = Of(
        "it was connected", "refused", "timeout", "unreachable", "name_not_resolved", "no_local_port", "too_many_open_files", "tls_failed", "other");

    public static readonly MetricLabel ProbeError = MetricLabel.Of(
        ErrorType, [.. ConnectError.Values!, "no_greeting", "closed", "refusal", "proxy_header_refused", "identity_refused", "not_the_protocol"]);

    public static readonly MetricLabel DropReason = MetricLabel.Of(ErrorType, "queue_full", "export_failed");

    private static MetricLabel Of(string absent, IEnumerable<CloseReason> reasons) => Of(absent, [.. reasons.Select(reason => reason.Tag())]);

    private static MetricLabel Of(string absent, params string[] errors) => MetricLabel.Of(ErrorType, errors) with { WhenAbsent = absent };
}
