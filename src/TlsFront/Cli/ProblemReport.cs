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
            var severity = problem.Severity.ToString().ToLowerInvariant().PadRight("warning".Length);
            output.WriteLine($"{problem.Origin.ToString().PadRight(width)}  {severity}  {problem.Subject}");
            output.WriteLine($"{"".PadRight(width)}           {problem.Remedy}");
        }
    }

    /// <summary>"2 errors, 1 warning"; notes ask for nothing.</summary>
    public static string Count(IReadOnlyList<Problem> problems) =>
        $"{Amount.Of(Count(problems, Severity.Error), "error")}, {Amount.Of(Count(problems, Severity.Warning), "warning")}";

    private static int Count(IReadOnlyList<Problem> problems, Severity severity) => problems.Count(problem => problem.Severity == severity);
}
