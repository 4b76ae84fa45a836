namespace TlsFront.Tests.Architecture;

/// <summary>Form of the source files.</summary>
public sealed class FileTests
{
    /// <summary>A file is 200 lines as a rule; what is longer than this does two things.</summary>
    private const int MaximumLines = 350;

    [Fact]
    public void No_file_is_too_long() =>
        Assert.Empty(SourceFile.All.Where(file => file.Lines > MaximumLines).Select(file => $"{file} has {file.Lines} lines"));

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
        Assert.DoesNotContain(SourceFile.Gateway, file => file.Text.Contains("TODO", StringComparison.Ordinal) || file.Text.Contains("NotImplementedException", StringComparison.Ordinal));
}
