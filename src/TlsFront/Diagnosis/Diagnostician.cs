using TlsFront.Backends;
using TlsFront.Backends.Probes;
using TlsFront.Configuration;
using TlsFront.Protocols;

namespace TlsFront.Diagnosis;

/// <summary>
/// What is wrong with a destination, by what was seen of it. Pure. One conversation tells a part of it; where it failed, the conversations
/// that differed in one thing and succeeded tell the rest.
/// </summary>
internal static class Diagnostician
{
    /// <summary>Servers that wait for a header close after 3 s (Dovecot) or 5 s (Postfix); one that closes at once has another reason.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(2);

    /// <summary>Everything found; empty if all is well.</summary>
    public static IReadOnlyList<Finding> Diagnose(ExaminedDestination seen) =>
        [.. Faults(seen).Select(found => Findings.Of(found.Fault, found.Severity, seen))];

    private static IEnumerable<(Fault Fault, Severity Severity)> Faults(ExaminedDestination seen)
    {
        var session = seen.AsSession;
        if (session.IsGreeted)
        {
            return Served(seen);
        }

        // What the server said of a header outweighs a greeting; a stranger's address that made the difference, everything else.
        var better = seen.Observations.Skip(1).FirstOrDefault(observation => observation.IsGreeted);
        return better is null ? [(Unserved(seen), Severity.Error)]
            : better.HasHeader == session.HasHeader && better.HasTls == session.HasTls ? [(Alike(session, better), Severity.Error)]
            : Differing(session, better);
    }

    /// <summary>The same words, but for the client's address or for trust in the certificate.</summary>
    private static Fault Alike(Observation session, Observation better) =>
        session.Connect == ConnectFailure.TlsFailed ? Fault.CertificateNotTrusted
        : session.IsStranger != better.IsStranger ? Fault.ProbeFineSessionsFail
        : Fault.NoGreeting;

    private static IEnumerable<(Fault Fault, Severity Severity)> Differing(Observation session, Observation better)
    {
        if (better.HasHeader != session.HasHeader)
        {
            yield return (better.HasHeader ? Fault.ProxyExpected : Fault.ProxyNotExpected, Severity.Error);
        }

        if (better.HasTls != session.HasTls)
        {
            yield return (better.HasTls ? Fault.BackendSpeaksTls : Fault.BackendSpeaksPlain, Severity.Error);
        }
    }

    private static Fault Unserved(ExaminedDestination seen)
    {
        var session = seen.AsSession;
        if (session.Connect != ConnectFailure.None)
        {
            return session.Connect switch
            {
                ConnectFailure.Refused => Fault.Refused,
                ConnectFailure.Timeout => Fault.Timeout,
                ConnectFailure.NameNotResolved => Fault.Unresolvable,
                ConnectFailure.NoLocalPort or ConnectFailure.TooManyOpenFiles => Fault.GatewayExhausted,
                ConnectFailure.TlsFailed => Fault.TlsFailed,
                ConnectFailure.Unreachable => Fault.Unreachable,
                _ => Fault.Closed,
            };
        }

        return session.Opening switch
        {
            Opening.HeaderRefused => Fault.ProxyNotExpected,
            Opening.IdentityRefused => Fault.IdentityRefused,
            Opening.Tls => Fault.BackendSpeaksTls,
            Opening.Refusal => IsLimit(session.Line) ? Fault.PerClientLimits : WaitsForHeader(seen) ? Fault.ProxyExpected : Fault.Refusal,
            Opening.Foreign => Fault.NotTheProtocol,
            Opening.Silent => Fault.NoGreeting,
            _ => WaitsForHeader(seen) ? Fault.ProxyExpected : Fault.Closed,
        };
    }

    /// <summary>Postfix says why it gives up, in its own way; Dovecot closes without a word.</summary>
    private static bool WaitsForHeader(ExaminedDestination seen) => !seen.AsSession.HasHeader && !seen.AsSession.HasTls
        && (seen.AsSession.Opening == Opening.Refusal
            ? seen.AsSession.Line.StartsWith("421 4.3.0 ", StringComparison.Ordinal)
            : seen.AsSession.Elapsed >= LongWait);

    private static bool IsLimit(string greeting) =>
        greeting.Contains("too many connections", StringComparison.OrdinalIgnoreCase)
        || greeting.Contains("connection rate limit", StringComparison.OrdinalIgnoreCase)
        || greeting.Contains("maximum number of connections", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<(Fault Fault, Severity Severity)> Served(ExaminedDestination seen)
    {
        var session = seen.AsSession;
        if (session.Offers.HasFlag(Offers.LoginDisabled))
        {
            yield return (Fault.LoginDisabled, Severity.Error);
        }

        if (ProtocolProfile.Of(seen.Protocol).IsSubmission
            && session.Offers.HasFlag(Offers.Known)
            && seen.NeedsLogin
            && !session.Offers.HasFlag(Offers.Login))
        {
            yield return (Fault.AuthHidden, Severity.Error);
        }

        if (session.Offers.HasFlag(Offers.Relay))
        {
            yield return (Fault.OpenRelay, Severity.Error);
        }

        if (session.Offers.HasFlag(Offers.StartTls))
        {
            yield return (Fault.StartTlsOfferedInside, Severity.Warning);
        }

        if (!session.HasHeader && !seen.Backend.IsIntroducedInDialogue && seen.Product is BackendKind.Postfix or BackendKind.Dovecot)
        {
            yield return (Fault.PerClientLimits, Severity.Warning);
        }
    }
}
