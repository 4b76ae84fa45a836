using System.Text.RegularExpressions;
using TlsFront.Configuration;
using TlsFront.Tests.Architecture;

namespace TlsFront.Tests.Configuration;

/// <summary>
/// A long file with mistakes of fifteen kinds: one run names each with its line and what to do,
/// and none hides another or gives rise to a second problem.
/// </summary>
public sealed class FifteenMistakesTests
{
    [Fact]
    public void Each_is_named_with_its_line_and_its_remedy()
    {
        var lines = File.ReadAllLines(RepositoryRoot.PathOf("tests/TlsFront.Tests/Configuration/fifteen-mistakes.yaml"));
        Assert.InRange(lines.Length, 200, 300);
        using var folder = new SettingsFolder(string.Join('\n', lines));
        Directory.CreateDirectory(folder.At("live/mail.example.com"));
        Directory.CreateDirectory(folder.At("customers"));
        File.WriteAllText(folder.At("customers.password"), "");
        File.WriteAllText(folder.At("blocked.txt"), "198.51.100.7 # noisy\n");

        var problems = folder.Load().Problems;
        var marks = lines.Select((line, index) => (Number: index + 1, Mark: Regex.Match(line, "^[^#]+# ! ([a-zA-Z0-9.]+): (.+)$")))
            .Where(entry => entry.Mark.Success)
            .ToList();
        Assert.Equal(15, marks.Count);
        Assert.Equal(
            marks.Select(entry => $"{entry.Number} {entry.Mark.Groups[1].Value}"),
            problems.Select(problem => $"{problem.Origin.Line} {problem.Setting}"));
        Assert.All(marks.Zip(problems), entry =>
        {
            Assert.Equal(folder.Path, entry.Second.Origin.Source);
            Assert.Contains(entry.First.Mark.Groups[2].Value, $"{entry.Second.Message}; {entry.Second.Remedy}", StringComparison.Ordinal);
            Assert.NotEqual("", entry.Second.Remedy);
        });
        // The open relay alone is no error: the backend may know better.
        Assert.Equal("listeners.2.authentication", Assert.Single(problems, problem => problem.Severity == Severity.Warning).Setting);
    }
}
