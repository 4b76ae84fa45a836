using TlsFront.Configuration;
using TlsFront.Diagnosis;
using TlsFront.Protocols;

namespace TlsFront.Cli;

/// <summary>What <c>doctor --output json</c> prints, and what its text is made of.</summary>
/// <param name="File">The configuration.</param>
/// <param name="Healthy">Whether no error was found; there may be warnings.</param>
/// <param name="Settings">Findings about the gateway's own settings.</param>
/// <param name="Destinations">Every destination.</param>
/// <param name="Unseen">What cannot be seen from the gateway and may be wrong all the same.</param>
internal sealed record DoctorReport(
    string File, bool Healthy, IReadOnlyList<DoctorFinding> Settings, IReadOnlyList<DoctorDestination> Destinations, IReadOnlyList<string> Unseen)
{
    private const string HeaderChecks =
        "whether header_checks of Postfix delete the gateway's Received lines, as /^Received:/ IGNORE does: "
        + "postconf header_checks smtp_header_checks";

    private const string LimitsAfterLogin = "limits that apply after the login, such as mail_max_userip_connections of Dovecot";

    public static DoctorReport Of(string file, IEnumerable<(string Subject, Finding Finding)> settings, IReadOnlyList<Examination> examinations)
    {
        IReadOnlyList<DoctorFinding> own = [.. settings.Select(static found => DoctorFinding.Of(found.Subject, found.Finding))];
        IReadOnlyList<DoctorDestination> destinations = [.. examinations.Select(DoctorDestination.Of)];
        return new DoctorReport(
            file,
            own.Concat(destinations.SelectMany(static destination => destination.Findings)).All(static finding => finding.Severity != Severity.Error),
            own,
            destinations,
            [
                .. examinations.Any(static examination => ProtocolProfile.Of(examination.Destination.Protocol).IsSubmission)
                    ? [HeaderChecks]
                    : Array.Empty<string>(),
                .. examinations.Any(
                    static examination => ProtocolProfile.Of(examination.Destination.Protocol) is { IsUnderstood: true, IsSubmission: false })
                    ? [LimitsAfterLogin]
                    : Array.Empty<string>(),
            ]);
    }
}
