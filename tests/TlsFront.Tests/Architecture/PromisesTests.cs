using System.Text.RegularExpressions;

namespace TlsFront.Tests.Architecture;

/// <summary>What the documents promise is tested by what they say.</summary>
public sealed partial class PromisesTests
{
    [Theory]
    [InlineData("deploy/SECURITY.md")]
    [InlineData("deploy/PROMISES.md")]
    public void Each_test_that_a_claim_names_exists(string document)
    {
        var tests = Directory.EnumerateFiles(RepositoryRoot.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(static file => TestMethod().Matches(File.ReadAllText(file)))
            .Select(static match => match.Groups[1].Value)
            .ToHashSet();
        var named = Name().Matches(File.ReadAllText(RepositoryRoot.PathOf(document)))
            .Select(static match => match.Groups[1].Value)
            .ToList();

        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, name => !tests.Contains(name));
    }

    [GeneratedRegex(@"public (?:async )?(?:Task|void) (\w+)\(")]
    private static partial Regex TestMethod();

    /// <summary>In code quotes, a capital and small letters between underscores: no setting and no capability looks like that.</summary>
    [GeneratedRegex(@"`([A-Z]\w*_[a-z]\w*)`")]
    private static partial Regex Name();
}
