using TlsFront.Configuration;
using TlsFront.Diagnosis;

namespace TlsFront.Cli;

/// <summary>A <see cref="Finding"/> in JSON.</summary>
/// <param name="Id">The stable identifier.</param>
/// <param name="Severity">"error" or "warning".</param>
/// <param name="Subject">What it is about: a destination, a listener or a section of the settings.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Evidence">How it was recognised.</param>
/// <param name="Remedies">What to write where.</param>
internal sealed record DoctorFinding(
    string Id, Severity Severity, string Subject, string Message, string Evidence, IReadOnlyList<DoctorRemedy> Remedies)
{
    public static DoctorFinding Of(string subject, Finding finding) => new(
        finding.Fault.Tag(), finding.Severity, subject, finding.Sentence, finding.Evidence,
        [.. finding.Remedies.Select(static remedy => new DoctorRemedy(remedy.Where, remedy.Lines))]);
}
