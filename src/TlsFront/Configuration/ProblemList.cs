namespace TlsFront.Configuration;

/// <summary>Collects problems, so that all are reported at once.</summary>
internal sealed class ProblemList
{
    /// <summary>More than anybody reads; bounds what a file of garbage costs.</summary>
    private const int Maximum = 1000;

    private readonly List<Problem> _problems = [];

    /// <summary>Settings with a problem found while the file was read: the rest would only repeat it.</summary>
    private readonly HashSet<string> _settled = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether no further problem would be kept.</summary>
    public bool IsFull => _problems.Count >= Maximum;

    /// <summary>Whether anything makes the settings unusable.</summary>
    public bool HasErrors => Errors > 0;

    /// <summary>How many such problems there are, as far as they were kept.</summary>
    public int Errors => _problems.Count(static problem => problem.Severity == Severity.Error);

    /// <summary>Takes over what the file's syntax gave rise to; the settings named there get no second problem.</summary>
    public void AddSyntax(IEnumerable<Problem> problems)
    {
        foreach (var problem in problems)
        {
            Keep(problem);
            _settled.Add(problem.Setting);
        }
    }

    public void Add(Severity severity, Origin origin, string setting, string? value, ValueProblem problem)
    {
        if (!_settled.Contains(setting))
        {
            Keep(new(severity, origin, setting, value, problem.Message, problem.Remedy));
        }
    }

    /// <summary>What was found, file by file and in the order of its lines; what has no line comes last.</summary>
    public IReadOnlyList<Problem> ToList() => InOrder(_problems);

    /// <inheritdoc cref="ToList"/>
    public static IReadOnlyList<Problem> InOrder(IEnumerable<Problem> problems) =>
        [.. problems.OrderBy(problem => problem.Origin.Line is null)
            .ThenBy(problem => problem.Origin.Line is null ? "" : problem.Origin.Source, StringComparer.Ordinal)
            .ThenBy(problem => problem.Origin.Line)];

    private void Keep(Problem problem)
    {
        if (!IsFull)
        {
            _problems.Add(problem);
        }
    }
}
