using System.Collections.Concurrent;
using TlsFront.Backends;
using TlsFront.Backends.Probes;
using TlsFront.Configuration;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;

namespace TlsFront.Diagnosis;

/// <summary>
/// Recognises in what probes and sessions see anyway the mistakes of a backend's configuration, and tells each once for a destination, and again
/// only after it was gone. That a server is down or silent is no such mistake; others tell it.
/// </summary>
internal sealed partial class LiveDiagnosis(ILogger<LiveDiagnosis> logger) : IDestinationObserver
{
    private readonly ConcurrentDictionary<(string Backend, string Destination), IReadOnlyList<Fault>> _reported = new();

    /// <summary>Probes of one destination never overlap.</summary>
    public void Probed(BackendSettings backend, string destination, ProbeResult result)
    {
        if (result.IsOurs)
        {
            return;
        }

        var observation = Observation.Of(result, backend.ProxyProtocol != ProxyHeaderVersion.None, backend.Tls.Mode == BackendTlsMode.Implicit);
        var findings = Diagnostician.Diagnose(new ExaminedDestination(backend, destination, result.Protocol, NeedsLogin: false, [observation]))
            .Where(static finding => finding.Severity == Severity.Error && IsMistake(finding.Fault))
            .ToList();
        var before = _reported.GetValueOrDefault((backend.Name, destination), []);
        _reported[(backend.Name, destination)] = [.. findings.Select(static finding => finding.Fault)];
        foreach (var finding in findings.Where(finding => !before.Contains(finding.Fault)))
        {
            Log.Diagnosed(logger, backend.Name, destination, finding.Fault.Tag(), finding.Sentence, finding.Evidence);
        }
    }

    public void SessionsFail(BackendSettings backend, string destination, string words)
    {
        var finding = Findings.Of(
            Fault.ProbeFineSessionsFail, Severity.Error,
            new ExaminedDestination(backend, destination, MailProtocol.Tcp, NeedsLogin: false, [new Observation()]));
        Log.Diagnosed(logger, backend.Name, destination, finding.Fault.Tag(), finding.Sentence, words);
    }

    public void LoginNotOffered(BackendSettings backend, string destination, int sessions)
    {
        var observation = new Observation
        {
            HasHeader = backend.ProxyProtocol != ProxyHeaderVersion.None,
            HasTls = backend.Tls.Mode == BackendTlsMode.Implicit
        };
        var finding = Findings.Of(
            Fault.AuthHidden, Severity.Error,
            new ExaminedDestination(backend, destination, Protocols.MailProtocol.Smtp, NeedsLogin: true, [observation]));
        Log.Diagnosed(
            logger, backend.Name, destination, finding.Fault.Tag(), finding.Sentence, $"no AUTH in its answer to EHLO, {sessions} sessions in a row");
    }

    private static bool IsMistake(Fault fault) => fault
        is Fault.ProxyNotExpected or Fault.ProxyExpected or Fault.IdentityRefused or Fault.BackendSpeaksTls or Fault.TlsFailed or Fault.LoginDisabled
            or Fault.PerClientLimits or Fault.NotTheProtocol;

    private static partial class Log
    {
        [LoggerMessage(
            910, LogLevel.Warning,
            "Backend {Backend}: destination {Destination}: {Diagnosis}: {Sentence} (seen: {Evidence}); tlsfront doctor says what to write where",
            EventName = "Diagnosed")]
        public static partial void Diagnosed(ILogger logger, string backend, string destination, string diagnosis, string sentence, string evidence);
    }
}
