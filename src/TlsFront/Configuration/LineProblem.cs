namespace TlsFront.Configuration;

/// <summary>Something wrong with a file of lines that a setting points to, such as one of networks.</summary>
/// <param name="Line">Its line, from 1; null where the whole file is meant.</param>
/// <param name="Text">What stands there.</param>
/// <param name="Problem">What is wrong with it.</param>
internal sealed record LineProblem(int? Line, string? Text, ValueProblem Problem)
{
    /// <summary>The problem of the file at <paramref name="path"/>.</summary>
    public Problem In(string path) => new(Severity.Error, new Origin(path, Line), "", Text, Problem.Message, Problem.Remedy);
}
