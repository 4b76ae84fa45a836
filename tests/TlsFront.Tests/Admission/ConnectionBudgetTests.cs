using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Admission;

public sealed class ConnectionBudgetTests
{
    private readonly FakeLogger _logger = new();
    private readonly SettingsStore _settings = new(TestGateway.Settings("/nowhere"));

    [Theory]
    [InlineData(null, 1024L, 384, LogLevel.Information, "limit of open files is 1024")]
    [InlineData(100, 1024L, 100, LogLevel.Information, "as limits.connections says")]
    [InlineData(5000, 1024L, 384, LogLevel.Warning, "raise it (LimitNOFILE)")]
    [InlineData(5000, null, 5000, LogLevel.Information, "as limits.connections says")]
    [InlineData(null, 10L, 1, LogLevel.Information, "limit of open files is 10")]
    public void The_limit_is_the_setting_or_what_open_files_allow_and_is_said(int? setting, long? openFiles, int limit, LogLevel level, string words)
    {
        Set(setting);
        using var budget = new ConnectionBudget(_settings, openFiles, _logger);
        Assert.Equal(limit, budget.Limit);
        Assert.Equal(level, _logger.LatestRecord.Level);
        Assert.Contains(words, _logger.LatestRecord.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reload_changes_it()
    {
        using var budget = new ConnectionBudget(_settings, 1024, _logger);
        Set(7);
        Assert.Equal(7, budget.Limit);
        Set(null);
        Assert.Equal(384, budget.Limit);
    }

    [Fact]
    public void Beyond_the_limit_connections_are_refused_and_far_beyond_not_even_accepted()
    {
        Set(10);
        using var budget = new ConnectionBudget(_settings, null, _logger);
        Assert.Equal(10, Enter(budget, 11));
        Assert.False(budget.IsExhausted);
        Assert.Equal(0, Enter(budget, 127));
        Assert.True(budget.IsExhausted);
        budget.Leave();
        Assert.False(budget.IsExhausted);
    }

    [Fact]
    public void The_limit_of_open_files_is_raised_as_far_as_the_process_may()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Null(OpenFileLimit.Raise());
            return;
        }

        var limit = OpenFileLimit.Raise();
        var line = File.ReadLines("/proc/self/limits")
            .Single(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(line[4], line[3]);
        Assert.Equal(line[4], limit?.ToString(CultureInfo.InvariantCulture) ?? "unlimited");
    }

    private static int Enter(ConnectionBudget budget, int count) => Enumerable.Range(0, count).Count(_ => budget.TryEnter());

    private void Set(int? connections) => _settings.Replace(_settings.Current with { Limits = new LimitSettings { Connections = connections } });
}
