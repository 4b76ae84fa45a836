using TlsFront.Configuration;

namespace TlsFront.Cli;

/// <summary>What <c>check-config --json</c> prints.</summary>
/// <param name="File">The file checked.</param>
/// <param name="Valid">Whether there is no error.</param>
/// <param name="Problems">Errors, warnings and notes.</param>
internal sealed record CheckConfigReport(string File, bool Valid, IReadOnlyList<CheckConfigProblem> Problems)
{
    public static CheckConfigReport Of(string file, IReadOnlyList<Problem> problems) => new(
        file,
        problems.All(problem => problem.Severity != Severity.Error),
        [.. problems.Select(problem => new CheckConfigProblem(
            problem.Severity, problem.Origin.Source, problem.Origin.Line, problem.Setting, problem.Value, problem.Message, problem.Remedy))]);
}
