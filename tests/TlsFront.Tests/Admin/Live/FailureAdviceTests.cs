using System.Text.RegularExpressions;
using TlsFront.Admin.Live;
using TlsFront.Connections;
using TlsFront.Tests.Architecture;

namespace TlsFront.Tests.Admin.Live;

public sealed class FailureAdviceTests
{
    private static readonly string Documents = File.ReadAllText(RepositoryRoot.PathOf("README.md")) + File.ReadAllText(
        RepositoryRoot.PathOf("deploy/telemetry/catalogue.md"));

    [Fact]
    public void Every_failure_has_advice_of_its_own()
    {
        var failures = Enum.GetValues<CloseReason>().Where(reason => !reason.IsSuccess()).ToList();
        Assert.All(failures, reason => Assert.InRange(FailureAdvice.For(reason).Length, 40, 250));
        Assert.Equal(failures.Count, failures.Select(FailureAdvice.For).Distinct().Count());
    }

    [Fact]
    public void Every_setting_and_metric_it_names_exists()
    {
        var named = Enum.GetValues<CloseReason>()
            .SelectMany(reason =>
                Regex.Matches(
                    FailureAdvice.For(reason), @"\b[a-z]+(\[\])?\.[a-z_]+(\.[a-z_]+)*|\b[a-z]+[A-Z][a-zA-Z]+").Select(match => match.Value))
            .Distinct()
            .ToList();
        Assert.Contains("limits.connections", named);
        Assert.Contains("maxSessions", named);
        Assert.All(named, name => Assert.Contains(name, Documents, StringComparison.Ordinal));
    }
}
