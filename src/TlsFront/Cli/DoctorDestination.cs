using TlsFront.Diagnosis;
using TlsFront.Protocols;

namespace TlsFront.Cli;

/// <summary>One destination in JSON.</summary>
/// <param name="Backend">Its backend.</param>
/// <param name="Destination"><c>host:port</c>.</param>
/// <param name="Protocol">smtp, imap, pop3, sieve or tcp.</param>
/// <param name="Ok">Whether no error was found.</param>
/// <param name="Seen">What it said to a conversation such as sessions have.</param>
/// <param name="Findings">What is wrong.</param>
internal sealed record DoctorDestination(
    string Backend, string Destination, string Protocol, bool Ok, string Seen, IReadOnlyList<DoctorFinding> Findings)
{
    public static DoctorDestination Of(Examination examination)
    {
        var seen = examination.Destination;
        var subject = $"{seen.Backend.Name} {seen.Destination}";
        return new DoctorDestination(
            seen.Backend.Name, seen.Destination, ProtocolProfile.Of(seen.Protocol).Name,
            examination.Findings.All(static finding => finding.Severity != Configuration.Severity.Error),
            Words(seen),
            [.. examination.Findings.Select(finding => DoctorFinding.Of(subject, finding))]);
    }

    private static string Words(ExaminedDestination seen) => seen.AsSession switch
    {
        { IsGreeted: false } => "",
        _ when !ProtocolProfile.Of(seen.Protocol).IsUnderstood => "connected",
        var session => string.Join(
            "; ",
            new[]
            {
                session.Line, session.OfferLine, session.RelayLine.Length == 0 ? "" : $"mail for elsewhere: {session.RelayLine}"
            }.Where(static part => part.Length > 0)),
    };
}
