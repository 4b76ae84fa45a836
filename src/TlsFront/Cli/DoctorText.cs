using TlsFront.Configuration;

namespace TlsFront.Cli;

/// <summary>Writes a <see cref="DoctorReport"/> for people: the verdict first, below it how it was recognised, and lines to copy.</summary>
internal static class DoctorText
{
    public static void Write(TextWriter output, DoctorReport report)
    {
        foreach (var finding in report.Settings)
        {
            output.WriteLine(finding.Subject);
            Write(output, finding);
        }

        foreach (var destination in report.Destinations)
        {
            output.WriteLine($"{destination.Backend} {destination.Destination} ({destination.Protocol}){(destination.Ok ? ": ok" : "")}");
            if (destination.Ok)
            {
                output.WriteLine($"  seen     {destination.Seen}");
            }

            foreach (var finding in destination.Findings)
            {
                Write(output, finding);
            }
        }

        foreach (var unseen in report.Unseen)
        {
            output.WriteLine($"not seen from here: {unseen}");
        }

        var findings = report.Settings.Concat(report.Destinations.SelectMany(static destination => destination.Findings)).ToList();
        var errors = findings.Count(static finding => finding.Severity == Severity.Error);
        output.WriteLine(
            $"{report.File}: {report.Destinations.Count(static destination => destination.Ok)} of {report.Destinations.Count} destinations ok, "
            + $"{Count(errors, "error")}, {Count(findings.Count - errors, "warning")}");
    }

    private static void Write(TextWriter output, DoctorFinding finding)
    {
        output.WriteLine($"  {(finding.Severity == Severity.Error ? "error  " : "warning")}  {finding.Id}: {finding.Message}");
        output.WriteLine($"  seen     {finding.Evidence}");
        foreach (var remedy in finding.Remedies)
        {
            output.WriteLine($"  remedy   {remedy.Where}{(remedy.Lines.Count > 0 ? ":" : "")}");
            foreach (var line in remedy.Lines)
            {
                output.WriteLine($"             {line}");
            }
        }
    }

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
