using TlsFront.Configuration;

namespace TlsFront.Cli;

/// <summary>Writes problems for people: where, how bad, what, and below it what to do.</summary>
internal static class ProblemReport
{
    public static void Write(TextWriter output, IReadOnlyList<Problem> problems)
    {
        var width = problems.Select(problem => problem.Origin.ToString().Length).DefaultIfEmpty().Max();
        foreach (var problem in problems)
        {
            var severity = problem.Severity == Severity.Error ? "error  " : "warning";
            output.WriteLine($"{problem.Origin.ToString().PadRight(width)}  {severity}  {problem.Subject}");
            output.WriteLine($"{"".PadRight(width)}           {problem.Remedy}");
        }
    }

    /// <summary>"2 errors, 1 warning".</summary>
    public static string Count(IReadOnlyList<Problem> problems)
    {
        var errors = problems.Count(problem => problem.Severity == Severity.Error);
        return $"{Amount.Of(errors, "error")}, {Amount.Of(problems.Count - errors, "warning")}";
    }
}
