using TlsFront.Compatibility;
using TlsFront.Configuration;

namespace TlsFront.Cli;

/// <summary>What <c>check-config --json</c> prints.</summary>
/// <param name="File">The file checked.</param>
/// <param name="Valid">Whether there is no error.</param>
/// <param name="Problems">Errors, warnings and notes.</param>
/// <param name="OpenSsl">Version of the OpenSSL of the native engine; null where that engine is not used.</param>
internal sealed record CheckConfigReport(string File, bool Valid, IReadOnlyList<CheckConfigProblem> Problems, string? OpenSsl)
{
    /// <summary>What clients get whose hellos were recorded; null unless asked for, and of settings with errors.</summary>
    public IReadOnlyList<ClientReport>? Clients { get; init; }

    public static CheckConfigReport Of(string file, IReadOnlyList<Problem> problems, string? openSsl) => new(
        file,
        problems.All(problem => problem.Severity != Severity.Error),
        [.. problems.Select(problem => new CheckConfigProblem(
            problem.Severity, problem.Origin.Source, problem.Origin.Line, problem.Setting, problem.Value, problem.Message, problem.Remedy))],
        openSsl);
}
