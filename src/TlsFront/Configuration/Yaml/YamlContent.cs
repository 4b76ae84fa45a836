using YamlDotNet.Core;

namespace TlsFront.Configuration.Yaml;

/// <summary>A YAML file flattened to configuration keys.</summary>
/// <param name="Values">Key to value; null for what is written without a value.</param>
/// <param name="Lines">Key (sections too) to its line, from 1.</param>
/// <param name="Problems">What is wrong with the syntax.</param>
/// <param name="IsComplete">Whether the file was read to its end.</param>
internal sealed record YamlContent(
    IDictionary<string, string?> Values,
    IReadOnlyDictionary<string, int> Lines,
    IReadOnlyList<Problem> Problems,
    bool IsComplete)
{
    private const string Quoting = "check indentation, and quote values that hold any of : * [ ] { } # & ! %, such as \"*:465\"";

    /// <summary>Reads a file's content; every kind of garbage ends as a <see cref="Problem"/>, none as an exception.</summary>
    public static YamlContent Read(SettingsFile file)
    {
        if (file.Failure is not null)
        {
            return Broken(file, null, file.Failure);
        }

        if (!YamlText.TryDecode(file.Content, out var text, out var line, out var problem))
        {
            return Broken(file, line, problem);
        }

        var flattener = new YamlFlattener(file.Path);
        try
        {
            flattener.Read(new Parser(new StringReader(text)));
            return new(flattener.Values, flattener.Lines, flattener.Problems, IsComplete: true);
        }
        catch (YamlException exception)
        {
            return Broken(file, (int)Math.Max(1, exception.Start.Line), new($"is not valid YAML: {exception.Message}", Quoting));
        }
    }

    private static YamlContent Broken(SettingsFile file, int? line, ValueProblem problem) =>
        new(new Dictionary<string, string?>(), new Dictionary<string, int>(),
            [new(Severity.Error, new(file.Path, line), "", null, problem.Message, problem.Remedy)], IsComplete: false);
}
