using TlsFront.Backends;
using TlsFront.Backends.Probes;
using TlsFront.Configuration;
using TlsFront.Protocols;

namespace TlsFront.Diagnosis;

/// <summary>
/// The words for each <see cref="Fault"/> of a destination: what is wrong and how it was recognised. The command and the log say the same.
/// </summary>
internal static class Findings
{
    /// <summary>The finding.</summary>
    public static Finding Of(Fault fault, Severity severity, ExaminedDestination seen) =>
        new(fault, severity, Sentence(fault, seen), Evidence(fault, seen), Remedies.Of(fault, seen));

    private static string Sentence(Fault fault, ExaminedDestination seen) => fault switch
    {
        Fault.ProxyNotExpected => "it does not expect the PROXY header the gateway sends",
        Fault.ProxyExpected => "it waits for a PROXY header, and the gateway sends none",
        Fault.IdentityRefused => "it does not take the clients' addresses from the gateway, and so serves nobody",
        Fault.BackendSpeaksTls => "it speaks TLS from the first byte, and the gateway speaks to it in clear",
        Fault.BackendSpeaksPlain => "it speaks no TLS, and the gateway does",
        Fault.CertificateNotTrusted => "its certificate is not trusted",
        Fault.TlsFailed => "TLS with it fails",
        Fault.AuthHidden => "it offers no AUTH, so nobody can log in",
        Fault.LoginDisabled => "it allows no plaintext login, as if the client had no TLS",
        Fault.StartTlsOfferedInside => "it offers STARTTLS inside the client's TLS; the gateway hides it before the login",
        Fault.OpenRelay => OpenRelay(seen),
        Fault.PerClientLimits => "its limits per client count all clients of this gateway as one",
        Fault.ProbeFineSessionsFail => "it greets the gateway's own address and fails sessions with the addresses of clients",
        Fault.Refusal => "it refuses in its greeting, or at EHLO",
        Fault.NotTheProtocol => $"it does not speak {ProtocolProfile.Of(seen.Protocol).Title}",
        Fault.NoGreeting when seen.AsSession.Line.Length > 0 => "it greets and then answers no more",
        Fault.NoGreeting => "it accepts the connection and says nothing",
        Fault.Closed when seen.AsSession.Line.Length > 0 => "it greets and then closes the connection",
        Fault.Closed => "it closes the connection without a greeting",
        Fault.Refused => ConnectFailure.Refused.Words(),
        Fault.Timeout => ConnectFailure.Timeout.Words(),
        Fault.Unreachable => ConnectFailure.Unreachable.Words(),
        Fault.Unresolvable => ConnectFailure.NameNotResolved.Words(),
        Fault.GatewayExhausted => seen.AsSession.ConnectWords,
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };

    private static string OpenRelay(ExaminedDestination seen) =>
        (seen.AsSession.HasHeader
            ? "it is an open relay: it takes mail for elsewhere from any address without a login"
            : seen.Backend.IsIntroducedInDialogue
            ? "it is an open relay for the gateway's own address"
            : "it is an open relay for the gateway's address, from which all clients come")
        + (seen.NeedsLogin ? "; this gateway asks its clients for a login all the same, others who reach the port need none" : "");

    private static string Evidence(Fault fault, ExaminedDestination seen)
    {
        var session = seen.AsSession;
        return fault switch
        {
            Fault.AuthHidden => session.Offers.HasFlag(Offers.StartTlsRequired)
                ? $"EHLO: {session.OfferLine}; MAIL: {session.RelayLine}"
                : $"EHLO: {session.OfferLine}",
            // POP3 has no word for it: what is missing says it.
            Fault.LoginDisabled => session.OfferLine.Contains("LOGINDISABLED", StringComparison.OrdinalIgnoreCase)
                ? session.OfferLine
                : $"CAPA without USER and without SASL mechanisms: {session.OfferLine}",
            Fault.StartTlsOfferedInside => session.OfferLine,
            Fault.OpenRelay =>
                $"RCPT TO:<{Interview.Recipient}> "
                + $"{(session.IsStranger ? $"for a client at {Interview.Stranger.Address}" : $"from {session.Source}")}: {session.RelayLine}",
            Fault.PerClientLimits when session.IsGreeted =>
                $"it gets no PROXY header, so every client has the gateway's address {session.Source} there",
            _ => string.Join("; ", Told(seen)),
        };
    }

    /// <summary>The conversation that failed and the one that did not, in a few words: where they differ lies what is wrong.</summary>
    private static IEnumerable<string> Told(ExaminedDestination seen) => seen.Observations
        .Where((observation, index) => index == 0 || observation.IsGreeted)
        .Select(static observation => $"{Variant(observation)}: {Outcome(observation)}");

    private static string Variant(Observation observation) =>
        $"{(observation.HasTls ? "TLS" : "in clear")}, "
        + $"{(observation.HasHeader ? "PROXY header" : "no PROXY header")}{(observation.IsStranger ? $" for {Interview.Stranger.Address}" : "")}";

    private static string Outcome(Observation observation) => observation switch
    {
        { Connect: not ConnectFailure.None } => observation.ConnectWords,
        { Opening: Opening.Silent or Opening.Closed, Line.Length: > 0 } => $"\"{observation.Line}\" and no answer",
        { Opening: Opening.Silent } => $"nothing within {observation.Elapsed.TotalSeconds:F0} s",
        { Opening: Opening.Closed, Elapsed.TotalSeconds: < 1 } => "closed at once without a greeting",
        { Opening: Opening.Closed } => $"closed without a greeting after {observation.Elapsed.TotalSeconds:F0} s",
        { Opening: Opening.Tls } => "a TLS record",
        { Opening: Opening.IdentityRefused } => $"\"{observation.Line}\" to the client's address in its own protocol",
        { Opening: Opening.HeaderRefused } => $"greeting, then \"{observation.Line}\"",
        _ => $"\"{observation.Line}\"",
    };
}
