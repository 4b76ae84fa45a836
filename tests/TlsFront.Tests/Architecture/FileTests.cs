using System.Text.RegularExpressions;

namespace TlsFront.Tests.Architecture;

/// <summary>Form of the source files.</summary>
public sealed class FileTests
{
    /// <summary>A file is 200 lines as a rule; what is longer than this does two things.</summary>
    private const int MaximumLines = 350;

    /// <summary>Two files fit side by side on a wide screen.</summary>
    private const int MaximumColumns = 150;

    [Fact]
    public void No_file_is_too_long() =>
        Assert.Empty(SourceFile.All.Where(file => file.Lines > MaximumLines).Select(file => $"{file} has {file.Lines} lines"));

    [Fact]
    public void No_line_is_too_long()
    {
        var wrong = from file in SourceFile.All
                    from line in WithoutRawStrings(file).Split('\n').Index()
                    where line.Item.Length > MaximumColumns
                    select $"{file} line {line.Index + 1} has {line.Item.Length} columns";

        Assert.Empty(wrong);
    }

    [Fact]
    public void One_blank_line_is_enough() =>
        Assert.DoesNotContain(SourceFile.All, static file => WithoutRawStrings(file).Contains("\n\n\n", StringComparison.Ordinal));

    [Fact]
    public void Every_file_has_one_type_and_its_name()
    {
        var wrong = from file in SourceFile.All
                    let types = file.TopLevelTypes.ToList()
                    let name = Path.GetFileNameWithoutExtension(file.Path).Split('.', '{')[0]
                    where types is not [var type] || type != name
                    select $"{file}: {string.Join(", ", types)}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Nothing_is_left_to_do() =>
        Assert.DoesNotContain(
            SourceFile.Gateway,
            file => file.Text.Contains("TODO", StringComparison.Ordinal) || file.Text.Contains("NotImplementedException", StringComparison.Ordinal));

    /// <summary>Text of another language in a raw string literal has that language's form.</summary>
    private static string WithoutRawStrings(SourceFile file) =>
        Regex.Replace(
            file.Text, "\"\"\".*?\"\"\"", static literal => string.Join('\n', literal.Value.Split('\n').Select(static _ => "x")),
            RegexOptions.Singleline);
}
